//! Minutes in a row.

use super::recording::Recording;
use super::series::{SeriesId, Statistic};

/// How long an incident lasts, in minutes.
const INCIDENT: i64 = 120;

/// What CloudWatch has: a past without a beginning, and two hours that are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a> {
    before: &'a Recording,
    incident: &'a Recording,
}

impl<'a> Timeline<'a> {
    /// Two hours whose every minute is like `incident`, after minutes that are all like `before`.
    #[must_use]
    pub const fn new(before: &'a Recording, incident: &'a Recording) -> Self {
        Self { before, incident }
    }

    /// The minutes at whose beginnings CloudWatch looks.
    #[must_use]
    pub const fn looks() -> std::ops::Range<i64> {
        1..INCIDENT + 1
    }

    /// The datapoint of the `minutes` before (and without) the minute `end`.
    #[must_use]
    pub fn datapoint(&self, id: &SeriesId, end: i64, minutes: i64, statistic: Statistic) -> Option<f64> {
        let of_incident = end.clamp(0, minutes);
        let values = |recording: &Recording, minutes: i64| {
            let values = recording.0.get(id).map(Vec::as_slice).unwrap_or_default();
            values.repeat(usize::try_from(minutes).unwrap())
        };
        let all = [values(self.before, minutes - of_incident), values(self.incident, of_incident)].concat();
        statistic.of(&all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datapoint_is_of_the_minutes_of_its_own_period() {
        let id = SeriesId::new("N", "M", &[("D", "v")]);
        let minute = |value: f64| Recording([(id.clone(), vec![value])].into());
        let (before, incident) = (minute(1.0), minute(10.0));
        let timeline = Timeline::new(&before, &incident);
        let sum = |end| timeline.datapoint(&id, end, 5, Statistic::Sum).unwrap();
        assert_eq!([sum(0), sum(1), sum(4), sum(5), sum(60)], [5.0, 14.0, 41.0, 50.0, 50.0]);
        let other = SeriesId::new("N", "M", &[]);
        assert_eq!(
            timeline.datapoint(&other, 5, 5, Statistic::Sum),
            None,
            "other dimensions are another series"
        );
        let silence = Recording::default();
        assert_eq!(Timeline::new(&before, &silence).datapoint(&id, 5, 5, Statistic::Sum), None);
    }
}
