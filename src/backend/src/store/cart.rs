//! The cart that a member has on every phone.

use super::{Store, StoreError};
use domain::id::MemberId;
use domain::member::MemberCart;
use domain::pricing::QuoteRequest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

impl Store {
    /// The cart that a member has on every phone; empty when there is none.
    pub async fn member_cart(&self, member: &MemberId) -> Result<MemberCart, StoreError> {
        let mut reading = self.pool.acquire().await?;
        Ok(read_cart(&mut reading, member).await?.unwrap_or_default())
    }

    /// Puts a cart in the place of the one a member had.
    pub async fn keep_member_cart(
        &self,
        member: &MemberId,
        cart: &MemberCart,
    ) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        put_cart(&mut writing, member, cart).await?;
        writing.commit().await
    }
}

/// Takes what was ordered out of a member's cart.
pub(super) async fn take_out(
    writing: &mut SqliteConnection,
    member: &MemberId,
    ordered: &QuoteRequest,
) -> Result<(), StoreError> {
    let Some(mut cart) = read_cart(writing, member).await? else {
        return Ok(());
    };
    cart.take_out(ordered);
    put_cart(writing, member, &cart).await
}

async fn read_cart(
    reading: &mut SqliteConnection,
    member: &MemberId,
) -> Result<Option<MemberCart>, StoreError> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT lines, bundles FROM member_carts WHERE member = ?1")
            .bind(member.as_str())
            .fetch_optional(reading)
            .await?;
    row.map(|(lines, bundles)| {
        Ok(MemberCart {
            lines: rows(&lines)?,
            bundles: rows(&bundles)?,
        })
    })
    .transpose()
}

async fn put_cart(
    writing: &mut SqliteConnection,
    member: &MemberId,
    cart: &MemberCart,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO member_carts (member, lines, bundles) VALUES (?1, ?2, ?3)
         ON CONFLICT (member) DO UPDATE SET lines = ?2, bundles = ?3",
    )
    .bind(member.as_str())
    .bind(json(&cart.lines)?)
    .bind(json(&cart.bundles)?)
    .execute(writing)
    .await?;
    Ok(())
}

fn json(rows: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(rows).map_err(|_| StoreError::Corrupt {
        what: "cart",
        value: String::new(),
    })
}

fn rows<T: DeserializeOwned>(json: &str) -> Result<Vec<T>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Corrupt {
        what: "cart",
        value: json.to_owned(),
    })
}
