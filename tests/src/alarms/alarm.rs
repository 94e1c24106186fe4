//! Alarms, and when they ring.

use std::collections::BTreeMap;

use super::evaluate::{Rule, State};
use super::expression::Expression;
use super::series::{SeriesId, Statistic};
use super::timeline::Timeline;

/// One series of an alarm and how its values become datapoints.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Its id in the alarm's expression.
    pub id: String,
    /// The series.
    pub series: SeriesId,
    /// How a period's values become a datapoint.
    pub statistic: Statistic,
}

/// Where an alarm's datapoints come from.
#[derive(Clone, Debug)]
pub struct Query {
    /// What is made of the series.
    pub expression: Expression,
    /// The series.
    pub watched: Vec<Watched>,
    /// The period, in minutes.
    pub minutes: i64,
}

/// A metric alarm.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// The logical id.
    pub id: String,
    /// What on-call reads.
    pub description: String,
    /// Whether somebody is told.
    pub acts: bool,
    /// Its datapoints.
    pub query: Query,
    pub(super) comparison: String,
    pub(super) threshold: f64,
    pub(super) rule: Rule,
}

/// A composite alarm whose rule is that all of others ring.
#[derive(Clone, Debug)]
pub struct Composite {
    /// The logical id.
    pub id: String,
    /// What on-call reads.
    pub description: String,
    /// The others' logical ids.
    pub all_of: Vec<String>,
}

/// All alarms of the template.
#[derive(Clone, Debug)]
pub struct Alarms {
    /// Those on metrics.
    pub metric: Vec<Alarm>,
    /// Those on alarms.
    pub composite: Vec<Composite>,
}

impl Alarms {
    /// The ids of the alarms that somebody hears of and that ring at least once when CloudWatch looks.
    #[must_use]
    pub fn ringing(&self, timeline: &Timeline<'_>) -> Vec<String> {
        let states: BTreeMap<&str, Vec<bool>> =
            self.metric.iter().map(|alarm| (alarm.id.as_str(), alarm.rings(timeline))).collect();
        let acting =
            self.metric.iter().filter(|alarm| alarm.acts && states[alarm.id.as_str()].contains(&true));
        let all = |composite: &&Composite| {
            let count = states.values().next().map_or(0, Vec::len);
            (0..count).any(|minute| composite.all_of.iter().all(|id| states[id.as_str()][minute]))
        };
        let composite = self.composite.iter().filter(all).map(|alarm| alarm.id.clone());
        let mut found: Vec<_> = acting.map(|alarm| alarm.id.clone()).chain(composite).collect();
        found.sort();
        found
    }
}

impl Alarm {
    /// How many minutes after the incident's beginning it rings first; none if it never does.
    #[must_use]
    pub fn rings_after(&self, timeline: &Timeline<'_>) -> Option<usize> {
        self.rings(timeline).iter().position(|rings| *rings).map(|look| look + 1)
    }

    /// For each look, whether it rings.
    fn rings(&self, timeline: &Timeline<'_>) -> Vec<bool> {
        let mut state = State::InsufficientData;
        let look = |minute| {
            state = self.rule.state(&self.breaching(timeline, minute), state);
            state == State::Alarm
        };
        Timeline::looks().map(look).collect()
    }

    /// Whether each datapoint of the evaluation range before the minute `end` breaches the threshold.
    fn breaching(&self, timeline: &Timeline<'_>, end: i64) -> Vec<Option<bool>> {
        let ends =
            (0..self.rule.range()).rev().map(|back| end - self.query.minutes * i64::try_from(back).unwrap());
        ends.map(|end| self.query.datapoint(timeline, end).map(|value| self.breaches(value))).collect()
    }

    fn breaches(&self, value: f64) -> bool {
        match self.comparison.as_str() {
            "GreaterThanOrEqualToThreshold" => value >= self.threshold,
            "GreaterThanThreshold" => value > self.threshold,
            "LessThanThreshold" => value < self.threshold,
            "LessThanOrEqualToThreshold" => value <= self.threshold,
            other => panic!("{}: {other} is not understood", self.id),
        }
    }
}

impl Query {
    fn datapoint(&self, timeline: &Timeline<'_>, end: i64) -> Option<f64> {
        let point = |id: &str| {
            let watched = self.watched.iter().find(|watched| watched.id == id);
            let watched = watched.unwrap_or_else(|| panic!("the expression names {id}, which is no metric"));
            timeline.datapoint(&watched.series, end, self.minutes, watched.statistic)
        };
        self.expression.value(&point)
    }
}
