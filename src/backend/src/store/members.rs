//! Who buys: sign-in codes, members, sessions.

use super::purse::welcome;
use super::{Store, StoreError};
use crate::secret;
use domain::id::MemberId;
use domain::member::{Member, Phone};
use domain::problem::ProblemKind;
use sqlx::SqliteConnection;

/// How long a code is good, in milliseconds.
pub const CODE_GOOD_FOR: i64 = 5 * 60_000;
/// How long one waits before asking for another, in milliseconds.
pub const CODE_PAUSE: i64 = 60_000;
/// How many codes one number gets in an hour.
const CODES_AN_HOUR: u32 = 6;
/// How many codes the whole shop sends in a minute: somebody who types in other people's numbers
/// costs the shop no fortune.
const CODES_A_MINUTE: u32 = 300;
/// How often one may be wrong with a code.
const TRIES: u32 = 5;
/// How long a session is good, in milliseconds.
pub const SESSION_GOOD_FOR: i64 = 30 * 24 * 3_600_000;

impl Store {
    /// Makes a code for a number; the one before is good for nothing then. Refused with the seconds
    /// to wait when there were too many.
    pub async fn make_code(&self, phone: &Phone, now: i64) -> Result<String, StoreError> {
        const HOUR: i64 = 3_600_000;
        let mut writing = self.write().await?;
        let (last, in_the_hour, first): (Option<i64>, u32, Option<i64>) = sqlx::query_as(
            "SELECT max(sent_at), count(*), min(sent_at) FROM sent_codes WHERE phone = ?1 AND sent_at > ?2",
        )
        .bind(phone.as_str())
        .bind(now - HOUR)
        .fetch_one(&mut *writing)
        .await?;
        let in_the_minute: u32 =
            sqlx::query_scalar("SELECT count(*) FROM sent_codes WHERE sent_at > ?1")
                .bind(now - 60_000)
                .fetch_one(&mut *writing)
                .await?;
        let pause = last.map_or(0, |last| last + CODE_PAUSE - now);
        let full = first.map_or(0, |first| first + HOUR - now);
        let wait = if in_the_hour >= CODES_AN_HOUR {
            full
        } else if in_the_minute >= CODES_A_MINUTE {
            60_000
        } else {
            pause
        };
        if wait > 0 {
            return Err(StoreError::Wait(seconds(wait)));
        }
        let code = secret::digits()?;
        sqlx::query("DELETE FROM sent_codes WHERE sent_at <= ?1")
            .bind(now - HOUR)
            .execute(&mut *writing)
            .await?;
        sqlx::query("INSERT INTO sent_codes (phone, sent_at) VALUES (?1, ?2)")
            .bind(phone.as_str())
            .bind(now)
            .execute(&mut *writing)
            .await?;
        sqlx::query(
            "INSERT INTO sign_in_codes (phone, hash, expires_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (phone) DO UPDATE SET hash = ?2, expires_at = ?3, tries = 0",
        )
        .bind(phone.as_str())
        .bind(code_hash(phone, &code))
        .bind(now + CODE_GOOD_FOR)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(code)
    }

    /// Signs in with a code, which is good for nothing then, and makes a member of whoever was
    /// none. Returns the session's token too.
    pub async fn sign_in(
        &self,
        phone: &Phone,
        code: &str,
        now: i64,
    ) -> Result<(Member, String), StoreError> {
        let (member, token, _) = self.signed_in(phone, code, now, None).await?;
        Ok((member, token))
    }

