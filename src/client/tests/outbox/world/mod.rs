//! Phones, a network and a clock, drawn from a seed.

mod chance;
mod figures;
mod flaw;
mod network;
mod storage;
mod verdict;

pub use figures::Figures;
pub use flaw::Flaw;

use crate::server::{Faults, Server, refused};
use chance::Chance;
use client::Error;
use client::outbox::{
    Action, Answer, Entry, Errand, Event, NotSent, Outbox, Outcome, Progress, TRACE_FOR,
};
use domain::id::MemberId;
use domain::problem::ProblemKind;
use std::collections::{BTreeMap, BTreeSet};

/// When a world begins, in milliseconds.
const START: i64 = 1_795_315_351_000;
/// How long it is bad, in milliseconds.
const BAD_FOR: i64 = 8 * 60_000;
/// How long the client waits for an answer to a write, in milliseconds.
const TIMEOUT: i64 = 20_000;
/// After so many steps a world that has not ended never does.
const MOST_STEPS: u32 = 60_000;

/// An open tab: which phone, which tab of it, and how often it was opened anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    phone: usize,
    tab: usize,
    life: u32,
}

#[derive(Debug, Default)]
struct Tab {
    outbox: Outbox,
    life: u32,
    is_open: bool,
    is_slow: bool,
    /// When it first looked: what was over before that is nothing to it.
    looked_at: Option<i64>,
}

struct Phone {
    member: MemberId,
    is_signed_in: bool,
    is_online: bool,
    is_full: bool,
    drawer: BTreeMap<String, Entry>,
    /// What a device that lies has not written yet.
    only_said: BTreeMap<String, Entry>,
    /// Storage does one thing after the other.
    busy_until: i64,
    tabs: Vec<Tab>,
}

#[derive(Clone, Debug)]
enum Storage {
    Keep(Entry, Vec<String>),
    Settle(Entry),
    Forget(Entry),
    Look,
}

#[derive(Clone, Debug)]
enum Request {
    Place(Entry),
    Ask(Entry),
}

#[derive(Clone, Debug)]
enum Step {
    Tap(usize, usize),
    Storage(Place, Storage),
    Arrives(Place, u32, Request),
    Answer(Place, String, u32, Result<String, Error>),
    Wakes(Place, String, u32),
    TakesIn(Place, Entry),
    Kill(usize, usize),
    Opens(usize, usize),
    Network(usize, bool),
    Full(usize, bool),
    Session(usize, bool),
    Restock,
    Jump(i64),
}

pub struct World {
    chance: Chance,
    flaw: Option<Flaw>,
    now: i64,
    count: u64,
    queue: BTreeMap<(i64, u64), Step>,
    server: Server,
    phones: Vec<Phone>,
    is_bad: bool,
    taps: u32,
    figures: Figures,
    /// Every key that was ever kept, or said to be.
    kept: BTreeSet<String>,
    /// Keys whose "done" or "refused" has come to a phone.
    answered: BTreeSet<String>,
    told: BTreeMap<String, BTreeSet<&'static str>>,
    /// Tabs whose entry was not kept, with the key that was in its way: each must hear of that one.
    owed: Vec<(Place, String)>,
    /// What was taken in, on which phone, and when.
    over: Vec<(Place, Entry, i64)>,
    /// Of what which tab has heard the end.
    heard: Vec<(Place, String)>,
    /// What was pressed in a tab that had not heard of the end of the other one yet.
    blind: Vec<(String, String)>,
    trouble: Option<String>,
}

impl World {
    pub fn new(seed: u64, flaw: Option<Flaw>) -> Self {
        let mut chance = Chance(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5eed);
        let faults = Faults {
            forgets_keys: flaw == Some(Flaw::KeysForgotten),
            forgets_refusals: flaw == Some(Flaw::RefusalsForgotten),
        };
        let stock = chance.below(8) as u32;
        let phone = |member: &str, tabs: usize| Phone {
            member: member.into(),
            is_signed_in: true,
            is_online: true,
            is_full: false,
            drawer: BTreeMap::new(),
            only_said: BTreeMap::new(),
            busy_until: START,
            tabs: (0..tabs).map(|_| Tab::default()).collect(),
        };
        let mut world = Self {
            phones: vec![phone("lin", 2), phone("chen", 1)],
            server: Server::new(stock, faults),
            chance,
            flaw,
            now: START,
            count: 0,
            queue: BTreeMap::new(),
            is_bad: true,
            taps: 0,
            figures: Figures::default(),
            kept: BTreeSet::new(),
            answered: BTreeSet::new(),
            told: BTreeMap::new(),
            owed: Vec::new(),
            over: Vec::new(),
            heard: Vec::new(),
            blind: Vec::new(),
            trouble: None,
        };
        world.plan();
        world
    }

