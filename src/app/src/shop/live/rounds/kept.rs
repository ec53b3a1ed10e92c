//! What is kept on the device until its outcome is known.

use crate::browser::{new_key, storage};
use crate::state::session::{CLAIM, WISH, WISHED, WISHING};
use domain::id::{DropId, RoundId, WishId};
use serde::Serialize;

/// A wish on its way, of which it is not known whether it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wishing {
    /// In which round.
    pub round: RoundId,
    /// For what.
    pub phrase: String,
    /// The name of the intent.
    pub key: String,
}

domain::readable!(Wishing { round, phrase, key });

/// What was wished for from this device, in the member's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wished {
    /// In which round.
    pub round: RoundId,
    /// What the shop took it for.
    pub wishes: Vec<WishId>,
}

domain::readable!(Wished { round, wishes });

/// A claim on its way, of which it is not known whether it was in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Claiming {
    drop: DropId,
    key: String,
}

domain::readable!(Claiming { drop, key });

/// The wish as typed.
pub fn draft() -> String {
    storage::read(WISH).unwrap_or_default()
}

/// Keeps the wish as typed.
pub fn keep_draft(text: &str) {
    if text.is_empty() {
        storage::forget(WISH);
    } else {
        storage::write(WISH, &text);
    }
}

/// The wish of this round that is on its way. One of a round before never arrives any more, so it
/// is forgotten; its words are typed still.
pub fn wishing(round: &RoundId) -> Option<Wishing> {
    let kept: Wishing = storage::read(WISHING)?;
    if kept.round == *round {
        return Some(kept);
    }
    storage::forget(WISHING);
    None
}

/// Writes a wish down before it is sent.
pub fn begin_wish(round: &RoundId, phrase: &str) -> Wishing {
    let wishing = Wishing {
        round: round.clone(),
        phrase: phrase.to_owned(),
        key: new_key(),
    };
    storage::write(WISHING, &wishing);
    wishing
}

/// The outcome of the wish is known.
pub fn end_wish() {
    storage::forget(WISHING);
}

/// What was wished for in this round from this device.
pub fn wished(round: &RoundId) -> Vec<WishId> {
    let kept: Option<Wished> = storage::read(WISHED);
    let kept = kept.filter(|kept| kept.round == *round);
    kept.map(|kept| kept.wishes).unwrap_or_default()
}

/// Keeps what was wished for in this round from this device.
pub fn keep_wished(round: &RoundId, wishes: &[WishId]) {
    let wished = Wished {
        round: round.clone(),
        wishes: wishes.to_vec(),
    };
    storage::write(WISHED, &wished);
}

/// Whether it is not known if a coupon of this drop was got.
pub fn is_claiming(drop: &DropId) -> bool {
    storage::read::<Claiming>(CLAIM).is_some_and(|kept| kept.drop == *drop)
}

/// The key of the claim of a coupon of this drop, written down before it is sent: one a device,
/// until the outcome is known.
pub fn claim_key(drop: &DropId) -> String {
    let kept: Option<Claiming> = storage::read(CLAIM);
    if let Some(kept) = kept.filter(|kept| kept.drop == *drop) {
        return kept.key;
    }
    let claiming = Claiming {
        drop: drop.clone(),
        key: new_key(),
    };
    storage::write(CLAIM, &claiming);
    claiming.key
}

/// The outcome of the claim is known.
pub fn end_claim() {
    storage::forget(CLAIM);
}
