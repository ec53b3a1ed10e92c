//! Rooms in the file: what events come to, brought up to date, and what the shelves say.

use super::{ShowRow, whole};
use crate::clock::Clock;
use crate::language::Language;
use crate::store::catalog::VariantRow;
use crate::store::{StoreError, picture, text};
use domain::id::ShowId;
use domain::live::{Event, Room, RoomGood, Taken, What};
use domain::show::{ShowState, ShowSummary};
use sqlx::{FromRow, SqliteConnection};

/// The room of a show after its last event, and whether something was written for it. `None` when
/// there is no such show.
pub(super) async fn up_to_date(
    writing: &mut SqliteConnection,
    show: &ShowId,
    known: Option<&Room>,
    clock: &Clock,
) -> Result<Option<(Room, bool)>, StoreError> {
    let Some(row) = ShowRow::of(writing, show).await? else {
        return Ok(None);
    };
    if let Some(room) = known
        && room.last_event_id == row.last_event
        && room.epoch == row.epoch
    {
        return Ok(Some((room.clone(), false)));
    }
    let kept: Option<String> = sqlx::query_scalar("SELECT room FROM live_rooms WHERE show = ?1")
        .bind(show.as_str())
        .fetch_optional(&mut *writing)
        .await?;
    let (epoch, last) = (row.epoch.clone(), row.last_event);
    let (mut room, fresh) = match kept {
        Some(kept) => (read(&kept)?, false),
        // It is written down before anybody sees it: its goods are as they are now, and only events
        // say otherwise from now on.
        None => {
            let room = begin(writing, row, clock).await?;
            keep(writing, show, &room).await?;
            (room, true)
        }
    };
    room.epoch = epoch;
    for event in events(writing, show, room.last_event_id, clock).await? {
        if room.take(&event) == Taken::Gap {
            return Err(gap(show, &event));
        }
    }
    if room.last_event_id == last {
        Ok(Some((room, fresh)))
    } else {
        Err(StoreError::Corrupt {
            what: "number of a last event",
            value: format!("{show}: {last}"),
        })
    }
}

fn gap(show: &ShowId, event: &Event) -> StoreError {
    StoreError::Corrupt {
        what: "gap before an event",
        value: format!("{show}: {}", event.id),
    }
}

pub(super) fn read(kept: &str) -> Result<Room, StoreError> {
    serde_json::from_str(kept).map_err(|error| StoreError::Corrupt {
        what: "room",
        value: error.to_string(),
    })
}

/// A room before its first event.
pub(super) async fn begin(
    reading: &mut SqliteConnection,
    row: ShowRow,
    clock: &Clock,
) -> Result<Room, StoreError> {
    let (show, epoch) = (ShowId::from(row.id.clone()), row.epoch.clone());
    let goods = goods(reading, &show, Language::Zh).await?;
    let summary = ShowSummary {
        state: ShowState::Scheduled,
        started_at: None,
        ended_at: None,
        ..row.summary(Language::Zh, clock)
    };
    Ok(Room {
        goods,
        ..Room::begin(summary, epoch)
    })
}

/// Writes a room down, as its last event has left it.
pub(super) async fn keep(
    writing: &mut SqliteConnection,
    show: &ShowId,
    room: &Room,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(room).map_err(|error| StoreError::Corrupt {
        what: "room",
        value: error.to_string(),
    })?;
    sqlx::query(
        "INSERT INTO live_rooms (show, event, room) VALUES (?1, ?2, ?3)
         ON CONFLICT (show) DO UPDATE SET event = ?2, room = ?3",
    )
    .bind(show.as_str())
    .bind(room.last_event_id)
    .bind(&json)
    .execute(&mut *writing)
    .await?;
    // The same for replays, which begin anywhere.
    sqlx::query(
        "INSERT INTO live_snapshots (show, event, room) VALUES (?1, ?2, ?3)
         ON CONFLICT (show, event) DO UPDATE SET room = ?3",
    )
    .bind(show.as_str())
    .bind(room.last_event_id)
    .bind(&json)
    .execute(&mut *writing)
    .await?;
    Ok(())
}

async fn events(
    reading: &mut SqliteConnection,
    show: &ShowId,
    after: u32,
    clock: &Clock,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<(u32, i64, Option<i64>, String)> = sqlx::query_as(
        "SELECT id, at, clock, what FROM live_events WHERE show = ?1 AND id > ?2 ORDER BY id",
    )
    .bind(show.as_str())
    .bind(after)
    .fetch_all(reading)
    .await?;
    rows.into_iter().map(|row| event(row, clock)).collect()
}

/// An event as it is kept: number, time, host's clock, what.
pub(super) fn event(
    (id, at, host, what): (u32, i64, Option<i64>, String),
    clock: &Clock,
) -> Result<Event, StoreError> {
    let what = serde_json::from_str::<What>(&what).map_err(|_| StoreError::Corrupt {
        what: "event",
        value: what,
    })?;
    Ok(Event {
        id,
        at: whole(clock.moment(at)),
        clock: host,
        what,
    })
}

/// The goods of a show as they are on the shelves now.
pub(super) async fn goods(
    reading: &mut SqliteConnection,
    show: &ShowId,
    language: Language,
) -> Result<Vec<RoomGood>, StoreError> {
    #[derive(FromRow)]
    struct Row {
        id: String,
        name: String,
        subtitle: String,
        picture: Option<String>,
        tint: String,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.id, p.name, p.subtitle, p.picture, p.tint FROM show_goods AS g JOIN products AS p ON p.id = g.product
         WHERE g.show = ?1 ORDER BY g.position",
    )
    .bind(show.as_str())
    .fetch_all(&mut *reading)
    .await?;
    let mut goods = Vec::with_capacity(rows.len());
    for row in rows {
        let variants: Vec<VariantRow> =
            sqlx::query_as("SELECT * FROM offered_variants WHERE product = ?1 ORDER BY position")
                .bind(&row.id)
                .fetch_all(&mut *reading)
                .await?;
        goods.push(RoomGood {
            product: row.id.into(),
            name: text(&row.name, language),
            subtitle: text(&row.subtitle, language),
            picture: picture(row.picture, &row.tint),
            variants: variants
                .into_iter()
                .map(|row| row.read(language))
                .collect::<Result<_, _>>()?,
        });
    }
    Ok(goods)
}

/// What the shelves say otherwise than a room does.
pub(super) async fn goods_changed(
    reading: &mut SqliteConnection,
    room: &Room,
) -> Result<Vec<What>, StoreError> {
    let there = goods(reading, &room.show.id, Language::Zh).await?;
    let mut changed = Vec::new();
    for good in &room.goods {
        let now = there.iter().find(|one| one.product == good.product);
        for variant in &good.variants {
            let now = now.and_then(|now| now.variants.iter().find(|one| one.id == variant.id));
            // What is not sold any more is sold out.
            let (price, former_price, stock) = match now {
                Some(now) => (now.price, now.former_price, now.stock),
                None => (variant.price, None, domain::catalog::Stock::of(0)),
            };
            let told = (variant.price, variant.former_price, variant.stock);
            if told != (price, former_price, stock) {
                changed.push(What::Goods {
                    product: good.product.clone(),
                    variant: variant.id.clone(),
                    price,
                    former_price,
                    stock,
                });
            }
        }
    }
    Ok(changed)
}
