//! Reads a line of Embedded Metric Format. Pure.
//!
//! Source: Amazon CloudWatch User Guide, "Embedded metric format specification".

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// What identifies one time series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Series {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) dimensions: BTreeMap<String, String>,
}

/// The values that one line adds to one series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Values {
    pub(super) series: Series,
    pub(super) unit: String,
    /// Milliseconds since the Unix epoch.
    pub(super) timestamp_ms: i64,
    pub(super) values: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    timestamp: i64,
    cloud_watch_metrics: Vec<Directive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: String,
    dimensions: Vec<Vec<String>>,
    metrics: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: String,
    #[serde(default = "no_unit")]
    unit: String,
}

fn no_unit() -> String {
    "None".to_owned()
}

/// The values in `line`; `None` if it is no document of this format. A metric or dimension whose target is
/// absent or of the wrong type is left out, as CloudWatch does.
pub(super) fn parse(line: &str) -> Option<Vec<Values>> {
    let mut root: Map<String, Json> = serde_json::from_str(line.trim()).ok()?;
    let document: Document = serde_json::from_value(root.remove("_aws")?).ok()?;
    let mut all = Vec::new();
    for directive in &document.cloud_watch_metrics {
        for definition in &directive.metrics {
            all.extend(of_metric(&root, directive, definition, document.timestamp));
        }
    }
    Some(all)
}

fn of_metric(
    root: &Map<String, Json>,
    directive: &Directive,
    definition: &Definition,
    timestamp_ms: i64,
) -> Vec<Values> {
    let values = numbers(root.get(&definition.name));
    if values.is_empty() {
        return Vec::new();
    }
    let sets = directive.dimensions.iter().filter_map(|names| dimensions(root, names));
    sets.map(|dimensions| Values {
        series: Series { namespace: directive.namespace.clone(), name: definition.name.clone(), dimensions },
        unit: definition.unit.clone(),
        timestamp_ms,
        values: values.clone(),
    })
    .collect()
}

fn numbers(target: Option<&Json>) -> Vec<f64> {
    match target {
        Some(Json::Number(number)) => number.as_f64().into_iter().collect(),
        Some(Json::Array(numbers)) => numbers.iter().filter_map(Json::as_f64).collect(),
        Some(Json::Null | Json::Bool(_) | Json::String(_) | Json::Object(_)) | None => Vec::new(),
    }
}

fn dimensions(root: &Map<String, Json>, names: &[String]) -> Option<BTreeMap<String, String>> {
    names.iter().map(|name| Some((name.clone(), root.get(name)?.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"_aws":{"Timestamp":1574109732004,"CloudWatchMetrics":[{"Namespace":"RevOps/WebhookGateway",
        "Dimensions":[["Service","Header"],[]],"Metrics":[{"Name":"AgentLatency","Unit":"Milliseconds"},{"Name":"Absent"}]}]},
        "Service":"manager-agent","Header":"general","AgentLatency":[812.5,40],"tracking_id":"t"}"#;

    #[test]
    fn every_dimension_set_is_a_series_of_its_own() {
        let all = parse(LINE).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].series.dimensions["Header"], "general");
        assert!(all[1].series.dimensions.is_empty());
        assert_eq!(all[0].values, [812.5, 40.0]);
        assert_eq!((all[0].unit.as_str(), all[0].timestamp_ms), ("Milliseconds", 1_574_109_732_004));
    }

    #[test]
    fn a_log_line_is_no_metric_even_if_it_speaks_of_them() {
        assert_eq!(parse(r#"{"level":"INFO","message":"hello"}"#), None);
        assert_eq!(parse(r#"{"message":"\"_aws\""}"#), None);
        assert_eq!(parse(r#"{"_aws":{}}"#), None);
        assert_eq!(parse("panicked at \"_aws\""), None);
    }
}