    /// What people, the network and the phones do, whatever comes of it.
    fn plan(&mut self) {
        for (phone, tab) in [(0, 0), (0, 1), (1, 0)] {
            self.at(1, Step::Opens(phone, tab));
            for _ in 0..2 + self.chance.below(3) {
                let when = self.when();
                self.at(when, Step::Tap(phone, tab));
                if self.chance.is(30) {
                    // Twice, because nothing seemed to happen.
                    self.at_about(when + 1, 400, Step::Tap(phone, tab));
                }
                if phone == 0 && self.chance.is(30) {
                    // In the other tab at the same time.
                    self.at_about(when, 30, Step::Tap(0, 1 - tab));
                }
                if self.chance.is(50) {
                    self.at_about(when, 3_000, Step::Kill(phone, tab));
                }
            }
        }
        for phone in 0..self.phones.len() {
            for _ in 0..self.chance.below(3) {
                let when = self.when();
                self.at(when, Step::Network(phone, false));
                let back = when + self.chance.below(120_000);
                self.at(back, Step::Network(phone, true));
            }
            if self.chance.is(15) {
                let when = self.when();
                self.at(when, Step::Full(phone, true));
                self.at_about(when, 60_000, Step::Full(phone, false));
            }
            if self.chance.is(25) {
                let when = self.when();
                self.at(when, Step::Session(phone, false));
                self.at_about(when, 90_000, Step::Session(phone, true));
            }
        }
        for _ in 0..3 {
            let when = self.when();
            self.at(when, Step::Restock);
        }
        if self.chance.is(15) {
            // The phone lies somewhere, asleep.
            let when = self.when();
            let hours = [1, 19, 26, 50][self.chance.below(4) as usize];
            self.at(when, Step::Jump(hours * 3_600_000));
        }
    }

    fn when(&mut self) -> i64 {
        2 + self.chance.below(BAD_FOR)
    }

    /// Some time after that, but not long.
    fn at_about(&mut self, after: i64, most: i64, step: Step) {
        let after = after + self.chance.below(most);
        self.at(after, step);
    }

    fn at(&mut self, after: i64, step: Step) {
        self.count += 1;
        self.queue.insert((self.now + after, self.count), step);
    }

    pub fn run(mut self) -> Result<Figures, String> {
        let heals = START + BAD_FOR;
        while let Some(((at, _), step)) = self.queue.pop_first() {
            if self.is_bad && at >= heals && self.now >= heals.min(at) {
                self.queue.insert((at, self.count + 1), step);
                self.count += 1;
                self.heal(at);
                continue;
            }
            self.now = self.now.max(at);
            self.figures.steps += 1;
            if self.figures.steps > u64::from(MOST_STEPS) {
                return Err("it never ends".to_owned());
            }
            self.step(step);
            if let Some(trouble) = self.trouble.take() {
                return Err(trouble);
            }
            if self.queue.is_empty() && self.is_bad {
                self.heal(heals);
            }
        }
        self.check()
    }

