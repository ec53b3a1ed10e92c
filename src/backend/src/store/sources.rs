//! Where people come from, and purchases that are credited to whoever joins.

use super::desk_intents::{self, DeskIntent};
use super::intents::Answered;
use super::members::seconds;
use super::purse::earn;
use super::{Store, StoreError, Writing, currency};
use crate::clock::Clock;
use crate::problem::Trouble;
use crate::secret;
use domain::id::{MemberId, StaffId};
use domain::member::Phone;
use domain::money::Money;
use domain::points::earned;
use domain::problem::ProblemKind;
use domain::source::{
    CLAIM_LETTERS, Credit, Joined, PurchaseClaim, PurchaseRequest, SourceFigures,
};
use domain::time::Moment;
use sqlx::SqliteConnection;

/// How long a purchase can be claimed, in milliseconds.
const CLAIM_GOOD_FOR: i64 = 15 * 60_000;
/// How often one may be wrong with a claim in an hour.
const WRONG_CLAIMS: u32 = 10;
const HOUR: i64 = 3_600_000;
/// How many visits are counted in an hour: somebody who sends them all day fills no disk.
const VISITS_AN_HOUR: u32 = 20_000;
/// How many different sources of one hour are kept apart; more are nobody's posters.
const SOURCES_AN_HOUR: u32 = 100;
/// What the others are counted under.
const OTHER: &str = "other";

impl Store {
    /// Counts that somebody has come in.
    pub async fn count_visit(&self, source: &str, now: i64) -> Result<(), StoreError> {
        let hour = now.div_euclid(HOUR);
        let mut writing = self.write().await?;
        let (visits, sources, known): (u32, u32, bool) = sqlx::query_as(
            "SELECT coalesce(sum(visits), 0), count(*), coalesce(max(source = ?2), 0) FROM visits WHERE hour = ?1",
        )
        .bind(hour)
        .bind(source)
        .fetch_one(&mut *writing)
        .await?;
        if visits >= VISITS_AN_HOUR {
            return Err(StoreError::Wait(seconds((hour + 1) * HOUR - now)));
        }
        let source = if known || sources < SOURCES_AN_HOUR {
            source
        } else {
            OTHER
        };
        sqlx::query(
            "INSERT INTO visits (source, hour, visits) VALUES (?1, ?2, 1)
             ON CONFLICT (hour, source) DO UPDATE SET visits = visits + 1",
        )
        .bind(source)
        .bind(hour)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Signs in with a code, remembers where a newcomer came from, and credits a purchase just made.
    /// A claim that is none keeps nobody out. Returns the session's token too.
    pub async fn join(
        &self,
        phone: &Phone,
        code: &str,
        source: &str,
        claim: Option<&str>,
        now: Moment,
    ) -> Result<(Joined, String), StoreError> {
        let (member, token, newcomer) = self.signed_in(phone, code, now.ms, Some(source)).await?;
        let credit = match claim {
            Some(claim) => Some(self.claim(&member.id, claim, now).await),
            None => None,
        };
        let mut joined = Joined {
            member,
            newcomer,
            credit: None,
            claim_problem: None,
        };
        match credit {
            Some(Ok(credit)) => joined.credit = Some(credit),
            Some(Err(error)) => joined.claim_problem = Some(Trouble::from(error).0),
            None => {}
        }
        Ok((joined, token))
    }

    /// Credits a purchase just made to a member, once. The same member is told it again.
    pub async fn claim(
        &self,
        member: &MemberId,
        claim: &str,
        now: Moment,
    ) -> Result<Credit, StoreError> {
        let mut writing = self.write().await?;
        let claimed = claimed(&mut writing, member, claim, now).await;
        match claimed {
            // A try that was wrong stays counted.
            Ok(_) | Err(StoreError::Refused(ProblemKind::WrongCode)) => writing.commit().await?,
            Err(_) => {}
        }
        claimed
    }

    /// Makes a claim for a purchase at the counter, once for each key.
    pub async fn purchase(
        &self,
        request: &PurchaseRequest,
        staff: &StaffId,
        key: &str,
        clock: &Clock,
    ) -> Result<Answered, StoreError> {
        let intent = DeskIntent::new(staff, key, "desk/purchases", request)?;
        let mut writing = self.write().await?;
        if let Some(answered) = desk_intents::before(&mut writing, &intent).await? {
            return Ok(answered);
        }
        let now = clock.now();
        let made = purchase(&mut writing, request.amount, staff, now).await;
        desk_intents::close(writing, &intent, made, now).await
    }

    /// What came of each source, the busiest first.
    pub async fn sources(&self) -> Result<Vec<SourceFigures>, StoreError> {
        let rows: Vec<(String, u32, u32, u32, u32)> = sqlx::query_as(
            "SELECT source, sum(visits), sum(joins), sum(bookings), sum(orders) FROM (
                 SELECT source, visits, 0 AS joins, 0 AS bookings, 0 AS orders FROM visits
                 UNION ALL SELECT source, 0, 1, 0, 0 FROM member_sources
                 UNION ALL SELECT source, 0, 0, 1, 0 FROM bookings WHERE source IS NOT NULL AND state <> 'cancelled'
                 UNION ALL SELECT s.source, 0, 0, 0, 1 FROM member_sources AS s
                           JOIN orders AS o ON o.member = s.member WHERE o.state <> 'cancelled'
             ) GROUP BY source ORDER BY sum(visits) DESC, sum(joins) DESC, source LIMIT 200",
        )
        .fetch_all(&self.pool)
        .await?;
        let figures = |(source, visits, joins, bookings, orders)| SourceFigures {
            source,
            visits,
            joins,
            bookings,
            orders,
        };
        Ok(rows.into_iter().map(figures).collect())
    }
}

