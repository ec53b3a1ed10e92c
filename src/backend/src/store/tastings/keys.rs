//! The keys that sign the codes of tastings. Made once, kept in the file; the desk is told only the
//! public half.

use crate::clock::Clock;
use crate::secret;
use crate::store::{Store, StoreError};
use domain::check_in::DeskKeys;
use domain::codes::{self, SignedCode};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sqlx::SqliteConnection;

/// The shop's keys, the newest first.
pub(super) struct Keys(Vec<SigningKey>);

impl Keys {
    pub(super) async fn of(reading: &mut SqliteConnection) -> Result<Self, StoreError> {
        let seeds: Vec<String> =
            sqlx::query_scalar("SELECT seed FROM signing_keys ORDER BY id DESC")
                .fetch_all(reading)
                .await?;
        let keys = seeds.iter().map(|seed| {
            bytes(seed)
                .map(|seed| SigningKey::from_bytes(&seed))
                // Never the seed itself: this text goes into the log.
                .ok_or_else(|| StoreError::Corrupt {
                    what: "key",
                    value: "of another shape".to_owned(),
                })
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }

    /// The keys, with one made if there is none yet.
    pub(super) async fn made(writing: &mut SqliteConnection, now: i64) -> Result<Self, StoreError> {
        sqlx::query(
            "INSERT INTO signing_keys (seed, made_at) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM signing_keys)",
        )
        .bind(secret::seed()?)
        .bind(now)
        .execute(&mut *writing)
        .await?;
        Self::of(writing).await
    }

    /// The text of a code; `None` only where no key was ever made.
    pub(super) fn sign(&self, code: &SignedCode) -> Option<String> {
        let signature = self.0.first()?.sign(code.words().as_bytes());
        Some(code.text(&signature.to_bytes()))
    }

    /// What a code says, if the shop has signed it.
    pub(super) fn verified(&self, text: &str) -> Option<SignedCode> {
        let keys: Vec<VerifyingKey> = self.0.iter().map(SigningKey::verifying_key).collect();
        SignedCode::verified(text, &keys)
    }

    /// What nobody can say who has not been told it by this shop, about something that is so now.
    pub(super) fn nonce(&self, about: &str) -> String {
        let seed = self.0.first().map(SigningKey::to_bytes).unwrap_or_default();
        let seed: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = secret::hash(&["nonce ", &seed, " ", about].concat());
        hash.chars().take(24).collect()
    }
}

impl Store {
    /// By what the shop's codes can be checked.
    pub async fn desk_keys(&self, clock: &Clock) -> Result<DeskKeys, StoreError> {
        let mut writing = self.write().await?;
        let keys = Keys::made(&mut writing, clock.now().ms).await?;
        writing.commit().await?;
        let told = |key: &SigningKey| codes::told(&key.verifying_key());
        Ok(DeskKeys {
            keys: keys.0.iter().map(told).collect(),
        })
    }
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hex.len() != 64 {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        let pair = hex.get(2 * at..2 * at + 2)?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}
