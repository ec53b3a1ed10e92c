//! The outbox in the page: it does what `client::outbox` decides. What lies in it is kept in the
//! device's drawer, one entry an errand, shared by all open tabs. Only pages that are parts
//! of the wasm reach this code, so it is not in the first load.

use super::Stores;
use super::session::INTENT;
use crate::browser::drawer::{self, Change, NotKept};
use crate::browser::{new_key, now_ms, on_window, storage};
use crate::view::task;
use client::json;
use client::outbox::{Action, Answer, Entry, Errand, Event, NotSent, Outbox, Progress, TRACE_FOR};
use client::transport::Transport;
use domain::id::MemberId;
use leptos::prelude::*;
use serde::Serialize;
use std::cell::RefCell;
use std::rc::Rc;

/// What somebody wants done once, and how far it is.
#[derive(Clone, Copy, Debug)]
pub struct Post {
    outbox: StoredValue<Outbox>,
    /// How far each errand is that is not over; what is over waits here until it is taken in.
    told: RwSignal<Vec<(Entry, Progress)>>,
    /// Whether the drawer was looked into: before that it is not known what is under way.
    looked: RwSignal<bool>,
    member: RwSignal<Option<MemberId>>,
    /// The keys of what was begun on this page.
    begun: StoredValue<Vec<String>>,
}

impl Post {
    pub(super) fn new() -> Self {
        Self {
            outbox: StoredValue::new(Outbox::default()),
            told: RwSignal::new(Vec::new()),
            looked: RwSignal::new(false),
            member: RwSignal::new(None),
            begun: StoredValue::new(Vec::new()),
        }
    }

    /// Has something done once. Nothing happens while the same errand is under way.
    pub fn submit(&self, errand: Errand, request: &impl Serialize, stores: Stores) {
        let (Some(owner), Ok(body)) = (member(stores), serde_json::to_string(request)) else {
            return;
        };
        let entry = Entry {
            key: new_key(),
            owner,
            errand,
            body,
            made_at: now_ms(),
            outcome: None,
            gone_at: None,
        };
        self.begun
            .update_value(|begun| begun.push(entry.key.clone()));
        // What could not leave before stands in nobody's way.
        self.told.update(|told| {
            let left = |(there, how): &(Entry, Progress)| {
                there.errand == entry.errand && matches!(how, Progress::NotSent(_))
            };
            told.retain(|one| !left(one));
        });
        // A hint for the next page, so that it fetches this code: the entry itself is in the drawer.
        storage::write(INTENT, &true);
        self.handle(Event::Submit(entry), stores);
    }

    /// How far an errand is; `None` when nothing of it is under way.
    pub fn progress(&self, errand: &Errand) -> Option<Progress> {
        let member = self.member.get();
        self.told.with(|told| {
            let mut told = told.iter();
            let told = told.find(|(entry, _)| {
                // Whose session is over may be back; nobody else sees anything of theirs.
                let is_theirs = member.as_ref().is_none_or(|member| *member == entry.owner);
                is_theirs && entry.errand == *errand
            });
            told.map(|(_, progress)| progress.clone())
        })
    }

    /// Whether an errand is on its way: nothing is offered then that could do it once more.
    pub fn is_under_way(&self, errand: &Errand) -> bool {
        use Progress::{Checking, Sending, SignInFirst};
        matches!(
            self.progress(errand),
            Some(Sending | Checking | SignInFirst)
        )
    }

    /// Whether an entry was begun on this page, and not on one before or in another tab.
    pub fn is_of_this_page(&self, entry: &Entry) -> bool {
        self.begun.with_value(|begun| begun.contains(&entry.key))
    }

    /// Whether it is certain that nothing of an errand is under way, in whatever tab.
    pub fn is_idle(&self, errand: &Errand) -> bool {
        let progress = self.progress(errand);
        self.looked.get() && matches!(progress, None | Some(Progress::NotSent(NotSent::NoRoom)))
    }

    /// Everything that is told and not taken in.
    pub fn told(&self) -> Vec<(Entry, Progress)> {
        self.told.get()
    }

    /// Everything that follows from an outcome is done: the entry is forgotten.
    pub fn taken_in(&self, entry: &Entry, stores: Stores) {
        self.forget(&entry.key);
        self.handle(Event::TakenIn(entry.key.clone()), stores);
    }

    /// Forgets that something was told.
    pub fn forget(&self, key: &str) {
        self.told
            .update(|told| told.retain(|(entry, _)| entry.key != key));
    }

    /// Goes on with what lies in the drawer, and follows whatever may move it: another tab, the
    /// network, the member.
    pub fn watch(&self, stores: Stores) {
        let post = *self;
        let signed_in = Memo::new(move |_| {
            let member = stores.session.member;
            member.with(|member| member.as_ref().map(|member| member.id.clone()))
        });
        Effect::new(move |_| {
            let member = signed_in.get();
            post.member.set(member.clone());
            post.handle(Event::Member(member.clone()), stores);
            if member.is_none() && !storage::has(INTENT) {
                // Signed out: nothing of theirs stays on this device.
                post.look(stores, true);
            }
        });
        let look = move || post.look(stores, false);
        drawer::on_change(look);
        on_window("pageshow", move |_| look());
        on_window("focus", move |_| look());
        Effect::new(move |_| {
            if stores.online.get() {
                post.handle(Event::Online, stores);
            }
        });
        look();
    }