    /// The same, and remembers where a newcomer came from. Says whether it is one.
    pub(super) async fn signed_in(
        &self,
        phone: &Phone,
        code: &str,
        now: i64,
        source: Option<&str>,
    ) -> Result<(Member, String, bool), StoreError> {
        let mut writing = self.write().await?;
        let kept: Option<(String, i64, u32)> =
            sqlx::query_as("SELECT hash, expires_at, tries FROM sign_in_codes WHERE phone = ?1")
                .bind(phone.as_str())
                .fetch_optional(&mut *writing)
                .await?;
        let wrong = StoreError::Refused(ProblemKind::WrongCode);
        let Some((hash, expires_at, tries)) = kept else {
            return Err(wrong);
        };
        if expires_at <= now || tries >= TRIES {
            return Err(StoreError::Refused(ProblemKind::ExpiredCode));
        }
        if hash != code_hash(phone, code) {
            sqlx::query("UPDATE sign_in_codes SET tries = tries + 1 WHERE phone = ?1")
                .bind(phone.as_str())
                .execute(&mut *writing)
                .await?;
            writing.commit().await?;
            return Err(wrong);
        }
        sqlx::query("DELETE FROM sign_in_codes WHERE phone = ?1")
            .bind(phone.as_str())
            .execute(&mut *writing)
            .await?;
        let joined = sqlx::query(
            "INSERT INTO members (id, phone, joined_at) VALUES (?1, ?2, ?3) ON CONFLICT (phone) DO NOTHING",
        )
        .bind(secret::id()?)
        .bind(phone.as_str())
        .bind(now)
        .execute(&mut *writing)
        .await?;
        let id: String = sqlx::query_scalar("SELECT id FROM members WHERE phone = ?1")
            .bind(phone.as_str())
            .fetch_one(&mut *writing)
            .await?;
        let newcomer = joined.rows_affected() == 1;
        if newcomer {
            welcome(&mut writing, &id.as_str().into(), now).await?;
        }
        if let Some(source) = source.filter(|_| newcomer) {
            sqlx::query("INSERT INTO member_sources (member, source) VALUES (?1, ?2)")
                .bind(&id)
                .bind(source)
                .execute(&mut *writing)
                .await?;
        }
        let member = read_member(&mut writing, &id)
            .await?
            .ok_or(StoreError::NoShop)?;
        let token = secret::token()?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= ?1")
            .bind(now)
            .execute(&mut *writing)
            .await?;
        sqlx::query("INSERT INTO sessions (hash, member, expires_at) VALUES (?1, ?2, ?3)")
            .bind(secret::hash(&token))
            .bind(&id)
            .bind(now + SESSION_GOOD_FOR)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok((member, token, newcomer))
    }

    /// Whose session a token is.
    pub async fn session(&self, token: &str, now: i64) -> Result<Option<MemberId>, StoreError> {
        let member: Option<String> =
            sqlx::query_scalar("SELECT member FROM sessions WHERE hash = ?1 AND expires_at > ?2")
                .bind(secret::hash(token))
                .bind(now)
                .fetch_optional(&self.pool)
                .await?;
        Ok(member.map(Into::into))
    }

    /// Ends a session.
    pub async fn end_session(&self, token: &str) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM sessions WHERE hash = ?1")
            .bind(secret::hash(token))
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// A member, as told to the member, without their tastes.
    pub async fn member(&self, id: &MemberId) -> Result<Option<Member>, StoreError> {
        let mut reading = self.pool.acquire().await?;
        read_member(&mut reading, id.as_str()).await
    }
}

/// With the number in it, so that equal codes of two numbers do not look equal.
fn code_hash(phone: &Phone, code: &str) -> String {
    secret::hash(&[phone.as_str(), ":", code].concat())
}

/// Whole seconds, never too few.
pub(super) fn seconds(ms: i64) -> u32 {
    u32::try_from((ms + 999) / 1_000).unwrap_or(u32::MAX)
}

async fn read_member(
    reading: &mut SqliteConnection,
    id: &str,
) -> Result<Option<Member>, StoreError> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT phone, name FROM members WHERE id = ?1")
            .bind(id)
            .fetch_optional(reading)
            .await?;
    Ok(row.map(|(phone, name)| Member {
        id: id.into(),
        phone: Phone::parse(&phone)
            .map(|phone| phone.masked())
            .unwrap_or_default(),
        name,
        tastes: Vec::new(),
    }))
}
