//! Alarms watch what the functions emit. CloudWatch accepts any name, and an alarm on a wrong one is silent for ever.

use revops_core::telemetry::{NAMESPACE, is_emitted};
use sam_template::all_branches;
use serde_json::Value;

use super::finding::Finding;
use super::template::{Template, place};

/// Judges every metric of every alarm.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let alarms = template.of_type("AWS::CloudWatch::Alarm");
    alarms.flat_map(|(id, alarm)| of_alarm(template, id, &alarm["Properties"])).collect()
}

fn of_alarm(template: &Template, id: &str, properties: &Value) -> Vec<Finding> {
    let in_math = all_branches(&properties["Metrics"]);
    let in_math = in_math.into_iter().filter_map(|query| query.get("MetricStat")?.get("Metric"));
    let alone = properties.get("MetricName").map(|_| properties);
    alone.into_iter().chain(in_math).filter_map(|metric| of_metric(template, id, metric)).collect()
}

fn of_metric(template: &Template, id: &str, metric: &Value) -> Option<Finding> {
    let text = |value: &Value| template.value(value).as_str().unwrap_or_default().to_owned();
    let (namespace, name) = (text(&metric["Namespace"]), text(&metric["MetricName"]));
    if namespace.starts_with("AWS/") {
        return None;
    }
    if namespace != NAMESPACE {
        return Some(Finding::error(
            place(id, "Namespace"),
            format!("{namespace:?}: the functions emit into {NAMESPACE}, so this alarm never rings"),
            format!("set Namespace: {NAMESPACE}"),
        ));
    }
    let dimensions = all_branches(&metric["Dimensions"]);
    let dimensions: Vec<_> =
        dimensions.iter().map(|pair| (text(&pair["Name"]), text(&pair["Value"]))).collect();
    let dimensions: Vec<_> = dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    (!is_emitted(&name, &dimensions)).then(|| {
        Finding::error(
            place(id, "MetricName"),
            format!("no function emits {name} with {dimensions:?}, so this alarm never rings"),
            "name a metric with the dimensions that core::telemetry::catalogue has for it",
        )
    })
}
