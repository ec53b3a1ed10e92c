//! Several acts in one commit. Every act is done or undone by itself; all that is done has its events,
//! numbered without a gap, in the very same write.

use super::act::Act;
use super::{hosting, member, not_found, room, whole};
use crate::clock::Clock;
use crate::problem::Trouble;
use crate::store::desk_intents::{self, DeskIntent};
use crate::store::intents::{self, Answered, Intent};
use crate::store::{Store, StoreError, Writing};
use domain::id::{MemberId, ShowId};
use domain::live::{Event, Limit, Room, What};
use domain::show::ShowState;
use domain::time::Moment;
use domain::video::host_clock;
use serde::Serialize;
use std::collections::HashMap;

/// After how many events what they come to is written down.
const CHECKPOINT_EVERY: u32 = 500;

/// The rooms that are at hand, as the last commit has left them.
pub(crate) type Rooms = HashMap<ShowId, Room>;

/// How fast each member goes; see [`Limit`]. Forgotten with the process.
#[derive(Debug, Default)]
pub(crate) struct Limits(HashMap<(MemberId, Limit), i64>);

impl Limits {
    /// Takes one, or says how long to wait.
    pub(super) fn take(
        &mut self,
        member: &MemberId,
        limit: Limit,
        now: Moment,
    ) -> Result<(), StoreError> {
        if self.0.len() > 10_000 {
            self.0.retain(|_, full_at| *full_at > now.ms);
        }
        let full_at = self.0.entry((member.clone(), limit)).or_default();
        *full_at = limit.take(*full_at, now.ms).map_err(too_fast)?;
        Ok(())
    }
}

/// So many milliseconds too early.
pub(super) fn too_fast(wait: i64) -> StoreError {
    StoreError::TooFast(u32::try_from((wait + 999) / 1_000).unwrap_or(u32::MAX))
}

/// What acts have come to.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// What each act is answered, in their order.
    pub(crate) answers: Vec<Result<Answered, StoreError>>,
    /// What has happened, by show, in order.
    pub(crate) happened: HashMap<ShowId, Vec<Event>>,
}

/// What one act has come to.
pub(super) struct Done {
    pub(super) happened: Vec<What>,
    /// What it is answered; without a body: 204.
    pub(super) body: Option<String>,
    /// The room before the events, where it has become another one otherwise.
    pub(super) room: Option<Room>,
}

impl Done {
    pub(super) fn said(happened: Vec<What>, answer: &impl Serialize) -> Result<Self, StoreError> {
        Ok(Self {
            happened,
            body: Some(intents::json(answer)?),
            room: None,
        })
    }

    pub(super) fn silent(happened: Vec<What>) -> Self {
        Self {
            happened,
            body: None,
            room: None,
        }
    }
}

impl Store {
    /// Does all of these in one commit. `rooms` are changed only if that succeeds. Of what has happened
    /// in a show at least the last `stored` are kept.
    pub(crate) async fn in_one_commit(
        &self,
        acts: &[(ShowId, Act)],
        rooms: &mut Rooms,
        limits: &mut Limits,
        clock: &Clock,
        stored: u32,
    ) -> Result<Batch, StoreError> {
        let mut writing = self.write().await?;
        let (mut batch, mut scratch, mut wrote) = (Batch::default(), Rooms::new(), false);
        let mut checkpoints = Vec::new();
        for (show, act) in acts {
            let now = clock.now();
            if !scratch.contains_key(show) {
                let known = rooms.get(show);
                match room::up_to_date(&mut writing, show, known, clock).await? {
                    Some((room, fresh)) => {
                        wrote |= fresh;
                        scratch.insert(show.clone(), room);
                    }
                    None => {
                        batch.answers.push(Err(not_found()));
                        continue;
                    }
                }
            }
            let Some(room) = scratch.get_mut(show) else {
                continue;
            };
            let savepoint = "SAVEPOINT act";
            sqlx::query(savepoint).execute(&mut *writing).await?;
            match one(&mut writing, show, room, act, limits, clock, now).await {
                Ok((answered, done)) => {
                    sqlx::query("RELEASE act").execute(&mut *writing).await?;
                    wrote |= writes(act, &done) && !answered.replayed;
                    if let Some(changed) = done.room {
                        *room = changed;
                        checkpoints.push(show.clone());
                    }
                    let events = batch.happened.entry(show.clone()).or_default();
                    let said = host_clock(now.ms, act.said_at());
                    for what in done.happened {
                        events.push(happens(&mut writing, show, room, what, now, said).await?);
                    }
                    batch.answers.push(Ok(answered));
                }
                Err(error @ StoreError::Database(_)) => return Err(error),
                Err(error) => {
                    sqlx::query("ROLLBACK TO act")
                        .execute(&mut *writing)
                        .await?;
                    sqlx::query("RELEASE act").execute(&mut *writing).await?;
                    batch.answers.push(Err(error));
                }
            }
        }
        batch.happened.retain(|_, events| !events.is_empty());
        for (show, events) in &batch.happened {
            let Some(room) = scratch.get(show) else {
                continue;
            };
            let last = room.last_event_id;
            let first = events.first().map_or(last, |event| event.id);
            if last / CHECKPOINT_EVERY != (first - 1) / CHECKPOINT_EVERY {
                checkpoints.push(show.clone());
            }
            sqlx::query("UPDATE shows SET last_event = ?2 WHERE id = ?1")
                .bind(show.as_str())
                .bind(last)
                .execute(&mut *writing)
                .await?;
        }
        for show in checkpoints {
            if let Some(room) = scratch.get(&show) {
                room::keep(&mut writing, &show, room).await?;
                forget_old(&mut writing, &show, room.last_event_id, stored).await?;
            }
        }
        // What has only looked leaves nothing to be committed.
        if wrote {
            writing.commit().await?;
        }
        rooms.extend(scratch);
        Ok(batch)
    }
}