    /// Reads what lies in the drawer; `clear` takes out what is nobody's here.
    fn look(&self, stores: Stores, clear: bool) {
        let post = *self;
        task(async move {
            // A drawer that does not open has nothing in it.
            let texts = drawer::all().await.unwrap_or_default();
            let texts = texts.iter();
            let entries = texts.filter_map(|text| json::decode::<Entry>(text).ok());
            let now = now_ms();
            let (keep, go): (Vec<_>, Vec<_>) = entries.partition(|entry| {
                let is_theirs = member(stores).as_ref() == Some(&entry.owner);
                (!clear || is_theirs) && !entry.is_over(now)
            });
            for entry in go {
                let _ = take_out(&entry).await;
            }
            // A trace is nothing that is under way.
            if keep.iter().all(|entry| entry.gone_at.is_some()) {
                storage::forget(INTENT);
            }
            post.handle(Event::Found(keep), stores);
            post.looked.set(true);
        });
    }

    fn handle(&self, event: Event, stores: Stores) {
        let random = js_sys::Math::random();
        let todo = self
            .outbox
            .try_update_value(|outbox| outbox.handle(event, now_ms(), random));
        for action in todo.into_iter().flatten() {
            self.act(action, stores);
        }
    }

    fn act(&self, action: Action, stores: Stores) {
        let post = *self;
        if let Action::Tell(entry, progress) = action {
            return post.tell(entry, progress);
        }
        task(async move {
            let client = stores.client();
            let event = match action {
                Action::Tell(..) => return,
                Action::Keep(entry, heard) => {
                    let text = serde_json::to_string(&entry).unwrap_or_default();
                    let name = entry.name();
                    let other = Rc::new(RefCell::new(None));
                    let seen = Rc::clone(&other);
                    let kept = drawer::change(&name, move |there| {
                        let Some(there) = there else {
                            return Change::Put(text);
                        };
                        // What cannot be read, a newer page's, is left alone.
                        match json::decode::<Entry>(&there) {
                            Ok(there) if !there.is_in_the_way(&heard) => Change::Put(text),
                            there => {
                                *seen.borrow_mut() = there.ok();
                                Change::Nothing
                            }
                        }
                    });
                    let is_kept = matches!(kept.await, Ok(true));
                    if is_kept {
                        // Another look may have found the drawer empty a moment ago.
                        storage::write(INTENT, &true);
                    }
                    match other.take() {
                        _ if is_kept => Event::Kept(entry.key),
                        Some(other) => {
                            post.handle(Event::InTheWay(entry.key, other), stores);
                            return post.look(stores, false);
                        }
                        None => Event::NotKept(entry.key),
                    }
                }
                Action::Send(entry, turn) => {
                    let answer = client.intents().send(&entry).await;
                    heeded(entry.key, turn, answer, stores)
                }
                Action::Ask(entry, turn) => {
                    let answer = client.intents().ask(&entry.key).await;
                    heeded(entry.key, turn, answer, stores)
                }
                Action::Wait(key, turn, ms) => {
                    client::browser::Browser.sleep(ms).await;
                    Event::Woke(key, turn)
                }
                Action::Settle(entry) => {
                    let text = serde_json::to_string(&entry).unwrap_or_default();
                    let key = entry.key.clone();
                    // If it cannot be kept, the key can be asked for again.
                    let _ = drawer::change(&entry.name(), move |there| {
                        if is_under_way(&there, &key) {
                            Change::Put(text)
                        } else {
                            Change::Nothing
                        }
                    })
                    .await;
                    Event::Settled(entry.key)
                }
                Action::Forget(entry) => {
                    // If it cannot be taken out, its outcome is told once more.
                    let (name, key, whole) = (entry.name(), entry.key.clone(), entry.clone());
                    let left = drawer::change(&name, move |there| {
                        if is_under_way(&there, &key) {
                            let trace = whole.trace(now_ms());
                            Change::Put(serde_json::to_string(&trace).unwrap_or_default())
                        } else {
                            Change::Nothing
                        }
                    });
                    if left.await.is_err() {
                        // A device that is full has no room for its trace.
                        let _ = take_out(&entry).await;
                    }
                    // Perhaps it was the last.
                    post.look(stores, false);
                    client::browser::Browser.sleep(TRACE_FOR as u32).await;
                    return post.look(stores, false);
                }
            };
            post.handle(event, stores);
        });
    }

    fn tell(&self, entry: Entry, progress: Progress) {
        self.told.update(|told| {
            told.retain(|(there, _)| there.key != entry.key);
            told.push((entry, progress));
        });
    }
}

/// What a request came to. A session that is over is over in the whole page.
fn heeded(key: String, turn: u32, answer: Result<String, client::Error>, stores: Stores) -> Event {
    if let Err(error) = &answer {
        stores.session.heed(error);
    }
    Event::Answered(key, turn, Answer::of(answer))
}

async fn take_out(entry: &Entry) -> Result<bool, NotKept> {
    let key = entry.key.clone();
    drawer::change(&entry.name(), move |there| {
        if is(&there, &key) {
            Change::TakeOut
        } else {
            Change::Nothing
        }
    })
    .await
}

/// Whether this is the entry of that key, or its trace.
fn is(there: &Option<String>, key: &str) -> bool {
    read(there).is_some_and(|there| there.key == key)
}

/// Whether this is the entry of that key, and not its trace.
fn is_under_way(there: &Option<String>, key: &str) -> bool {
    read(there).is_some_and(|there| there.key == key && there.gone_at.is_none())
}

fn read(there: &Option<String>) -> Option<Entry> {
    json::decode(there.as_deref()?).ok()
}

/// Who is signed in.
fn member(stores: Stores) -> Option<MemberId> {
    let member = stores.session.member;
    member.with_untracked(|member| member.as_ref().map(|member| member.id.clone()))
}
