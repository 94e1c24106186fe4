//! Running a suite: all cases at once within a bound, each against a deadline.

use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use tokio::task::JoinError;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::{Case, KnownDifference, Outcome, Report, Verdict};

/// How many cases run at a time.
const AT_A_TIME: usize = 16;
/// A case that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(30);

/// Named cases about subjects of one kind.
#[derive(Debug)]
pub struct Suite<S> {
    name: &'static str,
    cases: Vec<Case<S>>,
}

impl<S: Clone + Send + 'static> Suite<S> {
    /// The suite of these cases.
    #[must_use]
    pub const fn new(name: &'static str, cases: Vec<Case<S>>) -> Self {
        Self { name, cases }
    }

    /// Checks all cases against `subject`. Of `known` only this suite's differences count.
    pub async fn run(self, subject: S, known: &[KnownDifference]) -> Report {
        let Self { name, cases } = self;
        let known: Vec<&KnownDifference> =
            known.iter().filter(|difference| difference.suite == name).collect();
        let mut report = Report::default();
        let checks = cases.iter().map(|case| {
            let check = tokio::spawn(timeout(LONGEST, case.check(subject.clone())));
            async move { (case.name(), check.await) }
        });
        let mut verdicts = stream::iter(checks).buffered(AT_A_TIME);
        while let Some((case, ended)) = verdicts.next().await {
            let reason = known.iter().find(|difference| difference.case == case).map(|found| found.reason);
            report.add(name, case, judge(ended, reason));
        }
        for stale in known.iter().filter(|difference| cases.iter().all(|case| case.name() != difference.case))
        {
            let explanation = "is listed as a known difference, and there is no such case".to_owned();
            report.add(name, stale.case, Outcome::Failed(explanation));
        }
        report
    }
}

fn judge(ended: Result<Result<Verdict, Elapsed>, JoinError>, known: Option<&'static str>) -> Outcome {
    let explanation = match ended {
        Ok(Ok(Ok(()))) => None,
        Ok(Ok(Err(failure))) => Some(failure.to_string()),
        Ok(Err(_)) => Some(format!("has not ended after {} s", LONGEST.as_secs())),
        Err(panicked) => Some(panicked.to_string()),
    };
    match (explanation, known) {
        (None, None) => Outcome::Passed,
        (Some(_), Some(reason)) => Outcome::KnownDifference(reason),
        (Some(explanation), None) => Outcome::Failed(explanation),
        (None, Some(_)) => Outcome::Failed("passes: take it off the list of known differences".to_owned()),
    }
}
