//! How good the decisions are.

use std::collections::BTreeMap;
use std::fmt;

use revops_core::Header;

/// The confidence from which on a decision must be right.
pub(crate) const SURE: f64 = 0.8;

/// A decision next to what was expected.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The file that the example stands in.
    pub(crate) source: String,
    /// The example's id.
    pub(crate) id: String,
    /// The question.
    pub(crate) query: String,
    /// The class that a careful person gives it.
    pub(crate) expected: Header,
    /// The class that was decided.
    pub(crate) header: Header,
    /// How sure the decision was.
    pub(crate) confidence: f64,
    /// Why.
    pub(crate) reason: String,
}

impl Outcome {
    fn is_right(&self) -> bool {
        self.expected == self.header
    }
}

/// Decisions on examples that were not trained on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scores(pub(crate) Vec<Outcome>);

impl Scores {
    /// The F1 of one class.
    pub(crate) fn f1(&self, header: Header) -> f64 {
        let count =
            |is: &dyn Fn(&Outcome) -> bool| ratio(self.0.iter().filter(|outcome| is(outcome)).count());
        let hits = count(&|outcome| outcome.expected == header && outcome.is_right());
        let named = count(&|outcome| outcome.expected == header || outcome.header == header);
        // True positives over themselves and half of all errors.
        if named == 0.0 { 1.0 } else { 2.0 * hits / (named + hits) }
    }

    /// The mean F1 of the classes.
    pub(crate) fn macro_f1(&self) -> f64 {
        Header::ALL.into_iter().map(|header| self.f1(header)).sum::<f64>() / ratio(Header::ALL.len())
    }

    /// Of those with a confidence from `low` to below `high`: how many there are, and how many are right.
    pub(crate) fn between(&self, low: f64, high: f64) -> (usize, usize) {
        let band = self.0.iter().filter(|outcome| (low..high).contains(&outcome.confidence));
        band.fold((0, 0), |(all, right), outcome| (all + 1, right + usize::from(outcome.is_right())))
    }

    /// The wrong ones.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Outcome> {
        self.0.iter().filter(|outcome| !outcome.is_right())
    }

    /// The scores of each file.
    pub(crate) fn by_source(&self) -> BTreeMap<&str, Self> {
        let mut sources: BTreeMap<&str, Self> = BTreeMap::new();
        for outcome in &self.0 {
            sources.entry(&outcome.source).or_default().0.push(outcome.clone());
        }
        sources
    }

    /// How often those that are sure are right, 0 to 1.
    pub(crate) fn right_when_sure(&self) -> f64 {
        let (sure, right) = self.between(SURE, f64::INFINITY);
        ratio(right) / ratio(sure.max(1))
    }

    /// The calibration table: how many are right in each tenth of confidence.
    pub(crate) fn calibration(&self) -> String {
        let tenths = (2..10).map(|tenth| {
            let (low, high) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
            let (all, right) = self.between(low, if tenth == 9 { f64::INFINITY } else { high });
            format!("  confidence {low:.1}: {right} of {all} right\n")
        });
        tenths.collect()
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sure, right) = self.between(SURE, f64::INFINITY);
        write!(f, "macro-F1 {:.3} on {}", self.macro_f1(), self.0.len())?;
        for header in Header::ALL {
            write!(f, "  {header} {:.3}", self.f1(header))?;
        }
        write!(f, "  sure {sure}, right {right} ({:.1} %)", 100.0 * self.right_when_sure())
    }
}

fn ratio(count: usize) -> f64 {
    count as f64
}
