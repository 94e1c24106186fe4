//! From datapoints to a state.
//!
//! Source: CloudWatch User Guide, "Using Amazon CloudWatch alarms", "Evaluating an alarm" and "How alarm state is
//! evaluated when data is missing", whose tables are the tests below. CloudWatch looks at more datapoints than the
//! alarm's evaluation periods, and does not say at how many; in those tables it is two more, and so it is here.

/// How many datapoints beyond the evaluation periods are looked at.
pub(super) const LOOKS_FURTHER: usize = 2;

/// An alarm's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Within the threshold.
    Ok,
    /// Outside it: the alarm rings when it comes here.
    Alarm,
    /// Nobody can tell.
    InsufficientData,
}

/// `TreatMissingData`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingData {
    /// It is left out.
    Missing,
    /// The state stays.
    Ignore,
    /// It counts as outside the threshold.
    Breaching,
    /// It counts as within.
    NotBreaching,
}

/// `DatapointsToAlarm` of `EvaluationPeriods`, and what to make of missing ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// N.
    pub evaluation_periods: usize,
    /// M.
    pub datapoints_to_alarm: usize,
    /// What a missing datapoint is.
    pub missing_data: MissingData,
}

impl Rule {
    /// How many datapoints are looked at.
    #[must_use]
    pub const fn range(&self) -> usize {
        self.evaluation_periods + LOOKS_FURTHER
    }

    /// The state after a look at `breaching`: for each datapoint of the range, the oldest first, whether it breaches
    /// the threshold, or that it is missing.
    #[must_use]
    pub fn state(&self, breaching: &[Option<bool>], before: State) -> State {
        let Self { evaluation_periods, datapoints_to_alarm, missing_data } = *self;
        let real: Vec<bool> = breaching.iter().rev().copied().flatten().take(evaluation_periods).collect();
        let bad = real.iter().filter(|breaches| **breaches).count();
        let filled = evaluation_periods - real.len();
        let decided = |bad: usize| if bad >= datapoints_to_alarm { State::Alarm } else { State::Ok };
        match missing_data {
            _ if filled == 0 => decided(bad),
            MissingData::NotBreaching => decided(bad),
            MissingData::Breaching => decided(bad + filled),
            MissingData::Missing | MissingData::Ignore if bad >= datapoints_to_alarm => State::Alarm,
            MissingData::Missing | MissingData::Ignore if real.len() > bad => State::Ok,
            MissingData::Ignore => before,
            // A breach that is about to be forgotten, and nothing that speaks against it.
            MissingData::Missing if breaching.first() == Some(&Some(true)) => State::Alarm,
            MissingData::Missing => State::InsufficientData,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: State = State::InsufficientData;

    /// One row of a table: the datapoints (0 within, X outside, - missing), and the state by treatment.
    fn check(row: &str, (wanted, periods): (usize, usize), states: [State; 4]) {
        let points: Vec<_> = row.split(' ').map(|point| (point != "-").then_some(point == "X")).collect();
        let treatments =
            [MissingData::Missing, MissingData::Ignore, MissingData::Breaching, MissingData::NotBreaching];
        for (missing_data, state) in treatments.into_iter().zip(states) {
            let rule = Rule { evaluation_periods: periods, datapoints_to_alarm: wanted, missing_data };
            assert_eq!(rule.range(), points.len());
            assert_eq!(rule.state(&points, BEFORE), state, "{row} {missing_data:?}");
        }
    }

    const OK: State = State::Ok;
    const ALARM: State = State::Alarm;
    const NONE: State = State::InsufficientData;

    #[test]
    fn three_of_three_datapoints_are_judged_as_in_the_user_guides_table() {
        check("0 - X - X", (3, 3), [OK, OK, OK, OK]);
        check("0 - - - -", (3, 3), [OK, OK, OK, OK]);
        check("- - - - -", (3, 3), [NONE, BEFORE, ALARM, OK]);
        check("0 X X - X", (3, 3), [ALARM, ALARM, ALARM, ALARM]);
        check("- - - - X", (3, 3), [NONE, BEFORE, ALARM, OK]);
        check("X - - - -", (3, 3), [ALARM, BEFORE, ALARM, OK]);
    }

    #[test]
    fn two_of_three_datapoints_are_judged_as_in_the_user_guides_table() {
        check("0 - X - X", (2, 3), [ALARM, ALARM, ALARM, ALARM]);
        check("0 0 X 0 X", (2, 3), [ALARM, ALARM, ALARM, ALARM]);
        check("0 - X - -", (2, 3), [OK, OK, ALARM, OK]);
        check("- - - - 0", (2, 3), [OK, OK, ALARM, OK]);
        check("- - - - X", (2, 3), [NONE, BEFORE, ALARM, OK]);
    }

    #[test]
    fn what_is_ignored_leaves_the_state_as_it_was() {
        let rule = Rule { evaluation_periods: 1, datapoints_to_alarm: 1, missing_data: MissingData::Ignore };
        for before in [OK, ALARM, NONE] {
            assert_eq!(rule.state(&[None, None, None], before), before);
        }
    }
}
