//! A set of measurements in four figures.

use std::fmt;

/// Minimum, median, 99th percentile and maximum of measurements in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) median: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// The spread of `samples`; zeros where there are none.
    pub(crate) fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let index = (samples.len() * percent).div_ceil(100).saturating_sub(1);
            samples.get(index).copied().unwrap_or_default()
        };
        let max = samples.last().copied().unwrap_or_default();
        Self { min: samples.first().copied().unwrap_or_default(), median: at(50), p99: at(99), max }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>8.1} {:>8.1} {:>8.1} {:>8.1}", self.min, self.median, self.p99, self.max)
    }
}

/// A table of spreads, a row each.
pub(crate) fn table(rows: &[(&str, Spread)]) -> String {
    let mut table = format!("{:<34} {:>8} {:>8} {:>8} {:>8}\n", "", "min", "median", "p99", "max");
    for (name, spread) in rows {
        table.push_str(&format!("{name:<34} {spread}\n"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_the_sorted_samples() {
        let spread = Spread::of((1..=100).rev().map(f64::from).collect());
        assert_eq!(spread, Spread { min: 1.0, median: 50.0, p99: 99.0, max: 100.0 });
    }
}
