//! What identifies a series, and how its values become datapoints.

use std::collections::BTreeMap;

/// What identifies a series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesId {
    /// The namespace.
    pub namespace: String,
    /// The metric's name.
    pub name: String,
    /// Its dimensions, all of them: another set is another series.
    pub dimensions: BTreeMap<String, String>,
}

impl SeriesId {
    /// The series of `namespace` with this name and these dimensions.
    #[must_use]
    pub fn new(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.iter().map(owned).collect(),
        }
    }
}

/// How the values of a period become one datapoint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// The sum.
    Sum,
    /// The mean.
    Average,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// How many there are.
    SampleCount,
    /// The value that so many per cent do not exceed.
    Percentile(f64),
}

impl Statistic {
    /// The statistic of this name, such as `Sum` or `p90`.
    ///
    /// # Panics
    /// CloudWatch has no such statistic.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "SampleCount" => Self::SampleCount,
            _ => {
                let percent = name.strip_prefix('p').and_then(|percent| percent.parse().ok());
                Self::Percentile(percent.unwrap_or_else(|| panic!("{name} is no statistic")))
            }
        }
    }

    /// The datapoint of these values; none where there are none.
    #[must_use]
    pub fn of(self, values: &[f64]) -> Option<f64> {
        if values.is_empty() {
            return None;
        }
        let count = as_number(values.len());
        Some(match self {
            Self::Sum => values.iter().sum(),
            Self::Average => values.iter().sum::<f64>() / count,
            Self::Minimum => values.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Maximum => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::SampleCount => count,
            Self::Percentile(percent) => percentile(values, percent),
        })
    }
}

/// The smallest value that `percent` of all do not exceed.
fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let share = |index: usize| as_number(index + 1) * 100.0 / as_number(sorted.len());
    let rank = (0..sorted.len()).find(|index| share(*index) >= percent).unwrap_or(sorted.len() - 1);
    sorted[rank]
}

#[expect(clippy::cast_precision_loss, reason = "a test has few values")]
const fn as_number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statistic_makes_its_datapoint() {
        let values = [4.0, 1.0, 3.0, 2.0];
        let of = |name: &str| Statistic::named(name).of(&values).unwrap();
        assert_eq!([of("Sum"), of("Average"), of("SampleCount")], [10.0, 2.5, 4.0]);
        assert_eq!([of("Minimum"), of("Maximum"), of("p50"), of("p90")], [1.0, 4.0, 2.0, 4.0]);
        assert_eq!(Statistic::Sum.of(&[]), None);
    }
}
