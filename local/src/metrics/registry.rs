//! Sums up the metrics seen since the stack started.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde::Serialize;

use super::emf::{self, Series};
use super::rules;
use crate::json;

/// New series above this many are not recorded: a function that put an id into a dimension would else fill
/// the memory (and, deployed, cost a metric for each).
const MOST_SERIES: usize = 10_000;

/// The course of a series is kept in parts of so many seconds, and so many parts of it.
const PART_SECONDS: i64 = 10;
const MOST_PARTS: usize = 30;

/// All series. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Registry(Arc<Mutex<BTreeMap<Series, Statistics>>>);

#[derive(Debug, Clone, PartialEq)]
struct Statistics {
    unit: String,
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
    latest: f64,
    latest_at_ms: i64,
    /// The sum of each part of the time in which something was measured, by the second at which it begins.
    course: BTreeMap<i64, f64>,
}

/// One series as `GET /_local/metrics` shows it.
#[derive(Serialize)]
struct Shown<'a> {
    namespace: &'a str,
    name: &'a str,
    dimensions: &'a BTreeMap<String, String>,
    unit: &'a str,
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
    latest: f64,
    latest_at_ms: i64,
    course: &'a BTreeMap<i64, f64>,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// It measures nothing.
    NoMetric,
    /// Its measurements are counted.
    Counted,
    /// It wants to measure, and CloudWatch would refuse it for this reason, in silence.
    Refused(String),
}

impl Registry {
    /// Records what `line` measures, as far as CloudWatch would.
    pub(crate) fn record(&self, line: &str) -> Recorded {
        // Most lines are logs: a glance spares parsing them.
        if !line.contains("\"_aws\"") {
            return Recorded::NoMetric;
        }
        if let Err(rule) = rules::broken(line) {
            return Recorded::Refused(rule);
        }
        let Some(all) = emf::parse(line) else {
            return Recorded::Refused("not understood".to_owned());
        };
        let mut known = self.known();
        for emf::Values { series, unit, timestamp_ms, values } in all {
            let is_full = known.len() >= MOST_SERIES;
            let statistics = match known.entry(series) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(_) if is_full => continue,
                Entry::Vacant(entry) => entry.insert(Statistics::none(unit)),
            };
            for value in values {
                statistics.add(value, timestamp_ms);
            }
        }
        Recorded::Counted
    }

    /// `GET /_local/metrics`: a JSON array, one entry a series.
    pub(crate) fn routes(&self) -> Router {
        Router::new().route("/_local/metrics", get(show)).with_state(self.clone())
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Series, Statistics>> {
        // Nothing is left half done under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn show(State(registry): State<Registry>) -> Response {
    let known = registry.known();
    let shown: Vec<Shown> = known.iter().map(|(series, statistics)| shown(series, statistics)).collect();
    json::response(StatusCode::OK, &shown)
}

fn shown<'a>(series: &'a Series, statistics: &'a Statistics) -> Shown<'a> {
    let Series { namespace, name, dimensions } = series;
    let Statistics { unit, count, sum, min, max, latest, latest_at_ms, course } = statistics;
    Shown {
        namespace,
        name,
        dimensions,
        unit,
        count: *count,
        sum: *sum,
        min: *min,
        max: *max,
        latest: *latest,
        latest_at_ms: *latest_at_ms,
        course,
    }
}

impl Statistics {
    fn none(unit: String) -> Self {
        let (min, max) = (f64::INFINITY, f64::NEG_INFINITY);
        Self { unit, count: 0, sum: 0.0, min, max, latest: 0.0, latest_at_ms: 0, course: BTreeMap::new() }
    }

    fn add(&mut self, value: f64, at_ms: i64) {
        self.count += 1;
        self.sum += value;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.latest = value;
        self.latest_at_ms = at_ms;
        *self.course.entry(at_ms.div_euclid(PART_SECONDS * 1000) * PART_SECONDS).or_default() += value;
        if self.course.len() > MOST_PARTS {
            self.course.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &str, header: &str) -> String {
        format!(
            r#"{{"_aws":{{"Timestamp":1574109732004,"CloudWatchMetrics":[{{"Namespace":"N","Dimensions":[["Header"]],"Metrics":[{{"Name":"M","Unit":"Count"}}]}}]}},"Header":"{header}","M":{value}}}"#
        )
    }

    #[test]
    fn values_of_one_series_are_summed_up_and_others_kept_apart() {
        let registry = Registry::default();
        assert_eq!(registry.record(&line("[4, 2]", "general")), Recorded::Counted);
        assert_eq!(registry.record(&line("3", "general")), Recorded::Counted);
        assert_eq!(registry.record(&line("7", "deal_analysis")), Recorded::Counted);
        assert_eq!(registry.record("a log line"), Recorded::NoMetric);
        assert!(matches!(registry.record(&line("7", "")), Recorded::Refused(_)));
        let known = registry.known();
        let general = known.iter().find(|(series, _)| series.dimensions["Header"] == "general").unwrap().1;
        let expected = Statistics {
            unit: "Count".to_owned(),
            count: 3,
            sum: 9.0,
            min: 2.0,
            max: 4.0,
            latest: 3.0,
            latest_at_ms: 1_574_109_732_004,
            course: BTreeMap::from([(1_574_109_730, 9.0)]),
        };
        assert_eq!((known.len(), general), (2, &expected));
    }

    #[test]
    fn only_the_latest_parts_of_a_course_are_kept() {
        let mut statistics = Statistics::none("Count".to_owned());
        for part in 0..100 {
            statistics.add(1.0, part * 10_000);
            statistics.add(1.0, part * 10_000 + 9_999);
        }
        assert_eq!(
            (statistics.course.len(), statistics.course.first_key_value()),
            (MOST_PARTS, Some((&700, &2.0)))
        );
    }

    #[test]
    fn an_id_as_a_dimension_does_not_fill_the_memory() {
        let registry = Registry::default();
        for id in 0..=MOST_SERIES {
            registry.record(&line("1", &id.to_string()));
        }
        assert_eq!(registry.known().len(), MOST_SERIES);
    }
}
