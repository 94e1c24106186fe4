//! What CloudWatch refuses of a line of Embedded Metric Format. Pure.
//!
//! Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format" and its JSON schema; the limits of
//! names, values and units are those of `MetricDatum` and `Dimension` (CloudWatch API reference).

use serde_json::{Map, Value as Json};

/// The longest log event, in bytes.
const LONGEST_LINE: usize = 1_048_576;
/// Metrics of one directive, and values of one metric.
const MOST: usize = 100;
/// Dimensions of one set.
const MOST_DIMENSIONS: usize = 30;
/// Characters of a metric's name, a dimension's name, a dimension's value and a namespace.
const LONGEST_NAME: usize = 255;
const LONGEST_VALUE: usize = 1024;
/// The first of September 2001: a time stamp below it counts seconds.
const LEAST_TIMESTAMP: i64 = 1_000_000_000_000;
/// Values lie within ±2³⁶⁰.
const LARGEST_EXPONENT: i32 = 360;

const UNITS: [&str; 27] = [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

/// The first rule that the line breaks, in words; none when CloudWatch takes all of it.
pub(super) fn broken(line: &str) -> Result<(), String> {
    require(line.len() <= LONGEST_LINE, || "longer than a log event".to_owned())?;
    let root: Json = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let root = root.as_object().ok_or("the line is no object")?;
    let metadata = root.get("_aws").and_then(Json::as_object).ok_or("_aws is no object")?;
    let timestamp = metadata.get("Timestamp").and_then(Json::as_i64);
    require(timestamp.is_some_and(|at| at >= LEAST_TIMESTAMP), || {
        "Timestamp is no integer of milliseconds".to_owned()
    })?;
    let directives = list(metadata, "CloudWatchMetrics")?;
    directives.iter().try_for_each(|directive| check_directive(root, directive))
}

fn check_directive(root: &Map<String, Json>, directive: &Json) -> Result<(), String> {
    let directive = directive.as_object().ok_or("a directive is no object")?;
    let namespace = text(directive, "Namespace", LONGEST_NAME)?;
    let is_reserved = namespace.starts_with(':') || namespace.starts_with("AWS/");
    require(!is_reserved, || format!("the namespace {namespace} is reserved"))?;
    let sets = list(directive, "Dimensions")?;
    require(!sets.is_empty(), || "there is no dimension set".to_owned())?;
    sets.iter().try_for_each(|set| check_dimensions(root, set))?;
    let metrics = list(directive, "Metrics")?;
    require(metrics.len() <= MOST, || format!("{} metrics in one directive", metrics.len()))?;
    metrics.iter().try_for_each(|metric| check_metric(root, metric))
}

fn check_dimensions(root: &Map<String, Json>, set: &Json) -> Result<(), String> {
    let names = set.as_array().ok_or("a dimension set is no list")?;
    require(names.len() <= MOST_DIMENSIONS, || format!("{} dimensions in one set", names.len()))?;
    for (index, name) in names.iter().enumerate() {
        let name = name.as_str().ok_or("a dimension's name is no string")?;
        require(is_name(name), || format!("the dimension {name:?} has no valid name"))?;
        require(!names[..index].iter().any(|other| other == name), || {
            format!("the dimension {name} is twice there")
        })?;
        let value = text(root, name, LONGEST_VALUE)?;
        let is_visible = value.is_ascii() && !value.trim().is_empty() && !value.starts_with(':');
        require(is_visible, || format!("the dimension {name} has the value {value:?}"))?;
    }
    Ok(())
}

fn check_metric(root: &Map<String, Json>, metric: &Json) -> Result<(), String> {
    let metric = metric.as_object().ok_or("a metric's definition is no object")?;
    let name = text(metric, "Name", LONGEST_NAME)?;
    require(is_name(name), || format!("the metric {name:?} has no valid name"))?;
    let unit = metric.get("Unit").map_or(Some("None"), Json::as_str);
    require(unit.is_some_and(|unit| UNITS.contains(&unit)), || format!("{name} has no known unit"))?;
    let resolution = metric.get("StorageResolution").map_or(Some(60), Json::as_u64);
    require(matches!(resolution, Some(1 | 60)), || format!("{name} has no known resolution"))?;
    let target = root.get(name).ok_or_else(|| format!("{name} has no target"))?;
    let values = target.as_array().map_or(std::slice::from_ref(target), Vec::as_slice);
    require(!values.is_empty() && values.len() <= MOST, || format!("{name} has {} values", values.len()))?;
    let is_fine =
        |value: &Json| value.as_f64().is_some_and(|value| value.abs() <= 2_f64.powi(LARGEST_EXPONENT));
    require(values.iter().all(is_fine), || format!("{name} has a value that is no number, or too large"))
}

fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name.is_ascii()
        && !name.trim().is_empty()
        && !name.starts_with(':')
}

