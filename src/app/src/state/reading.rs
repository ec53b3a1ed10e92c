//! Something read from the backend: waiting, waiting for long, here, or failed. Never a bare
//! `Option`, so that no page can forget that it may fail.

use super::stores;
use crate::view::{after, effect, task_of_part};
use client::{Error, Fresh, Source};
use leptos::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

/// After so long a page says what is going on.
const LONG: Duration = Duration::from_secs(10);

/// How far something is.
#[derive(Clone, Debug)]
pub enum Load<T> {
    /// Asked for.
    Waiting,
    /// Asked for long ago.
    WaitingLong,
    /// Here, as fresh as it says.
    Here(Fresh<T>),
    /// Not to be had.
    Failed(Error),
}

/// Something read from the backend, which can be read again.
#[derive(Debug)]
pub struct Reading<T: Send + Sync + 'static> {
    /// How far it is.
    pub load: RwSignal<Load<T>>,
    again: RwSignal<u32>,
    /// Whether an answer is on its way.
    asking: StoredValue<bool>,
}

impl<T: Send + Sync> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Reading<T> {}

impl<T: Send + Sync> Reading<T> {
    /// Reads it again.
    pub fn again(&self) {
        self.again.update(|times| *times += 1);
    }

    /// Reads it again, as now and then, unless an answer is on its way: beginning anew gives that up, and
    /// one that takes longer than the pause between two looks would never come.
    pub fn look(&self) {
        if self.asking.try_get_value() == Some(false) {
            self.again();
        }
    }

    /// A session that is over elsewhere is over here.
    pub fn ends_with_session(&self) {
        let (load, session) = (self.load, stores().session);
        effect(move |_| {
            load.with(|load| {
                if let Load::Failed(error) = load {
                    session.heed(error);
                }
            });
        });
    }
}

thread_local! {
    /// What was read on this page, by key and language: going back shows it at once.
    static READ: RefCell<Vec<(String, Rc<dyn Any>)>> = const { RefCell::new(Vec::new()) };
}

/// What asks the backend.
pub type Ask<T> = Pin<Box<dyn Future<Output = Result<Fresh<T>, Error>>>>;

/// Reads something, again when asked to, and when the network comes back after it was away. What
/// was read before under the same key is shown meanwhile; the same once more changes nothing, so that
/// what has the focus or is open stays and no tap is lost. The request is given up when the page is
/// left.
pub fn reading<T: Clone + Send + Sync + 'static>(
    key: String,
    ask: impl Fn() -> Ask<T> + 'static,
) -> Reading<T> {
    let kept = read_before(&key)
        .and_then(|fresh| fresh.downcast::<Fresh<T>>().ok())
        .map(|fresh| Fresh::clone(&fresh));
    let first = match kept {
        Some(fresh) => Load::Here(Fresh {
            source: Source::Backend,
            ..fresh
        }),
        None => Load::Waiting,
    };
    let reading = Reading {
        load: RwSignal::new(first),
        again: RwSignal::new(0),
        asking: StoredValue::new(false),
    };
    let (load, asking) = (reading.load, reading.asking);
    effect(move |first| {
        reading.again.track();
        if !first && !load.with_untracked(|load| matches!(load, Load::Here(_))) {
            load.set(Load::Waiting);
        }
        let (key, answer) = (key.clone(), ask());
        asking.set_value(true);
        task_of_part(async move {
            let answer = answer.await;
            asking.try_set_value(false);
            if let Ok(fresh) = &answer {
                keep(key, Rc::new(fresh.clone()));
            }
            arrive(load, answer);
        });
        after(LONG, move || {
            if matches!(load.try_get_untracked(), Some(Load::Waiting)) {
                load.set(Load::WaitingLong);
            }
        });
    });
    let online = stores().online;
    effect(move |first| {
        let away = || match load.try_get_untracked() {
            Some(Load::Here(fresh)) => fresh.source != Source::Backend,
            Some(Load::Failed(_)) => true,
            _ => false,
        };
        if online.get() && !first && away() {
            reading.again();
        }
    });
    reading
}

/// Forgets what was read on this page: it may belong to somebody who has gone.
pub fn forget() {
    READ.take();
}

fn read_before(key: &str) -> Option<Rc<dyn Any>> {
    READ.with_borrow(|read| {
        read.iter()
            .find(|(there, _)| there == key)
            .map(|(_, value)| Rc::clone(value))
    })
}

fn keep(key: String, value: Rc<dyn Any>) {
    READ.with_borrow_mut(|read| {
        read.retain(|(there, _)| *there != key);
        read.push((key, value));
    });
}

/// Shows what came.
fn arrive<T: Clone + Send + Sync + 'static>(
    load: RwSignal<Load<T>>,
    answer: Result<Fresh<T>, Error>,
) {
    match (answer, load.try_get_untracked()) {
        (Ok(fresh), Some(Load::Here(there))) if fresh.is_same(&there) => {}
        // What is on the screen is better than an error, and says how old it is.
        (Err(because), Some(Load::Here(there)))
            if !because.is_not_found() && !because.is_not_signed_in() =>
        {
            let date = match there.source {
                Source::LastCopy { date, .. } => date,
                Source::Backend => None,
            };
            load.set(Load::Here(Fresh {
                source: Source::LastCopy { date, because },
                ..there
            }));
        }
        (Err(error), Some(_)) => load.set(Load::Failed(error)),
        (Ok(fresh), Some(_)) => load.set(Load::Here(fresh)),
        (_, None) => {}
    }
}
