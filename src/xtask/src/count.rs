//! How many tests passed and failed, read from what the test runners say.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::AddAssign;

/// What a part of the gate came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed.
    pub failed: u32,
}

impl Tally {
    /// A part that is not a test runner counts as one test.
    pub const PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// The same, failed.
    pub const FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// A runner that failed has failed, whatever it counted: it may not have come to its tests. So
    /// has one that found no tests.
    pub fn or_failed(self, succeeded: bool) -> Self {
        match self {
            Self { failed: 0, passed } if !succeeded || passed == 0 => Self { passed, failed: 1 },
            tally => tally,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Adds up the closing lines of `cargo test`: `test result: ok. 3 passed; 0 failed; …`.
pub fn cargo(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines() {
        let Some((_, counts)) = line
            .trim()
            .strip_prefix("test result: ")
            .and_then(|it| it.split_once(". "))
        else {
            continue;
        };
        for count in counts.split("; ") {
            match count.split_once(' ') {
                Some((count, "passed")) => tally.passed += count.parse().unwrap_or(0),
                Some((count, "failed")) => tally.failed += count.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
    tally
}

/// Reads Playwright's JSON report. A test that passed only when it was repeated has failed.
pub fn browser(report: &str) -> Result<Tally> {
    #[derive(Deserialize)]
    struct Report {
        stats: Stats,
        /// What went wrong outside any test, for instance a file that cannot be read.
        #[serde(default)]
        errors: Vec<serde_json::Value>,
    }
    #[derive(Deserialize)]
    struct Stats {
        expected: u32,
        unexpected: u32,
        flaky: u32,
    }
    let report: Report =
        serde_json::from_str(report).context("Playwright's report cannot be read")?;
    let errors = u32::try_from(report.errors.len())?;
    let Stats {
        expected,
        unexpected,
        flaky,
    } = report.stats;
    Ok(Tally {
        passed: expected,
        failed: unexpected + flaky + errors,
    })
}

/// Reads schemathesis's JSON report. Every operation that was tried is a test; what went wrong
/// outside a check, such as an answer that never came, is one that failed.
pub fn schemathesis(report: &str) -> Result<Tally> {
    #[derive(Deserialize)]
    struct Report {
        operations: Operations,
        failures: Vec<Failure>,
        errors: Vec<serde_json::Value>,
    }
    #[derive(Deserialize)]
    struct Operations {
        tested: u32,
    }
    /// One kind of failure, and where it was seen.
    #[derive(Deserialize)]
    struct Failure {
        operations: BTreeSet<String>,
    }
    let report: Report =
        serde_json::from_str(report).context("schemathesis's report cannot be read")?;
    let failures = report.failures.into_iter();
    let failed: BTreeSet<String> = failures.flat_map(|failure| failure.operations).collect();
    let failed = u32::try_from(failed.len())?;
    Ok(Tally {
        passed: report.operations.tested.saturating_sub(failed),
        failed: failed + u32::try_from(report.errors.len())?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_cargo_are_added_up() {
        let output = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\
                      test result: FAILED. 4 passed; 2 failed; 0 ignored; finished in 0.1s\n\
                      a line that says 9 passed; 9 failed;\n";
        assert_eq!(
            cargo(output),
            Tally {
                passed: 7,
                failed: 2
            }
        );
    }

    #[test]
    fn a_runner_that_failed_has_failed() {
        assert_eq!(
            Tally {
                passed: 3,
                failed: 0
            }
            .or_failed(false),
            Tally {
                passed: 3,
                failed: 1
            }
        );
        assert_eq!(
            Tally {
                passed: 3,
                failed: 2
            }
            .or_failed(false),
            Tally {
                passed: 3,
                failed: 2
            }
        );
        assert_eq!(Tally::default().or_failed(true), Tally::FAILED, "no tests");
        assert_eq!(Tally::PASSED.or_failed(true), Tally::PASSED);
    }

    #[test]
    fn playwright_counts() {
        let report = r#"{"errors":[{"message":"x"}],
            "stats":{"expected":5,"unexpected":1,"flaky":1,"skipped":4,"duration":12.5}}"#;
        assert_eq!(
            browser(report).unwrap(),
            Tally {
                passed: 5,
                failed: 3
            }
        );
        assert!(browser("{}").is_err());
    }

    #[test]
    fn schemathesis_counts_operations() {
        let report = r#"{"operations":{"total":26,"tested":25},"errors":[{"type":"ConnectionError"}],
            "failures":[{"type":"ServerError","count":9,"operations":["GET /a","GET /b"]},
                        {"type":"UndefinedStatusCode","count":2,"operations":["GET /a"]}]}"#;
        assert_eq!(
            schemathesis(report).unwrap(),
            Tally {
                passed: 23,
                failed: 3
            }
        );
        assert!(schemathesis("{}").is_err());
    }
}