    /// From now on everything works, and every phone is looked at once more.
    fn heal(&mut self, at: i64) {
        self.now = self.now.max(at);
        self.is_bad = false;
        for phone in 0..self.phones.len() {
            self.at(1, Step::Full(phone, false));
            self.at(2, Step::Network(phone, true));
            self.at(3, Step::Session(phone, true));
            for tab in 0..self.phones[phone].tabs.len() {
                self.at(4, Step::Opens(phone, tab));
            }
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Tap(phone, tab) => self.tap(phone, tab),
            Step::Storage(place, storage) => self.store(place, storage),
            Step::Arrives(place, turn, request) => self.arrive(place, turn, request),
            Step::Answer(place, key, turn, answer) => {
                if !self.is_here(place) {
                    return;
                }
                if answer.as_ref().err().is_some_and(Error::is_not_signed_in) {
                    // The whole page hears of it.
                    self.phones[place.phone].is_signed_in = false;
                    self.members(place.phone);
                    // Sooner or later they sign in again.
                    self.at_about(1, 90_000, Step::Session(place.phone, true));
                }
                let answer = match Answer::of(answer.clone()) {
                    Answer::Lost(_)
                        if self.flaw == Some(Flaw::FailureIsRefusal)
                            && answer != Err(Error::TimedOut) =>
                    {
                        Answer::of(Err(refused(ProblemKind::Unnamed))).into_refusal()
                    }
                    heard => heard,
                };
                if matches!(answer, Answer::Done(_)) {
                    self.answered.insert(key.clone());
                }
                if matches!(answer, Answer::Lost(_)) && self.flaw == Some(Flaw::ForgottenWhenLost) {
                    self.phones[place.phone]
                        .drawer
                        .retain(|_, entry| entry.key != key);
                }
                self.handle(place, Event::Answered(key, turn, answer));
            }
            Step::Wakes(place, key, turn) => self.handle(place, Event::Woke(key, turn)),
            Step::TakesIn(place, entry) => self.handle(place, Event::TakenIn(entry.key)),
            Step::Kill(phone, tab) => self.kill(phone, tab),
            Step::Opens(phone, tab) => self.open(phone, tab),
            Step::Network(phone, is_online) => {
                self.phones[phone].is_online = is_online;
                if is_online {
                    for place in self.open_tabs(phone) {
                        self.handle(place, Event::Online);
                    }
                }
            }
            Step::Full(phone, is_full) => self.phones[phone].is_full = is_full,
            Step::Session(phone, is_open) => {
                self.phones[phone].is_signed_in = is_open;
                self.members(phone);
            }
            Step::Restock => self.server.stock += 2,
            Step::Jump(ms) => {
                // No request is on its way for hours.
                self.queue
                    .retain(|_, step| !matches!(step, Step::Arrives(..)));
                self.now += ms;
            }
        }
    }

    fn tap(&mut self, phone: usize, tab: usize) {
        let Some(place) = self
            .open_tabs(phone)
            .into_iter()
            .find(|place| place.tab == tab)
        else {
            return;
        };
        if !self.phones[phone].is_signed_in {
            return;
        }
        self.taps += 1;
        self.figures.taps += 1;
        let errand = if self.chance.is(60) {
            Errand::Order
        } else {
            Errand::Return("7".into())
        };
        let entry = Entry {
            key: format!("{phone}-{tab}-{}", self.taps),
            owner: self.phones[phone].member.clone(),
            errand,
            body: "{}".to_owned(),
            made_at: self.now,
            outcome: None,
            gone_at: None,
        };
        // Who knows of the last one knows of all before.
        let mut over = self.over.iter().rev();
        let last = over.find(|(by, other, _)| by.phone == phone && other.name() == entry.name());
        if let Some((_, other, gone)) = last {
            let has_heard = self.heard.contains(&(place, other.key.clone()));
            let looked_at = self.phones[phone].tabs[tab].looked_at;
            let lately = self.now - gone < TRACE_FOR && looked_at.is_none_or(|at| at <= *gone);
            if !has_heard && lately {
                self.blind.push((entry.key.clone(), other.key.clone()));
            }
        }
        self.handle(place, Event::Submit(entry));
    }

    fn handle(&mut self, place: Place, event: Event) {
        if !self.is_here(place) {
            return;
        }
        let random = self.chance.below(1_000) as f64 / 1_000.0;
        let now = self.now;
        let tab = &mut self.phones[place.phone].tabs[place.tab];
        for action in tab.outbox.handle(event, now, random) {
            self.act(place, action);
        }
    }

    fn act(&mut self, place: Place, action: Action) {
        match action {
            Action::Keep(entry, heard) => {
                if self.flaw == Some(Flaw::SentBeforeKept) {
                    self.kept.insert(entry.key.clone());
                    self.storage(place, Storage::Keep(entry.clone(), heard));
                    self.handle(place, Event::Kept(entry.key));
                } else {
                    self.storage(place, Storage::Keep(entry, heard));
                }
            }
            Action::Settle(entry) => self.storage(place, Storage::Settle(entry)),
            Action::Forget(entry) => self.storage(place, Storage::Forget(entry)),
            Action::Send(mut entry, turn) => {
                self.figures.sent += 1;
                if !self.kept.contains(&entry.key) {
                    self.trouble = Some(format!("{} was sent before it was kept", entry.key));
                }
                if self.flaw == Some(Flaw::DoneWhenSent) {
                    let done = Progress::Known(Outcome::Done(String::new()));
                    self.act(place, Action::Tell(entry.clone(), done));
                }
                let key = entry.key.clone();
                if self.flaw == Some(Flaw::NewKeyOnRetry) && turn > 1 {
                    entry.key = format!("{key}+{turn}");
                }
                self.request(place, key, turn, Request::Place(entry));
            }
            Action::Ask(entry, turn) => {
                self.figures.asked += 1;
                self.request(place, entry.key.clone(), turn, Request::Ask(entry));
            }
            Action::Wait(key, turn, ms) => {
                self.at(i64::from(ms), Step::Wakes(place, key, turn));
            }
            Action::Tell(entry, progress) => self.tell(place, entry, progress),
        }
    }

