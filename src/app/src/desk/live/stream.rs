//! Follows the show: whatever has come is taken into the room once a frame.

use super::here::Here;
use crate::browser::now_ms;
use crate::view::{effect, every, task_of_part};
use client::live::{Door, Told};
use domain::live::{Event, Room, What};
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// With so many waiting no frame is waited for: a page that nobody looks at gets none.
const MANY: usize = 500;
const MINUTE: i64 = 60_000;
/// How often the comments of the last minute are counted.
const COUNTED_EVERY: Duration = Duration::from_secs(2);

/// When the comments of the last minute came, by the tablet's clock.
type Said = Rc<RefCell<VecDeque<i64>>>;

/// Follows it as long as the page is there.
pub fn follow(here: Here) {
    let stores = here.host.stores;
    let door = Door::default();
    let knock = door.clone();
    effect(move |first| match stores.online.get() {
        true if first => {}
        true => knock.online(),
        false => knock.offline(),
    });
    let said = Said::default();
    count(here, Rc::clone(&said));
    task_of_part(async move {
        let (client, id) = (stores.client(), here.id.get_value());
        let waiting: Rc<RefCell<Vec<Told>>> = Rc::default();
        let tell = |told: Told| {
            // At once, not with the frame.
            if let Told::Event(Event {
                clock: Some(server),
                ..
            }) = &told
            {
                here.clock
                    .try_update_value(|clock| clock.heard(*server, now_ms()));
            }
            let many = {
                let mut waiting = waiting.borrow_mut();
                waiting.push(told);
                waiting.len()
            };
            if many >= MANY {
                take(here, waiting.take(), &said);
            } else if many == 1 {
                let (waiting, said) = (Rc::clone(&waiting), Rc::clone(&said));
                request_animation_frame(move || take(here, waiting.take(), &said));
            }
        };
        client::live::follow(&client, &id, None, &door, tell).await;
    });
}

/// Takes in what has come since the last frame.
fn take(here: Here, told: Vec<Told>, said: &Said) {
    let mut status = None;
    let mut changes = Vec::new();
    for one in told {
        match one {
            Told::Status(now) => status = Some(now),
            change => changes.push(change),
        }
    }
    if !changes.is_empty() {
        here.room.try_update(|room| {
            for change in changes {
                match change {
                    Told::Room(new) => {
                        seed(&new, said);
                        *room = Some(*new);
                    }
                    Told::Event(event) => {
                        if matches!(event.what, What::Comment { .. }) {
                            said.borrow_mut().push_back(now_ms());
                        }
                        if let Some(room) = room {
                            room.take(&event);
                        }
                    }
                    Told::Status(_) => {}
                }
            }
        });
    }
    if let Some(status) = status {
        here.status.try_set(status);
    }
}

/// What a snapshot knows of the last minute.
fn seed(room: &Room, said: &Said) {
    let ago = room
        .comments
        .iter()
        .map(|comment| room.now.ms - comment.at.ms);
    let now = now_ms();
    let last_minute = ago.filter(|ago| (0..MINUTE).contains(ago));
    *said.borrow_mut() = last_minute.map(|ago| now - ago).collect();
}

fn count(here: Here, said: Said) {
    let counted = move || {
        let mut said = said.borrow_mut();
        let before = now_ms() - MINUTE;
        while said.front().is_some_and(|at| *at < before) {
            said.pop_front();
        }
        if here.a_minute.try_get_untracked() != Some(said.len()) {
            here.a_minute.try_set(said.len());
        }
    };
    every(COUNTED_EVERY, counted);
}
