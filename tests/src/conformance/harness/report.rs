//! What came of the cases.

use std::fmt;

/// A case in which an implementation is known to differ from AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownDifference {
    /// The suite's name.
    pub suite: &'static str,
    /// The case's name.
    pub case: &'static str,
    /// What the implementation does instead.
    pub reason: &'static str,
}

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The claim holds.
    Passed,
    /// It does not, or the case is listed as a difference and should not be. The explanation says which.
    Failed(String),
    /// It does not, as is known, for this reason.
    KnownDifference(&'static str),
}

#[derive(Clone, Debug)]
struct Line {
    suite: &'static str,
    case: &'static str,
    outcome: Outcome,
}

/// What came of all cases. Its text is a line a case and, last, `N passed, N failed`.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(super) fn add(&mut self, suite: &'static str, case: &'static str, outcome: Outcome) {
        self.lines.push(Line { suite, case, outcome });
    }

    /// How many cases passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Passed))
    }

    /// How many cases failed, wrongly listed differences included.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// How many cases differ as is known.
    #[must_use]
    pub fn differing(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::KnownDifference(_)))
    }

    /// What came of the case.
    #[must_use]
    pub fn outcome(&self, case: &str) -> Option<&Outcome> {
        self.lines.iter().find(|line| line.case == case).map(|line| &line.outcome)
    }

    fn count(&self, which: impl Fn(&Outcome) -> bool) -> usize {
        self.lines.iter().filter(|line| which(&line.outcome)).count()
    }
}

impl FromIterator<Report> for Report {
    fn from_iter<I: IntoIterator<Item = Report>>(reports: I) -> Self {
        Self { lines: reports.into_iter().flat_map(|report| report.lines).collect() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(formatter, "{line}")?;
        }
        if self.differing() > 0 {
            writeln!(formatter, "known differences: {}", self.differing())?;
        }
        write!(formatter, "{} passed, {} failed", self.passed(), self.failed())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} ... ", self.suite, self.case)?;
        match &self.outcome {
            Outcome::Passed => write!(formatter, "ok"),
            Outcome::Failed(explanation) => write!(formatter, "FAILED {explanation}"),
            Outcome::KnownDifference(reason) => write!(formatter, "known difference: {reason}"),
        }
    }
}