    fn tell(&mut self, place: Place, entry: Entry, progress: Progress) {
        let word = match &progress {
            Progress::Sending | Progress::Checking | Progress::SignInFirst => return,
            Progress::Known(Outcome::Done(_)) => {
                self.figures.done += 1;
                if !self.answered.contains(&entry.key) {
                    self.trouble =
                        Some(format!("{} was told as done before any answer", entry.key));
                }
                "done"
            }
            Progress::Known(Outcome::Refused(_)) => {
                self.figures.refused += 1;
                "refused"
            }
            Progress::Known(Outcome::Lapsed) => {
                self.figures.lapsed += 1;
                "lapsed"
            }
            Progress::NotSent(NotSent::NoRoom) => {
                self.figures.no_room += 1;
                "no room"
            }
            Progress::NotSent(NotSent::UnderWay) => {
                self.figures.under_way += 1;
                "under way"
            }
            Progress::Elsewhere => {
                self.figures.elsewhere += 1;
                "elsewhere"
            }
        };
        self.told.entry(entry.key.clone()).or_default().insert(word);
        if matches!(progress, Progress::Known(_) | Progress::Elsewhere) {
            self.owed.retain(|owed| *owed != (place, entry.key.clone()));
            self.heard.push((place, entry.key.clone()));
        }
        if matches!(progress, Progress::Known(_)) {
            // The page does what follows, unless it is closed before.
            let after = 1 + self.chance.below(200);
            self.at(after, Step::TakesIn(place, entry));
        }
    }

    fn members(&mut self, phone: usize) {
        let there = &self.phones[phone];
        let member = there.is_signed_in.then(|| there.member.clone());
        for place in self.open_tabs(phone) {
            self.handle(place, Event::Member(member.clone()));
        }
    }

    fn open(&mut self, phone: usize, tab: usize) {
        let is_slow = self.chance.is(15);
        let there = &mut self.phones[phone].tabs[tab];
        if !there.is_open {
            *there = Tab {
                outbox: Outbox::default(),
                life: there.life + 1,
                is_open: true,
                is_slow,
                looked_at: None,
            };
        }
        let place = Place {
            phone,
            tab,
            life: self.phones[phone].tabs[tab].life,
        };
        let there = &self.phones[phone];
        let member = there.is_signed_in.then(|| there.member.clone());
        self.handle(place, Event::Member(member));
        self.storage(place, Storage::Look);
    }

    fn kill(&mut self, phone: usize, tab: usize) {
        if !self.is_bad {
            return;
        }
        let there = &mut self.phones[phone];
        if !std::mem::replace(&mut there.tabs[tab].is_open, false) {
            return;
        }
        self.figures.kills += 1;
        // What was only said to be written is gone with the power.
        there.only_said.clear();
        let after = 1 + self.chance.below(60_000);
        self.at(after, Step::Opens(phone, tab));
    }

    fn is_here(&self, place: Place) -> bool {
        let tab = &self.phones[place.phone].tabs[place.tab];
        tab.is_open && tab.life == place.life
    }

    fn open_tabs(&self, phone: usize) -> Vec<Place> {
        let tabs = self.phones[phone].tabs.iter().enumerate();
        let open = tabs.filter(|(_, tab)| tab.is_open);
        open.map(|(tab, there)| Place {
            phone,
            tab,
            life: there.life,
        })
        .collect()
    }
}

trait IntoRefusal {
    fn into_refusal(self) -> Answer;
}

impl IntoRefusal for Answer {
    /// What a page says that takes a failure for a no.
    fn into_refusal(self) -> Answer {
        Answer::Refused(domain::problem::Problem::new(ProblemKind::QuoteChanged, ""))
    }
}
