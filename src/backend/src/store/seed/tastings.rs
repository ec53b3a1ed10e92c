//! The tastings and events of a new shop.

use crate::store::StoreError;
use crate::store::tastings::insert_times;
use domain::tasting::PlanTime;
use domain::time::ClockTime;
use serde::Deserialize;
use serde_json::Value;
use sqlx::SqliteConnection;

/// What can be tasted, and the events that some of it belongs to.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct TastingsSeed {
    pub events: Vec<EventSeed>,
    pub tastings: Vec<TastingSeed>,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct EventSeed {
    pub id: String,
    pub name: Value,
    pub picture: Option<String>,
    pub tint: String,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct TastingSeed {
    pub id: String,
    pub subject: SubjectSeed,
    pub title: Value,
    pub words: Value,
    pub capacity: u32,
    pub minutes: u32,
    pub lead_minutes: u32,
    pub cancel_minutes: u32,
    #[serde(default)]
    pub deposit: i64,
    pub weekdays: Vec<u8>,
    pub times: Vec<ClockTime>,
}

#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the columns of the schema")]
pub struct SubjectSeed {
    pub kind: String,
    pub id: String,
}

/// Writes them down. They take place at the shop itself, `place` in words.
pub(super) async fn insert(
    writing: &mut SqliteConnection,
    seed: &TastingsSeed,
    place: &Value,
) -> Result<(), StoreError> {
    for event in &seed.events {
        sqlx::query("INSERT INTO events (id, name, picture, tint) VALUES (?, ?, ?, ?)")
            .bind(&event.id)
            .bind(event.name.to_string())
            .bind(&event.picture)
            .bind(&event.tint)
            .execute(&mut *writing)
            .await?;
    }
    for (position, tasting) in (1_u32..).zip(&seed.tastings) {
        sqlx::query(
            "INSERT INTO tastings (id, position, subject_kind, subject, title, words, place, capacity, minutes,
                                   lead_minutes, cancel_minutes, deposit)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&tasting.id)
        .bind(position)
        .bind(&tasting.subject.kind)
        .bind(&tasting.subject.id)
        .bind(tasting.title.to_string())
        .bind(tasting.words.to_string())
        .bind(place.to_string())
        .bind(tasting.capacity)
        .bind(tasting.minutes)
        .bind(tasting.lead_minutes)
        .bind(tasting.cancel_minutes)
        .bind(tasting.deposit)
        .execute(&mut *writing)
        .await?;
        let at = |weekday: &u8| {
            let weekday = *weekday;
            let times = tasting.times.iter();
            times.map(move |from| PlanTime {
                weekday,
                from: *from,
            })
        };
        let times: Vec<PlanTime> = tasting.weekdays.iter().flat_map(at).collect();
        insert_times(writing, &tasting.id, &times, &[]).await?;
    }
    Ok(())
}
