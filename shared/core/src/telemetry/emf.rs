//! CloudWatch's embedded metric format: one JSON object a line on stdout, no API call.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Metric;
use crate::{Header, Timestamp};

/// The CloudWatch namespace of all metrics.
pub const NAMESPACE: &str = "RevOps/WebhookGateway";

/// Measurements that share one set of dimensions; becomes one line.
///
/// Dimensions are few and never an id: CloudWatch bills every distinct combination. Each measurement counts under
/// `Service` alone and together with every choice of the others, since CloudWatch adds no series up by itself: an
/// alarm on all classes needs the series of all classes.
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
                {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": definitions}]}),
        );
        Some(Value::Object(line).to_string())
    }

    /// Adds the dimensions' values to the line; the sets under which its metrics count.
    fn dimensions(&self, line: &mut Map<String, Value>) -> Vec<Vec<&'static str>> {
        line.insert("Service".to_owned(), json!(self.service));
        let mut sets = vec![vec!["Service"]];
        for (name, value) in [("Header", self.header.map(Header::as_str)), ("Outcome", self.outcome)] {
            let Some(value) = value else { continue };
            line.insert(name.to_owned(), json!(value));
            let with: Vec<_> = sets.iter().map(|set| [set.as_slice(), &[name]].concat()).collect();
            sets.extend(with);
        }
        sets
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
        assert_eq!(directive["Dimensions"], json!([["Service"], ["Service", "Header"]]));
        assert_eq!(directive["Metrics"][1], json!({"Name": "DeliveryLatency", "Unit": "Milliseconds"}));
        assert_eq!((&line["DeliveryLatency"], &line["Header"]), (&json!(12.0), &json!("general")));
    }

    #[test]
    fn a_measurement_counts_with_and_without_each_of_its_dimensions() {
        let counted = Measurements::of("delivery").header(Header::General).outcome("tls");
        let line = counted.count(Metric::DeliveryAttempts).to_line(Timestamp::from_unix_ms(5)).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        let all = json!([
            ["Service"],
            ["Service", "Header"],
            ["Service", "Outcome"],
            ["Service", "Header", "Outcome"]
        ]);
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"], all);
    }

    #[test]
    fn a_number_that_is_not_finite_is_left_out() {
        let nothing = Measurements::of("delivery").value(Metric::ClassificationConfidence, f64::NAN);
        assert_eq!(nothing.to_line(Timestamp::from_unix_ms(5)), None);
    }
}
