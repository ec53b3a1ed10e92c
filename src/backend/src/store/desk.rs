//! The staff's side: tablets, PINs, who is at the desk.

use super::members::seconds;
use super::{Store, StoreError, text, word};
use crate::language::Language;
use crate::secret;
use domain::desk::Device;
use domain::id::{DeviceId, StaffId};
use domain::member::{Role, Staff};
use domain::problem::ProblemKind;
use sqlx::SqliteConnection;

/// After how many seconds without a touch the desk's page locks.
pub const LOCK_AFTER: u32 = 300;
/// After how long without doing anything a desk's session ends, in milliseconds. Longer than
/// [`LOCK_AFTER`]: the page's lock is the one that people meet.
const IDLE: i64 = 45 * 60_000;
/// How long a desk's session is good at most, in milliseconds: a working day.
pub const SHIFT: i64 = 12 * 3_600_000;
/// How often a tablet may be wrong with a PIN before it waits.
const WRONG_PINS: u32 = 5;
/// How long it waits then, in milliseconds.
const PIN_PAUSE: i64 = 60_000;
/// How long a tablet is known, in milliseconds.
pub const DEVICE_GOOD_FOR: i64 = 400 * 24 * 3_600_000;

/// Somebody of the shop, at one of its tablets.
#[derive(Clone, Debug)]
pub struct AtDesk {
    /// Who.
    pub staff: StaffId,
    /// What they may do.
    pub role: Role,
}

impl Store {
    /// A one-time code with which a tablet becomes one of the shop's.
    pub async fn make_device_code(&self, now: i64, good_for: i64) -> Result<String, StoreError> {
        let code = secret::readable_code()?;
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM device_codes WHERE expires_at <= ?1")
            .bind(now)
            .execute(&mut *writing)
            .await?;
        sqlx::query("INSERT INTO device_codes (hash, expires_at) VALUES (?1, ?2)")
            .bind(secret::hash(&code))
            .bind(now + good_for)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(code)
    }

    /// Makes a tablet one of the shop's; the code is good for nothing then. Returns its token too.
    pub async fn register_device(
        &self,
        code: &str,
        name: &str,
        now: i64,
    ) -> Result<(Device, String), StoreError> {
        let code: String = code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let mut writing = self.write().await?;
        let spent = sqlx::query("DELETE FROM device_codes WHERE hash = ?1 AND expires_at > ?2")
            .bind(secret::hash(&code))
            .bind(now)
            .execute(&mut *writing)
            .await?;
        if spent.rows_affected() == 0 {
            return Err(StoreError::Refused(ProblemKind::WrongCode));
        }
        let (id, token) = (secret::id()?, secret::token()?);
        sqlx::query("INSERT INTO devices (id, name, hash, registered_at) VALUES (?, ?, ?, ?)")
            .bind(&id)
            .bind(name)
            .bind(secret::hash(&token))
            .bind(now)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        let device = Device {
            id: id.into(),
            name: name.to_owned(),
            demo_hint: None,
        };
        Ok((device, token))
    }

