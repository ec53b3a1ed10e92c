//! The live room's supervisor in thousands of simulated worlds: streams cut and silent, minutes
//! offline, the server restarted with its history or without, frames twice or lost. Whatever happens,
//! a viewer never shows what the server never had, and in the end shows what it has. `LINLI_SEED=57`
//! runs one world again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod server;
mod world;

use world::{Bug, World};

const WORLDS: u64 = 2_000;

fn seeds() -> Vec<u64> {
    match std::env::var("LINLI_SEED") {
        Ok(seed) => vec![seed.parse().expect("a number")],
        Err(_) => (1..=WORLDS).collect(),
    }
}

#[test]
fn every_viewer_ends_with_the_servers_state() {
    let (mut cuts, mut snapshots, mut epochs) = (0, 0, 0);
    for seed in seeds() {
        let world = World::run(seed, None);
        if let Err(why) = &world.verdict {
            panic!("seed {seed}: {why}");
        }
        cuts += world.cuts;
        snapshots += world.snapshots;
        epochs += world.epochs;
    }
    // The worlds must be bad enough for this to mean something.
    if std::env::var("LINLI_SEED").is_err() {
        assert!(cuts > 10 * WORLDS, "{cuts} cuts");
        assert!(snapshots > 3 * WORLDS, "{snapshots} snapshots");
        assert!(epochs > WORLDS / 2, "{epochs} histories lost");
    }
}

#[test]
fn every_planted_bug_is_seen() {
    for bug in Bug::ALL {
        let seen = (1..=400).find(|seed| World::run(*seed, Some(bug)).verdict.is_err());
        assert!(seen.is_some(), "{bug:?} is not seen");
    }
}