async fn purchase(
    writing: &mut Writing,
    amount: Money,
    staff: &StaffId,
    now: Moment,
) -> Result<PurchaseClaim, StoreError> {
    let claim: String = secret::readable_code()?
        .chars()
        .take(CLAIM_LETTERS)
        .collect();
    let credit = Credit {
        amount,
        points: earned(amount),
    };
    // Old ones that nobody claimed make room for their letters.
    sqlx::query("DELETE FROM purchase_claims WHERE member IS NULL AND expires_at <= ?1")
        .bind(now.ms - 24 * HOUR)
        .execute(&mut **writing)
        .await?;
    sqlx::query(
        "INSERT INTO purchase_claims (claim, amount, currency, points, staff, made_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&claim)
    .bind(amount.amount)
    .bind(amount.currency.code())
    .bind(credit.points)
    .bind(staff.as_str())
    .bind(now.ms)
    .bind(now.ms + CLAIM_GOOD_FOR)
    .execute(&mut **writing)
    .await?;
    Ok(PurchaseClaim {
        path: ["/join?from=counter&claim=", &claim].concat(),
        claim,
        credit,
        now,
        expires_at: Moment {
            ms: now.ms + CLAIM_GOOD_FOR,
            ..now
        },
    })
}

async fn claimed(
    writing: &mut SqliteConnection,
    member: &MemberId,
    claim: &str,
    now: Moment,
) -> Result<Credit, StoreError> {
    let claim: String = claim
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    sqlx::query("DELETE FROM claim_tries WHERE at <= ?1")
        .bind(now.ms - HOUR)
        .execute(&mut *writing)
        .await?;
    let (tries, first): (u32, Option<i64>) =
        sqlx::query_as("SELECT count(*), min(at) FROM claim_tries WHERE member = ?1")
            .bind(member.as_str())
            .fetch_one(&mut *writing)
            .await?;
    if tries >= WRONG_CLAIMS {
        let wait = first.map_or(HOUR, |first| first + HOUR - now.ms);
        return Err(StoreError::Wait(seconds(wait)));
    }
    let row: Option<(i64, String, u32, i64, Option<String>)> = sqlx::query_as(
        "SELECT amount, currency, points, expires_at, member FROM purchase_claims WHERE claim = ?1",
    )
    .bind(&claim)
    .fetch_optional(&mut *writing)
    .await?;
    let of_another = |by: &Option<String>| by.as_deref().is_some_and(|by| by != member.as_str());
    let Some((amount, code, points, expires_at, by)) =
        row.filter(|(_, _, _, _, by)| !of_another(by))
    else {
        sqlx::query("INSERT INTO claim_tries (member, at) VALUES (?1, ?2)")
            .bind(member.as_str())
            .bind(now.ms)
            .execute(writing)
            .await?;
        return Err(StoreError::Refused(ProblemKind::WrongCode));
    };
    let credit = Credit {
        amount: Money {
            amount,
            currency: currency(&code)?,
        },
        points,
    };
    if by.is_some() {
        return Ok(credit);
    }
    if expires_at <= now.ms {
        return Err(StoreError::Refused(ProblemKind::ExpiredCode));
    }
    sqlx::query("UPDATE purchase_claims SET member = ?2, claimed_at = ?3 WHERE claim = ?1")
        .bind(&claim)
        .bind(member.as_str())
        .bind(now.ms)
        .execute(&mut *writing)
        .await?;
    if points > 0 {
        earn(writing, member, points, now.ms).await?;
    }
    Ok(credit)
}
