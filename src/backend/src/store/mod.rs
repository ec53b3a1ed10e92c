//! The shop's one SQLite file. The only folder with SQL.
//!
//! Queries are checked when they run, not when they compile, so that nobody needs a database to
//! build. Reads go through a pool; a write is an immediate transaction, so that it waits for its
//! turn at its beginning and never fails half-way for a lock.

mod bundles;
mod cart;
mod catalog;
mod desk;
mod desk_intents;
mod habits;
mod holds;
mod intents;
pub(crate) mod live;
mod members;
mod orders;
mod payments;
mod placing;
mod purse;
mod quote;
mod returns;
mod sandbox;
mod seed;
mod sources;
mod steps;
mod storefront;
mod tastings;

pub use desk::{AtDesk, DEVICE_GOOD_FOR, SHIFT};
pub use intents::Answered;
pub use members::{CODE_GOOD_FOR, CODE_PAUSE, SESSION_GOOD_FOR};
pub use payments::Begun;
pub use placing::CheckedOrder;
pub use returns::CheckedReturn;
pub use sandbox::{Choice, SandboxPayment};
pub use seed::{Seed, StaffSeed};
pub use steps::By;
pub use tastings::AtCounterStep;

use crate::language::Language;
use crate::secret::NoRandomness;
use domain::after_sale::Misfit;
use domain::catalog::{Picture, Tint};
use domain::money::{Currency, MoneyError};
use domain::problem::ProblemKind;
use habits::Habits;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, watch};

/// Pictures are stored in one size.
const PICTURE_PIXELS: u32 = 256;

/// Why the store gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused or the file cannot be used.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds what the domain has no word for.
    #[error("the database holds a {what} that is not understood: {value}")]
    Corrupt {
        /// Which column.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// The cursor was not made by this backend, or for another order.
    #[error("the cursor is not valid")]
    BadCursor,
    /// Not allowed as things are; nothing was changed.
    #[error("refused: {0}")]
    Refused(ProblemKind),
    /// An order asks for a coupon that the member does not hold; nothing was changed. Its place
    /// among those asked for.
    #[error("coupon {0} of the order is not the member's")]
    NotTheirCoupon(usize),
    /// These pieces of the order cannot come back; nothing was changed.
    #[error("such pieces cannot come back: {0:?}")]
    Misfit(Misfit),
    /// Not so soon; nothing was changed. In seconds.
    #[error("to be tried again in {0} s")]
    Wait(u32),
    /// Faster than a room can read; nothing was changed. In seconds.
    #[error("too fast, to be tried again in {0} s")]
    TooFast(u32),
    /// A place was held too often without being booked; nothing was changed. In seconds.
    #[error("held too often, to be tried again in {0} s")]
    HeldTooOften(u32),
    /// A sum does not fit.
    #[error("an amount cannot be computed: {0}")]
    Money(#[from] MoneyError),
    /// Nothing that must not be guessed can be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Work beside the answers panicked, or was stopped with the shop.
    #[error("work beside the answers broke off")]
    BrokeOff,
    /// There is no shop in the file yet.
    #[error("there is no shop in the database")]
    NoShop,
}

impl StoreError {
    /// Whether the same request would be refused for good: its key remembers that.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Refused(kind) => kind.status() < 500 && *kind != ProblemKind::KeyReused,
            Self::NotTheirCoupon(_) | Self::Misfit(_) => true,
            _ => false,
        }
    }
}

/// The shop's database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
    /// SQLite has one writer at a time. Writers wait here in the order they came; SQLite's own
    /// waiting knows no order and gives up under load.
    turn: Arc<Mutex<()>>,
    /// What was last found out about the neighbours' baskets.
    habits: Arc<Mutex<Option<Arc<Habits>>>>,
    /// Rings after every write that has been committed here.
    committed: Arc<Notify>,
    /// Whether the shop is closing: whoever listens goes then.
    closing: watch::Sender<bool>,
    file: Arc<Path>,
}

/// A write: an immediate transaction, undone unless it is committed.
pub(crate) struct Writing {
    pool: SqlitePool,
    transaction: Transaction<'static, Sqlite>,
    committed: Arc<Notify>,
    _turn: OwnedMutexGuard<()>,
}

impl Writing {
    /// Makes it last.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await?;
        self.committed.notify_one();
        Ok(())
    }

    /// Takes everything back and begins anew, without leaving its turn to somebody else.
    pub(crate) async fn undone(self) -> Result<Self, StoreError> {
        self.transaction.rollback().await?;
        Ok(Self {
            transaction: self.pool.begin_with("BEGIN IMMEDIATE").await?,
            pool: self.pool,
            committed: self.committed,
            _turn: self._turn,
        })
    }
}

impl Deref for Writing {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}

impl Store {
    /// Opens the file, makes it when it is missing, and brings its schema up to date.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options)
            .await?;
        sqlx::migrate!("src/store/migrations").run(&pool).await?;
        Ok(Self {
            pool,
            turn: Arc::default(),
            habits: Arc::default(),
            committed: Arc::default(),
            closing: watch::Sender::new(false),
            file: file.into(),
        })
    }

    /// Begins a write, when it is its turn.
    pub(crate) async fn write(&self) -> Result<Writing, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        Ok(Writing {
            pool: self.pool.clone(),
            transaction: self.pool.begin_with("BEGIN IMMEDIATE").await?,
            committed: Arc::clone(&self.committed),
            _turn: turn,
        })
    }

    /// Whether a shop lives in the file.
    pub async fn has_shop(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM shop)")
            .fetch_one(&self.pool)
            .await?)
    }

    /// Tells whoever listens that the shop closes: what would go on for ever ends.
    pub fn say_goodbye(&self) {
        self.closing.send_replace(true);
    }

    /// Becomes true when the shop closes.
    pub(crate) fn goodbye(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Waits until something has been written here.
    pub(crate) async fn committed(&self) {
        self.committed.notified().await;
    }

    /// Where the file is.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Writes everything down and closes the file.
    pub async fn close(&self) {
        self.say_goodbye();
        self.pool.close().await;
    }

    /// Whether the file has been closed.
    pub fn is_closed(&self) -> bool {
        self.pool.is_closed()
    }
}

/// A text in the language asked for, zh where there is none.
fn text(json: &str, language: Language) -> String {
    let texts: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let in_language =
        |language: Language| texts.get(language.code()).and_then(|text| text.as_str());
    in_language(language)
        .or_else(|| in_language(Language::Zh))
        .unwrap_or_default()
        .to_owned()
}

fn picture(file: Option<String>, tint: &str) -> Option<Picture> {
    Some(Picture {
        url: ["/media/", &file?].concat(),
        width: PICTURE_PIXELS,
        height: PICTURE_PIXELS,
        tint: word(tint).unwrap_or(Tint::Unknown),
    })
}

fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::from_code(code).ok_or_else(|| StoreError::Corrupt {
        what: "currency",
        value: code.to_owned(),
    })
}

/// A word of the domain from its name on the wire.
fn word<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}