/// Whether an act has written something: events, or what members have done.
fn writes(act: &Act, done: &Done) -> bool {
    let counts = matches!(
        act,
        Act::Look | Act::Goods | Act::Counts { .. } | Act::Air { .. }
    );
    !counts || !done.happened.is_empty()
}

/// Writes down what has happened.
async fn happens(
    writing: &mut Writing,
    show: &ShowId,
    room: &mut Room,
    what: What,
    now: Moment,
    clock: i64,
) -> Result<Event, StoreError> {
    let event = Event {
        id: room.last_event_id.saturating_add(1),
        at: whole(now),
        clock: Some(clock),
        what,
    };
    sqlx::query("INSERT INTO live_events (show, id, at, clock, what) VALUES (?, ?, ?, ?, ?)")
        .bind(show.as_str())
        .bind(event.id)
        .bind(event.at.ms)
        .bind(clock)
        .bind(intents::json(&event.what)?)
        .execute(&mut **writing)
        .await?;
    room.take(&event);
    Ok(event)
}

async fn forget_old(
    writing: &mut Writing,
    show: &ShowId,
    last: u32,
    stored: u32,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM live_events WHERE show = ?1 AND id <= ?2")
        .bind(show.as_str())
        .bind(i64::from(last) - i64::from(stored))
        .execute(&mut **writing)
        .await?;
    Ok(())
}

async fn one(
    writing: &mut Writing,
    show: &ShowId,
    room: &Room,
    act: &Act,
    limits: &mut Limits,
    clock: &Clock,
    now: Moment,
) -> Result<(Answered, Done), StoreError> {
    match act {
        Act::Member {
            member,
            language,
            key,
            what,
        } => {
            let (place, said) = what.said();
            let place = format!("shows/{show}/{place}");
            let intent = match key {
                Some(key) => Some(Intent::new(member, key, &place, &said)?),
                None => None,
            };
            if let Some(intent) = &intent
                && let Some(answered) = intents::before(writing, intent).await?
            {
                return Ok((answered, Done::silent(Vec::new())));
            }
            let asking = member::Asking {
                show,
                room,
                member,
                language: *language,
                clock,
                now,
            };
            let done = member::act(writing, &asking, what, limits).await;
            let Some(intent) = intent else {
                return done.map(unkeyed);
            };
            let (status, body, done) = settled(writing, done).await?;
            let answered = intents::keep(writing, &intent, status, body, now).await?;
            Ok((answered, done))
        }
        Act::Host {
            staff,
            language,
            key,
            what,
        } => {
            let (place, said) = what.said();
            let place = format!("desk/shows/{show}/{place}");
            let intent = match key {
                Some(key) => Some(DeskIntent::new(staff, key, &place, &said)?),
                None => None,
            };
            if let Some(intent) = &intent
                && let Some(answered) = desk_intents::before(writing, intent).await?
            {
                return Ok((answered, Done::silent(Vec::new())));
            }
            let done = hosting::act(writing, show, room, what, *language, clock, now).await;
            let Some(intent) = intent else {
                return done.map(unkeyed);
            };
            let (status, body, done) = settled(writing, done).await?;
            let answered = desk_intents::keep(writing, &intent, status, body, now).await?;
            Ok((answered, done))
        }
        Act::Look => Ok(unkeyed(Done::silent(Vec::new()))),
        Act::Goods => {
            let happened = room::goods_changed(writing, room).await?;
            Ok(unkeyed(Done::silent(happened)))
        }
        Act::Air { on } => {
            // Of a show that is over nothing is told any more, and that it is off air not before it was on.
            let over = room.show.state == ShowState::Ended;
            let same = room.air.map_or(!on, |air| air.on == *on);
            let told = if *on { What::OnAir } else { What::OffAir };
            let happened = (!over && !same).then_some(told);
            Ok(unkeyed(Done::silent(happened.into_iter().collect())))
        }
        Act::Counts { viewers } => {
            let mut happened = Vec::new();
            if room.viewers != *viewers {
                happened.push(What::Viewers { count: *viewers });
            }
            let total: u32 = sqlx::query_scalar("SELECT likes FROM shows WHERE id = ?1")
                .bind(show.as_str())
                .fetch_one(&mut **writing)
                .await?;
            if room.likes != total {
                happened.push(What::Likes { total });
            }
            Ok(unkeyed(Done::silent(happened)))
        }
    }
}

fn unkeyed(done: Done) -> (Answered, Done) {
    let answered = Answered {
        status: if done.body.is_some() { 200 } else { 204 },
        body: done.body.clone().unwrap_or_default(),
        replayed: false,
    };
    (answered, done)
}

/// What a key is answered for ever: what was done, or the refusal, with what was written until then
/// undone.
async fn settled(
    writing: &mut Writing,
    done: Result<Done, StoreError>,
) -> Result<(u16, String, Done), StoreError> {
    match done {
        Ok(done) => Ok((201, done.body.clone().unwrap_or_default(), done)),
        Err(error) if error.is_final() => {
            sqlx::query("ROLLBACK TO act")
                .execute(&mut **writing)
                .await?;
            let problem = Trouble::from(error).0;
            let body = intents::json(&problem)?;
            Ok((problem.status, body, Done::silent(Vec::new())))
        }
        Err(error) => Err(error),
    }
}
