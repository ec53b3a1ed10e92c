//! What tests of tastings need again and again.

use super::people::Member;
use super::{OpenShop, now};
use domain::booking::{Booking, BookingRequest};
use domain::tasting::{Slot, Tasting};

impl OpenShop {
    /// The light meal's tasting as everybody sees it.
    pub async fn light_meal(&self) -> Tasting {
        let client = self.client("zh-CN");
        now(client
            .bookings()
            .tasting(&"light-meal".into())
            .await
            .unwrap())
    }

    /// The light meal's slot of so many days from today, at this time.
    pub async fn slot(&self, days: usize, clock: &str) -> Slot {
        let tasting = self.light_meal().await;
        let slots = &tasting.days[days].slots;
        let found = slots.iter().find(|slot| slot.from.clock() == clock);
        found.cloned().unwrap()
    }

    /// Members as many as that, made in the file: nobody is sent so many codes in a minute.
    pub async fn crowd(&self, count: u32) -> Vec<Member> {
        use backend::secret;
        let mut file = self.file().await;
        let mut members = Vec::new();
        let mut transaction = sqlx::Connection::begin(&mut file).await.unwrap();
        for number in 0..count {
            let (token, phone) = (secret::token().unwrap(), format!("139{number:08}"));
            sqlx::query("INSERT INTO members (id, phone, joined_at) VALUES (?, ?, 0)")
                .bind(format!("crowd-{number}"))
                .bind(&phone)
                .execute(&mut *transaction)
                .await
                .unwrap();
            sqlx::query("INSERT INTO sessions (hash, member, expires_at) VALUES (?, ?, ?)")
                .bind(secret::hash(&token))
                .bind(format!("crowd-{number}"))
                .bind(i64::MAX)
                .execute(&mut *transaction)
                .await
                .unwrap();
            let cookie = format!("session={token}");
            let mut headers = reqwest::header::HeaderMap::new();
            headers.insert("cookie", cookie.parse().unwrap());
            let http = reqwest::Client::builder().default_headers(headers);
            let transport = client::native::Native::from(http.build().unwrap());
            let client = client::Client::new(transport, &self.served.at("/api/v1"), "zh-CN");
            members.push(Member {
                client,
                phone,
                cookie,
            });
        }
        transaction.commit().await.unwrap();
        members
    }
}

/// A wish for places of a slot.
pub fn places(slot: &Slot, party: u32) -> BookingRequest {
    BookingRequest {
        slot: slot.id.clone(),
        party,
        name: "三号楼 王女士".into(),
        note: String::new(),
        from: Some("poster".into()),
    }
}

impl Member {
    /// Books a place, and must get it.
    pub async fn books(&self, slot: &Slot, party: u32) -> Booking {
        let key = backend::secret::token().unwrap();
        let booked = self
            .client
            .bookings()
            .book(&places(slot, party), &key)
            .await;
        booked.unwrap()
    }
}
