//! The metrics of the one-machine stack: totals since its start.

use std::collections::BTreeMap;

use reqwest::Method;
use revops_core::Timestamp;
use revops_core::telemetry::{Metric, NAMESPACE};
use serde::Deserialize;

use super::Row;
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::target::Target;

/// One series: a metric under one set of dimensions.
#[derive(Deserialize)]
struct Series {
    namespace: String,
    name: String,
    dimensions: BTreeMap<String, String>,
    count: f64,
    sum: f64,
    max: f64,
    /// Sums by the second at which their part of the time begins.
    #[serde(default)]
    course: BTreeMap<i64, f64>,
}

/// How the stack cuts the time: parts of so many seconds, and so many of them.
const PART_SECONDS: i64 = 10;
const PARTS: i64 = 30;

/// Every metric that there is, also those of which nothing was measured.
pub(super) async fn rows(target: &Target, now: Timestamp) -> Result<Vec<Row>, CtlError> {
    let answer = call(target, Method::GET, "/_local/metrics", &[], None).await?;
    if answer.status != 200 {
        return Err(refused(&answer));
    }
    let series: Vec<Series> = serde_json::from_value(answer.body).map_err(|cause| {
        CtlError::Failed(format!("the stack's metrics are not understood: {cause}; restart `cargo local`"))
    })?;
    Ok(Metric::ALL.map(|metric| row(metric, &series, now)).into())
}

impl Series {
    /// Whether it has all that a service measured under the name: each other series of the name is a part of it.
    fn is_whole(&self) -> bool {
        self.dimensions.keys().eq(["Service"])
    }
}

/// What all services measured of one metric.
fn row(metric: Metric, series: &[Series], now: Timestamp) -> Row {
    let name = metric.name();
    let own = series.iter().filter(|one| one.namespace == NAMESPACE && one.name == name && one.is_whole());
    let last = now.unix_seconds().div_euclid(PART_SECONDS) * PART_SECONDS;
    let parts = (0..PARTS).rev().map(|part| last - part * PART_SECONDS);
    let at = |second: i64| own.clone().filter_map(|one| one.course.get(&second)).sum();
    let none = Row { metric, count: 0.0, sum: 0.0, max: None, course: parts.map(at).collect() };
    own.clone().fold(none, |row, one| Row {
        count: row.count + one.count,
        sum: row.sum + one.sum,
        max: Some(row.max.map_or(one.max, |max| max.max(one.max))),
        ..row
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_put_together_from_all_services_and_nothing_is_counted_twice() {
        let one = |namespace: &str, dimensions: &[(&str, &str)], sum| Series {
            namespace: namespace.to_owned(),
            name: "Failures".to_owned(),
            dimensions: dimensions.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            count: 1.0,
            sum,
            max: sum,
            course: BTreeMap::from([(990, sum)]),
        };
        let series = [
            one(NAMESPACE, &[("Service", "delivery")], 2.0),
            one(NAMESPACE, &[("Service", "delivery"), ("Outcome", "receiver_4xx")], 2.0),
            one(NAMESPACE, &[("Service", "gateway")], 3.0),
            one("Other", &[("Service", "gateway")], 9.0),
        ];
        let row = row(Metric::Failures, &series, Timestamp::from_unix_ms(1_005_000));
        assert_eq!((row.count, row.sum, row.max), (2.0, 5.0, Some(3.0)));
        assert_eq!(row.course[28..], [5.0, 0.0], "the latest part is at the right end");
    }
}
