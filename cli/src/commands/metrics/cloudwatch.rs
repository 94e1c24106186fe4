//! The metrics on AWS: CloudWatch's `GetMetricData`.

use std::collections::BTreeMap;
use std::time::Duration;

use revops_core::Timestamp;
use revops_core::telemetry::{Metric, NAMESPACE};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Row;
use crate::aws::sdk;
use crate::aws_call::{CLOUDWATCH, Caller};
use crate::error::CtlError;
use crate::target::Target;

/// About so many characters has a sparkline.
const PARTS: u64 = 30;

/// What is asked for each metric. A search expression gathers every set of dimensions.
const STATISTICS: [(&str, &str, &str); 3] =
    [("count", "SampleCount", "SUM"), ("sum", "Sum", "SUM"), ("max", "Maximum", "MAX")];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    #[serde(default)]
    metric_data_results: Vec<Found>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    id: String,
    #[serde(default)]
    timestamps: Vec<f64>,
    #[serde(default)]
    values: Vec<f64>,
}

/// The values of one query, by the second at which their part of the time begins.
type Courses = BTreeMap<String, BTreeMap<i64, f64>>;

/// Every metric that there is, also those of which nothing was measured.
pub(super) async fn rows(target: &Target, since: Timestamp, now: Timestamp) -> Result<Vec<Row>, CtlError> {
    let caller = Caller::new(&CLOUDWATCH, sdk(target).await)?;
    let period = period(now.since(since));
    let begin = since.unix_seconds().div_euclid(period) * period;
    let mut courses = Courses::new();
    // A search counts as five of the 500 queries that a request may have, and it may have a hundred searches.
    for metrics in Metric::ALL.chunks(10) {
        let mut input = json!({"StartTime": begin, "EndTime": now.unix_seconds(), "ScanBy": "TimestampAscending",
            "MetricDataQueries": metrics.iter().flat_map(|metric| queries(*metric, period)).collect::<Vec<_>>()});
        loop {
            let output = caller.call("GetMetricData", &input).await?;
            let page: Page = serde_json::from_value(output).map_err(|cause| {
                CtlError::Failed(format!("CloudWatch's answer is not understood: {cause}; update gatewayctl"))
            })?;
            add(&mut courses, page.metric_data_results);
            let Some(token) = page.next_token else { break };
            input["NextToken"] = json!(token);
        }
    }
    Ok(Metric::ALL.map(|metric| row(metric, &courses, begin, now.unix_seconds(), period)).into())
}

/// The longest part that CloudWatch takes.
const LONGEST_PART: u64 = 86_400;

/// How finely CloudWatch keeps what was measured, in seconds, and for how long.
///
/// Source: Amazon CloudWatch API reference, "GetMetricData" (`StartTime`) and "MetricStat" (`Period`).
const KEPT: [(u64, Duration); 3] =
    [(60, Duration::from_hours(15 * 24)), (300, Duration::from_hours(63 * 24)), (3_600, Duration::MAX)];

/// The length of a part of the time in seconds: a multiple of what CloudWatch still has of its beginning, which lies
/// up to a part before `span`.
fn period(span: Duration) -> i64 {
    let part = |unit: u64| ((span.as_secs() / PARTS / unit + 1) * unit).min(LONGEST_PART);
    let reaches = |unit: u64, kept: Duration| span.saturating_add(Duration::from_secs(part(unit))) <= kept;
    let unit = KEPT.into_iter().find(|(unit, kept)| reaches(*unit, *kept)).map_or(3_600, |(unit, _)| unit);
    i64::try_from(part(unit)).unwrap_or(3_600)
}

fn queries(metric: Metric, period: i64) -> Vec<Value> {
    let name = metric.name();
    let query = |(id, statistic, together): &(&str, &str, &str)| {
        // Series with this dimension alone: those with others beside it are parts of them.
        let search =
            format!(r#"SEARCH('{{{NAMESPACE},Service}} MetricName="{name}"', '{statistic}', {period})"#);
        json!({"Id": query_id(metric, id), "Expression": format!("{together}({search})"), "ReturnData": true})
    };
    STATISTICS.iter().map(query).collect()
}

/// An id begins with a lower-case letter.
fn query_id(metric: Metric, statistic: &str) -> String {
    format!("{statistic}_{}", metric.name())
}

fn add(courses: &mut Courses, found: Vec<Found>) {
    for Found { id, timestamps, values } in found {
        let course = courses.entry(id).or_default();
        for (at, value) in timestamps.into_iter().zip(values) {
            #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970, whole by contract")]
            course.insert(at as i64, value);
        }
    }
}

fn row(metric: Metric, courses: &Courses, begin: i64, end: i64, period: i64) -> Row {
    let none = BTreeMap::new();
    let course = |statistic: &str| courses.get(&query_id(metric, statistic)).unwrap_or(&none);
    let parts = (0..).map(|part| begin + part * period).take_while(|at| *at < end);
    Row {
        metric,
        count: course("count").values().sum(),
        sum: course("sum").values().sum(),
        max: course("max").values().copied().reduce(f64::max),
        course: parts.map(|at| course("sum").get(&at).copied().unwrap_or_default()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_cut_into_whole_minutes() {
        assert_eq!(period(Duration::from_hours(3)), 420);
        assert_eq!(period(Duration::from_secs(1)), 60);
    }

    #[test]
    fn a_part_is_a_multiple_of_what_cloudwatch_still_keeps() {
        let days = |days: u64| period(Duration::from_hours(24 * days));
        assert_eq!(days(14) % 60, 0);
        for (span, unit) in [(15, 300), (16, 300), (31, 300), (63, 3_600), (64, 3_600), (455, 3_600)] {
            assert_eq!(days(span) % unit, 0, "{span} days");
        }
        // The beginning is moved back to a whole part, beyond the fifteen days.
        assert_eq!(period(Duration::from_hours(15 * 24) - Duration::from_secs(1)) % 300, 0);
        assert_eq!((days(455), period(Duration::MAX)), (86_400, 86_400));
    }

    #[test]
    fn a_row_has_totals_and_a_value_for_each_part_of_the_time() {
        let mut courses = Courses::new();
        let found = |statistic, values: &[f64]| Found {
            id: query_id(Metric::Delivered, statistic),
            timestamps: vec![120.0, 240.0],
            values: values.to_vec(),
        };
        add(
            &mut courses,
            vec![found("count", &[1.0, 2.0]), found("sum", &[3.0, 4.0]), found("max", &[3.0, 2.0])],
        );
        let row = row(Metric::Delivered, &courses, 60, 300, 60);
        assert_eq!((row.count, row.sum, row.max), (3.0, 7.0, Some(3.0)));
        assert_eq!(row.course, [0.0, 3.0, 0.0, 4.0]);
    }

    #[test]
    fn each_query_gathers_every_service_and_counts_nothing_twice() {
        let asked = queries(Metric::Delivered, 60);
        let expected =
            r#"SUM(SEARCH('{RevOps/WebhookGateway,Service} MetricName="Delivered"', 'SampleCount', 60))"#;
        assert_eq!((asked.len(), asked[0]["Expression"].as_str()), (3, Some(expected)));
    }
}