    /// Which tablet a token belongs to.
    pub async fn device(&self, token: &str) -> Result<Option<Device>, StoreError> {
        let row: Option<(String, String)> =
            sqlx::query_as("SELECT id, name FROM devices WHERE hash = ?1")
                .bind(secret::hash(token))
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(id, name)| Device {
            id: id.into(),
            name,
            demo_hint: None,
        }))
    }

    /// Signs somebody of the shop in by PIN. Refused with the seconds to wait after too many wrong
    /// ones.
    pub async fn staff_sign_in(
        &self,
        device: &DeviceId,
        pin: &str,
        language: Language,
        now: i64,
    ) -> Result<(Staff, String), StoreError> {
        // Counted before it is tried: many at once would all be tried before the first was counted.
        self.count_pin(device, now).await?;
        let all: Vec<(String, String)> = sqlx::query_as("SELECT id, pin FROM staff ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        // Slow on purpose, so not on a thread that answers others.
        let tried = pin.to_owned();
        let found = tokio::task::spawn_blocking(move || {
            all.into_iter()
                .find(|(_, kept)| secret::is_pin(&tried, kept))
                .map(|(id, _)| id)
        })
        .await
        .unwrap_or_default();
        let id = found.ok_or(StoreError::Refused(ProblemKind::WrongCode))?;
        let mut writing = self.write().await?;
        let token = secret::token()?;
        sqlx::query("UPDATE devices SET wrong_pins = 0, locked_until = 0 WHERE id = ?1")
            .bind(device.as_str())
            .execute(&mut *writing)
            .await?;
        sqlx::query("DELETE FROM desk_sessions WHERE expires_at <= ?1")
            .bind(now)
            .execute(&mut *writing)
            .await?;
        sqlx::query(
            "INSERT INTO desk_sessions (hash, staff, device, touched_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(secret::hash(&token))
        .bind(&id)
        .bind(device.as_str())
        .bind(now)
        .bind(now + SHIFT)
        .execute(&mut *writing)
        .await?;
        let staff = read_staff(&mut writing, &id, language).await?;
        writing.commit().await?;
        Ok((staff, token))
    }

    /// Counts a PIN as wrong until it is known to be right. Refused while the tablet waits.
    async fn count_pin(&self, device: &DeviceId, now: i64) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        let (wrong, until): (u32, i64) =
            sqlx::query_as("SELECT wrong_pins, locked_until FROM devices WHERE id = ?1")
                .bind(device.as_str())
                .fetch_one(&mut *writing)
                .await?;
        if until > now {
            return Err(StoreError::Wait(seconds(until - now)));
        }
        let until = if wrong + 1 >= WRONG_PINS {
            now + PIN_PAUSE
        } else {
            0
        };
        sqlx::query(
            "UPDATE devices SET wrong_pins = (wrong_pins + 1) % ?2, locked_until = ?3 WHERE id = ?1",
        )
        .bind(device.as_str())
        .bind(WRONG_PINS)
        .bind(until)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Who is at the desk with this session, at this tablet.
    pub async fn at_desk(
        &self,
        token: &str,
        device: &str,
        now: i64,
    ) -> Result<Option<AtDesk>, StoreError> {
        let row: Option<(String, String)> = sqlx::query_as(
            "SELECT staff.id, staff.role FROM desk_sessions AS s
             JOIN staff ON staff.id = s.staff JOIN devices AS d ON d.id = s.device
             WHERE s.hash = ?1 AND d.hash = ?2 AND s.expires_at > ?3 AND s.touched_at > ?4",
        )
        .bind(secret::hash(token))
        .bind(secret::hash(device))
        .bind(now)
        .bind(now - IDLE)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(id, role)| AtDesk {
            staff: id.into(),
            role: word(&role).unwrap_or(Role::Unknown),
        }))
    }

    /// Remembers that somebody at the desk did something.
    pub async fn touch_desk(&self, token: &str, now: i64) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        sqlx::query("UPDATE desk_sessions SET touched_at = ?2 WHERE hash = ?1")
            .bind(secret::hash(token))
            .bind(now)
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// Locks a desk.
    pub async fn end_desk_session(&self, token: &str) -> Result<(), StoreError> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM desk_sessions WHERE hash = ?1")
            .bind(secret::hash(token))
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// Somebody of the shop.
    pub async fn staff(&self, id: &StaffId, language: Language) -> Result<Staff, StoreError> {
        let mut reading = self.pool.acquire().await?;
        read_staff(&mut reading, id.as_str(), language).await
    }
}

async fn read_staff(
    reading: &mut SqliteConnection,
    id: &str,
    language: Language,
) -> Result<Staff, StoreError> {
    let (name, role): (String, String) =
        sqlx::query_as("SELECT name, role FROM staff WHERE id = ?1")
            .bind(id)
            .fetch_one(reading)
            .await?;
    Ok(Staff {
        id: id.into(),
        name: text(&name, language),
        role: word(&role).unwrap_or(Role::Unknown),
        lock_after: LOCK_AFTER,
    })
}
