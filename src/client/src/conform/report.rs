//! What came of all rules: to be read by a person, or as JSON.

use super::rule::{Not, Outcome};
use serde::Serialize;
use std::fmt;

/// What came of all rules.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// A line for each rule, in their order.
    pub lines: Vec<Line>,
    /// The numbers of orders that could not be cancelled again.
    pub left_behind: Vec<String>,
}

/// What came of one rule.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The part of the contract it belongs to.
    pub group: &'static str,
    /// What a backend must do.
    pub rule: &'static str,
    /// Whether this one does.
    pub verdict: Verdict,
    /// Why not; empty for a rule that holds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// Whether a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Holds,
    /// The backend does otherwise.
    Missing,
    /// It could not be tried.
    Skipped,
}

impl Report {
    pub(super) fn tell(&mut self, group: &'static str, rule: &'static str, outcome: Outcome) {
        let (verdict, why) = match outcome {
            Ok(()) => (Verdict::Holds, String::new()),
            Err(Not::Kept(why)) => (Verdict::Missing, why),
            Err(Not::Tried(why)) => (Verdict::Skipped, why),
        };
        self.lines.push(Line {
            group,
            rule,
            verdict,
            why,
        });
    }

    /// How many rules came out like this.
    pub fn count(&self, verdict: Verdict) -> usize {
        let same = self.lines.iter().filter(|line| line.verdict == verdict);
        same.count()
    }

    /// Whether no rule is broken.
    pub fn nothing_missing(&self) -> bool {
        self.count(Verdict::Missing) == 0
    }

    /// `{"holds":…,"missing":…,"skipped":…,"lines":[…],"left_behind":[…]}`
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "holds": self.count(Verdict::Holds),
            "missing": self.count(Verdict::Missing),
            "skipped": self.count(Verdict::Skipped),
            "lines": self.lines,
            "left_behind": self.left_behind,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = "";
        for line in &self.lines {
            if line.group != group {
                group = line.group;
                writeln!(f, "{group}")?;
            }
            match line.verdict {
                Verdict::Holds => writeln!(f, "  holds    {}", line.rule)?,
                Verdict::Missing => writeln!(f, "  MISSING  {}: {}", line.rule, line.why)?,
                Verdict::Skipped => writeln!(f, "  skipped  {} ({})", line.rule, line.why)?,
            }
        }
        if !self.left_behind.is_empty() {
            let orders = self.left_behind.join(", ");
            writeln!(f, "\nCould not be cancelled again: {orders}")?;
        }
        writeln!(
            f,
            "\n{} hold, {} missing, {} skipped",
            self.count(Verdict::Holds),
            self.count(Verdict::Missing),
            self.count(Verdict::Skipped)
        )
    }
}
