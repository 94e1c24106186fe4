//! CloudWatch's embedded metric format: one JSON object a line on stdout, no API call.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Metric;
use crate::{Header, Timestamp};

/// The CloudWatch namespace of all metrics.
pub const NAMESPACE: &str = "RevOps/WebhookGateway";

/// Measurements that share one set of dimensions; becomes one line.
///
/// Dimensions are few and never an id: CloudWatch bills every distinct combination.
#[derive(Clone, Debug)]
pub struct Measurements {
    service: &'static str,
    header: Option<Header>,
    outcome: Option<&'static str>,
    values: Vec<(Metric, f64)>,
}

impl Measurements {
    /// No measurement yet, for the function `service`.
    #[must_use]
    pub const fn of(service: &'static str) -> Self {
        Self { service, header: None, outcome: None, values: Vec::new() }
    }

    /// With the dimension `Header`.
    #[must_use]
    pub const fn header(mut self, header: Header) -> Self {
        self.header = Some(header);
        self
    }

    /// With the dimension `Outcome`: one of a few fixed words.
    #[must_use]
    pub const fn outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = Some(outcome);
        self
    }

    /// Adds one occurrence of `metric`.
    #[must_use]
    pub fn count(self, metric: Metric) -> Self {
        self.value(metric, 1.0)
    }

    /// Adds a duration, in milliseconds.
    #[must_use]
    pub fn duration(self, metric: Metric, duration: Duration) -> Self {
        self.value(metric, duration.as_secs_f64() * 1000.0)
    }

    /// Adds a number; one that is not finite is left out, since CloudWatch refuses the whole line for it.
    #[must_use]
    pub fn value(mut self, metric: Metric, value: f64) -> Self {
        if value.is_finite() {
            self.values.push((metric, value));
        }
        self
    }

    /// The line; none when nothing was measured.
    #[must_use]
    pub fn to_line(&self, now: Timestamp) -> Option<String> {
        if self.values.is_empty() {
            return None;
        }
        let mut line = Map::new();
        let dimensions = self.dimensions(&mut line);
        let definitions: Vec<Value> = self.definitions();
        for (metric, value) in &self.values {
            line.insert(metric.name(), json!(value));
        }
        line.insert(
            "_aws".into(),
            json!({"Timestamp": now.unix_ms(), "CloudWatchMetrics": [
                {"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": definitions}]}),
        );
        Some(Value::Object(line).to_string())
    }

    fn dimensions(&self, line: &mut Map<String, Value>) -> Vec<&'static str> {
        let header = self.header.map(Header::as_str);
        let all = [("Service", Some(self.service)), ("Header", header), ("Outcome", self.outcome)];
        let set: Vec<_> = all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        line.extend(set.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        set.into_iter().map(|(name, _)| name).collect()
    }

    fn definitions(&self) -> Vec<Value> {
        let of = |(metric, _): &(Metric, f64)| json!({"Name": metric.name(), "Unit": metric.unit().as_str()});
        self.values.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_its_metrics_units_and_dimensions() {
        let line = Measurements::of("delivery")
            .header(Header::General)
            .count(Metric::Delivered)
            .duration(Metric::DeliveryLatency, Duration::from_millis(12))
            .to_line(Timestamp::from_unix_ms(5))
            .unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(line["_aws"]["Timestamp"], 5);
        assert_eq!(directive["Dimensions"], json!([["Service", "Header"]]));
        assert_eq!(directive["Metrics"][1], json!({"Name": "DeliveryLatency", "Unit": "Milliseconds"}));
        assert_eq!((&line["DeliveryLatency"], &line["Header"]), (&json!(12.0), &json!("general")));
    }

    #[test]
    fn a_number_that_is_not_finite_is_left_out() {
        let nothing = Measurements::of("delivery").value(Metric::ClassificationConfidence, f64::NAN);
        assert_eq!(nothing.to_line(Timestamp::from_unix_ms(5)), None);
    }
}
