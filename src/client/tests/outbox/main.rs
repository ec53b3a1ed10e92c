//! The outbox in a simulated neighbourhood: phones with several tabs, a network that loses, repeats,
//! reorders and delays, a backend that fails before and after it has written, a clock that jumps, and
//! a hand that closes tabs between any two steps. Everything is drawn from one seed, so that what
//! went wrong goes wrong again: `LINLI_SEED=17 cargo test -p client --test outbox`.

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

use std::env;
use std::thread;
use world::{Figures, Flaw, World};

/// How many worlds the gate looks at.
const SEEDS: u64 = 10_000;
/// Within so many of them each planted bug must be seen.
const SEEDS_FOR_A_BUG: u64 = 2_000;

/// Runs one world to its end.
fn run(seed: u64, flaw: Option<Flaw>) -> Result<Figures, String> {
    World::new(seed, flaw).run()
}

#[test]
fn ten_thousand_worlds() {
    if let Some(seed) = env::var("LINLI_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
    {
        println!(
            "{:?}",
            run(seed, None).unwrap_or_else(|why| panic!("{why}"))
        );
        return;
    }
    let threads = 2;
    let parts: Vec<_> = (0..threads)
        .map(|part| {
            thread::spawn(move || {
                let mut sum = Figures::default();
                for seed in (part..SEEDS).step_by(threads as usize) {
                    match run(seed, None) {
                        Ok(figures) => sum.add(&figures),
                        Err(why) => panic!("seed {seed}: {why}"),
                    }
                }
                sum
            })
        })
        .collect();
    let mut sum = Figures::default();
    for part in parts {
        match part.join() {
            Ok(figures) => sum.add(&figures),
            Err(why) => std::panic::resume_unwind(why),
        }
    }
    println!("{SEEDS} worlds: {sum}");
    // The worlds are as bad as they are meant to be.
    assert!(sum.kills > SEEDS && sum.lost > SEEDS && sum.repeated > SEEDS && sum.failed > SEEDS);
    assert!(sum.done > SEEDS && sum.refused > SEEDS / 10 && sum.no_room > SEEDS / 100);
    assert!(sum.lapsed > 0 && sum.elsewhere > 0 && sum.replayed > SEEDS / 10);
}

#[test]
fn every_planted_bug_is_seen() {
    for flaw in Flaw::ALL {
        let seen = (0..SEEDS_FOR_A_BUG)
            .find_map(|seed| run(seed, Some(flaw)).err().map(|why| (seed, why)));
        let (seed, why) =
            seen.unwrap_or_else(|| panic!("{flaw:?} was not seen in {SEEDS_FOR_A_BUG} worlds"));
        println!("{flaw:?}: seed {seed}: {why}");
    }
}

#[test]
fn a_seed_is_one_world() {
    for seed in [3, 5, 8] {
        assert_eq!(run(seed, None), run(seed, None));
    }
}
