//! The catalogue as far as it was looked at. It outlives its page, so that whoever comes back
//! finds the list as long as it was, and with that the place in it.

use super::Stores;
use crate::view::task;
use client::{Error, Source};
use domain::catalog::{ProductQuery, ProductSummary};
use domain::page::Cursor;
use leptos::prelude::*;
use std::time::Duration;

/// How far the list is.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// The first page was asked for.
    Waiting,
    /// The first page was asked for long ago.
    WaitingLong,
    /// The first page did not come.
    Failed(Error),
    /// Everything that was asked for is here.
    Here,
    /// A further page was asked for.
    More,
    /// A further page did not come; what is here stays.
    MoreFailed(Error),
}

/// What the list shows.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is here so far.
    pub items: Vec<ProductSummary>,
    /// How many there are in all, when the backend says so.
    pub total: Option<u32>,
    /// How far the list is.
    pub progress: Progress,
    /// How fresh the first page is.
    pub source: Source,
    /// Where the next page begins; nothing when everything is here.
    next: Option<Cursor>,
}

impl Shown {
    /// Whether there is more to ask for.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }

    /// Whether it could be better: it failed, or it is not of now.
    pub fn is_poor(&self) -> bool {
        self.source != Source::Backend || matches!(self.progress, Progress::Failed(_))
    }
}

/// What is looked for, in which language, and how often it was begun: an answer to an older
/// beginning is dropped.
#[derive(Clone, Debug, Default, PartialEq)]
struct Begun {
    query: ProductQuery,
    language: &'static str,
    times: u32,
}

/// The list of products for one query.
#[derive(Clone, Copy, Debug)]
pub struct Shelf {
    /// What the list shows.
    pub shown: RwSignal<Shown>,
    begun: StoredValue<Begun>,
}

impl Shelf {
    pub(super) fn new() -> Self {
        let shown = Shown {
            items: Vec::new(),
            total: None,
            progress: Progress::Waiting,
            source: Source::Backend,
            next: None,
        };
        Self {
            shown: RwSignal::new(shown),
            begun: StoredValue::new(Begun::default()),
        }
    }

    /// Shows what belongs to a query: what is here when it is the same, else from the first page.
    pub fn show(&self, query: ProductQuery, stores: Stores) {
        let language = crate::words::spoken().tag();
        let same = self
            .begun
            .with_value(|begun| begun.query == query && begun.language == language);
        let usable = self.shown.with_untracked(|shown| {
            !shown.is_poor()
                && matches!(
                    shown.progress,
                    Progress::Here | Progress::More | Progress::MoreFailed(_)
                )
        });
        if !(same && usable) {
            self.begun.update_value(|begun| begun.query = query);
            self.begin(stores);
        }
    }

    /// Asks for the first page, anew.
    pub fn begin(&self, stores: Stores) {
        let shelf = *self;
        shelf.begun.update_value(|begun| {
            begun.language = crate::words::spoken().tag();
            begun.times += 1;
        });
        let this = shelf.begun.get_value();
        shelf
            .shown
            .update(|shown| shown.progress = Progress::Waiting);
        let times = this.times;
        set_timeout(
            move || {
                let waiting = shelf
                    .shown
                    .with_untracked(|shown| shown.progress == Progress::Waiting);
                if waiting && shelf.begun.with_value(|begun| begun.times == times) {
                    shelf
                        .shown
                        .update(|shown| shown.progress = Progress::WaitingLong);
                }
            },
            Duration::from_secs(10),
        );
        task(async move {
            let answer = stores.client().catalog().products(&this.query).await;
            if shelf.begun.with_value(|begun| *begun != this) {
                return;
            }
            shelf.shown.update(|shown| match answer {
                Ok(fresh) => {
                    shown.items = fresh.value.items;
                    shown.total = fresh.value.total;
                    shown.next = fresh.value.next_cursor;
                    shown.source = fresh.source;
                    shown.progress = Progress::Here;
                }
                Err(error) => {
                    shown.items = Vec::new();
                    shown.next = None;
                    shown.progress = Progress::Failed(error);
                }
            });
        });
    }

    /// Asks for the next page, if there is one and it was not asked for yet.
    pub fn more(&self, stores: Stores) {
        let shelf = *self;
        let ready =
            |shown: &Shown| matches!(shown.progress, Progress::Here | Progress::MoreFailed(_));
        let next = shelf
            .shown
            .with_untracked(|shown| shown.next.clone().filter(|_| ready(shown)));
        let Some(cursor) = next else { return };
        let this = shelf.begun.get_value();
        shelf.shown.update(|shown| shown.progress = Progress::More);
        task(async move {
            let query = ProductQuery {
                cursor: Some(cursor),
                ..this.query.clone()
            };
            let answer = stores.client().catalog().products(&query).await;
            if shelf.begun.with_value(|begun| *begun != this) {
                return;
            }
            shelf.shown.update(|shown| match answer {
                Ok(fresh) => {
                    // What moved between two pages is not shown twice.
                    for item in fresh.value.items {
                        if shown.items.iter().all(|there| there.id != item.id) {
                            shown.items.push(item);
                        }
                    }
                    shown.next = fresh.value.next_cursor;
                    shown.progress = Progress::Here;
                }
                Err(error) => shown.progress = Progress::MoreFailed(error),
            });
        });
    }
}
