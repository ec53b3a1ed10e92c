//! What becomes of a request on its way.

use super::{Place, Request, Step, TIMEOUT, World};
use crate::server::refused;
use client::Error;
use domain::problem::ProblemKind;

impl World {
    pub(super) fn request(&mut self, place: Place, key: String, turn: u32, request: Request) {
        if !self.phones[place.phone].is_online {
            let gone = Err(Error::Offline);
            return self.at(1, Step::Answer(place, key, turn, gone));
        }
        let patience = Err(Error::TimedOut);
        self.at(TIMEOUT, Step::Answer(place, key, turn, patience));
        let copies = self.copies();
        for _ in 0..copies {
            let after = self.delay();
            self.at(after, Step::Arrives(place, turn, request.clone()));
        }
    }

    /// How often something on its way arrives.
    pub(super) fn copies(&mut self) -> u32 {
        if self.is_bad && self.chance.is(20) {
            self.figures.lost += 1;
            0
        } else if self.is_bad && self.chance.is(15) {
            self.figures.repeated += 1;
            2
        } else {
            1
        }
    }

    /// Mostly soon, sometimes long after nobody waits any more.
    pub(super) fn delay(&mut self) -> i64 {
        let most = match self.chance.below(10) {
            _ if !self.is_bad => 100,
            0 => 90_000,
            1 | 2 => 15_000,
            _ => 400,
        };
        5 + self.chance.below(most)
    }

    pub(super) fn arrive(&mut self, place: Place, turn: u32, request: Request) {
        let (is_bad, chance) = (self.is_bad, &mut self.chance);
        let mut happens = |percent: i64| is_bad && chance.is(percent);
        let (fails_before, fails_after, busy) = (happens(5), happens(8), happens(4));
        let (Request::Place(entry) | Request::Ask(entry)) = &request;
        // The key as the tab knows it.
        let key = entry.key.split('+').next().unwrap_or_default().to_owned();
        let signed_in = self.phones[place.phone].is_signed_in;
        let answer = if !signed_in {
            Err(refused(ProblemKind::NotSignedIn))
        } else if fails_before {
            self.figures.failed += 1;
            Err(refused(ProblemKind::Internal))
        } else if busy {
            Err(Error::Refused {
                problem: domain::problem::Problem::new(ProblemKind::TooManyRequests, ""),
                retry_after: Some(3),
            })
        } else {
            let answer = match &request {
                Request::Place(entry) => self.server.place(entry, self.now),
                Request::Ask(entry) => self.server.ask(&entry.owner, &entry.key, self.now),
            };
            if fails_after {
                self.figures.failed += 1;
                Err(refused(ProblemKind::Internal))
            } else {
                answer
            }
        };
        for _ in 0..self.copies() {
            let after = self.delay();
            self.at(
                after,
                Step::Answer(place, key.clone(), turn, answer.clone()),
            );
        }
    }
}
