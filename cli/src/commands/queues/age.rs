//! The age of the oldest message on AWS: SQS does not tell it, CloudWatch does.

use std::collections::BTreeMap;

use revops_aws::SystemClock;
use revops_core::ports::Clock as _;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::sdk;
use crate::aws_call::{CLOUDWATCH, Caller};
use crate::error::CtlError;
use crate::target::Target;

/// SQS reports every minute, and a few minutes late.
const LOOK_BACK_SECONDS: i64 = 900;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(default)]
    metric_data_results: Vec<Found>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    id: String,
    /// The newest first.
    #[serde(default)]
    values: Vec<f64>,
}

/// The ages in seconds by the place of the queue in `names`, where CloudWatch has one.
pub(super) async fn ages(target: &Target, names: &[&str]) -> Result<BTreeMap<usize, u64>, CtlError> {
    let caller = Caller::new(&CLOUDWATCH, sdk(target).await)?;
    let now = SystemClock.now().unix_seconds();
    let queries: Vec<Value> = names.iter().enumerate().map(|(place, name)| query(place, name)).collect();
    let input = json!({"StartTime": now - LOOK_BACK_SECONDS, "EndTime": now, "MetricDataQueries": queries,
        "ScanBy": "TimestampDescending"});
    read(caller.call("GetMetricData", &input).await?)
}

fn query(place: usize, name: &str) -> Value {
    let dimensions = [json!({"Name": "QueueName", "Value": name})];
    json!({"Id": format!("q{place}"), "MetricStat": {"Period": 60, "Stat": "Maximum", "Metric": {
        "Namespace": "AWS/SQS", "MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": dimensions}}})
}

fn read(output: Value) -> Result<BTreeMap<usize, u64>, CtlError> {
    let output: Output = serde_json::from_value(output).map_err(|cause| {
        CtlError::Failed(format!("CloudWatch's answer is not understood: {cause}; update gatewayctl"))
    })?;
    let age = |found: Found| {
        let place = found.id.strip_prefix('q')?.parse().ok()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an age in seconds")]
        let seconds = *found.values.first()? as u64;
        Some((place, seconds))
    };
    Ok(output.metric_data_results.into_iter().filter_map(age).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_age_of_each_queue_is_read_and_a_queue_without_one_has_none() {
        let output = json!({"MetricDataResults": [
            {"Id": "q1", "Timestamps": [120.0, 60.0], "Values": [42.0, 7.0], "StatusCode": "Complete"},
            {"Id": "q0", "Timestamps": [], "Values": []}]});
        assert_eq!(read(output).unwrap(), BTreeMap::from([(1, 42)]));
    }
}