fn list<'a>(object: &'a Map<String, Json>, name: &str) -> Result<&'a [Json], String> {
    object.get(name).and_then(Json::as_array).map(Vec::as_slice).ok_or_else(|| format!("{name} is no list"))
}

fn text<'a>(object: &'a Map<String, Json>, name: &str, longest: usize) -> Result<&'a str, String> {
    let text = object.get(name).and_then(Json::as_str).ok_or_else(|| format!("{name} is no string"))?;
    require((1..=longest).contains(&text.len()), || format!("{name} has {} characters", text.len()))?;
    Ok(text)
}

fn require(holds: bool, rule: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(rule()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line() -> Json {
        json!({"_aws": {"Timestamp": 1_574_109_732_004_i64, "CloudWatchMetrics": [{"Namespace": "N",
            "Dimensions": [["Service"], []], "Metrics": [{"Name": "M", "Unit": "Count"}]}]}, "Service": "s", "M": [1, 2.5]})
    }

    /// The verdict on the example with `value` at the JSON pointer.
    fn with(pointer: &str, value: Json) -> Result<(), String> {
        let mut line = line();
        *line.pointer_mut(pointer).unwrap() = value;
        broken(&line.to_string())
    }

    const DIRECTIVE: &str = "/_aws/CloudWatchMetrics/0";

    fn in_directive(pointer: &str, value: Json) -> Result<(), String> {
        with(&format!("{DIRECTIVE}{pointer}"), value)
    }

    #[test]
    fn the_example_of_the_specification_is_taken() {
        broken(&line().to_string()).unwrap();
        with("/M", json!(7)).unwrap();
        in_directive("/Metrics/0", json!({"Name": "M"})).unwrap();
        in_directive("/Metrics/0", json!({"Name": "M", "Unit": "Bytes/Second", "StorageResolution": 1}))
            .unwrap();
    }

    #[test]
    fn a_line_that_is_no_document_is_refused() {
        for line in ["", "[]", "{}", r#"{"_aws":1}"#, r#"{"_aws":{}} trailing"#] {
            assert!(broken(line).is_err(), "{line}");
        }
        assert!(broken(&format!("{}{}", line(), " ".repeat(LONGEST_LINE))).is_err());
    }

    #[test]
    fn a_time_stamp_is_an_integer_of_milliseconds() {
        for timestamp in [json!(1_574_109_732), json!("1574109732004"), json!(1.5e12), Json::Null] {
            assert!(with("/_aws/Timestamp", timestamp.clone()).is_err(), "{timestamp}");
        }
    }

    #[test]
    fn a_namespace_has_1_to_255_characters_and_is_not_one_of_aws() {
        for namespace in [json!(""), json!("x".repeat(256)), json!(":N"), json!("AWS/Lambda"), json!(1)] {
            assert!(in_directive("/Namespace", namespace).is_err());
        }
    }

    #[test]
    fn a_dimension_is_a_string_of_the_root_and_a_set_has_at_most_30() {
        for set in [
            json!([]),
            json!(["Service"]),
            json!([["Nowhere"]]),
            json!([["M"]]),
            json!([["Service", "Service"]]),
        ] {
            assert!(in_directive("/Dimensions", set.clone()).is_err(), "{set}");
        }
        for value in [json!(""), json!("  "), json!(":s"), json!("ü"), json!("x".repeat(1025)), json!(1)] {
            assert!(with("/Service", value.clone()).is_err(), "{value}");
        }
        let many: Vec<_> = (0..31).map(|number| format!("D{number}")).collect();
        let mut crowded = line();
        for name in &many {
            crowded[name] = json!("v");
        }
        crowded["_aws"]["CloudWatchMetrics"][0]["Dimensions"] = json!([many[..30]]);
        broken(&crowded.to_string()).unwrap();
        crowded["_aws"]["CloudWatchMetrics"][0]["Dimensions"] = json!([many]);
        assert!(broken(&crowded.to_string()).is_err());
    }

    #[test]
    fn a_metric_has_a_known_unit_and_1_to_100_finite_numbers() {
        for target in [json!("1"), json!([]), json!([1, "2"]), json!(vec![1; 101]), json!(1e300), Json::Null]
        {
            assert!(with("/M", target.clone()).is_err(), "{target}");
        }
        with("/M", json!(vec![1; 100])).unwrap();
        for metric in [
            json!({"Name": "M", "Unit": "Ms"}),
            json!({"Name": "Absent"}),
            json!({"Name": ""}),
            json!({"Unit": "Count"}),
            json!({"Name": "M", "StorageResolution": 5}),
        ] {
            assert!(in_directive("/Metrics/0", metric.clone()).is_err(), "{metric}");
        }
        assert!(in_directive("/Metrics", json!(vec![json!({"Name": "M"}); 101])).is_err());
    }
}
