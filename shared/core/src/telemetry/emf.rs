//! CloudWatch's embedded metric format: one JSON object a line on stdout, no API call.

use std::time::Duration;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::{Metric, Unit};
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
        serde_json::to_string(&Line { measurements: self, now }).ok()
    }

    /// The dimensions with their values.
    fn dimensions(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let header = self.header.map(|header| ("Header", header.as_str()));
        let outcome = self.outcome.map(|outcome| ("Outcome", outcome));
        [Some(("Service", self.service)), header, outcome].into_iter().flatten()
    }

    /// The sets of dimensions under which its metrics count.
    fn dimension_sets(&self) -> Vec<Vec<&'static str>> {
        let mut sets = Vec::new();
        for (name, _) in self.dimensions() {
            let with: Vec<_> = sets.iter().map(|set: &Vec<_>| [set.as_slice(), &[name]].concat()).collect();
            sets.extend(if sets.is_empty() { vec![vec![name]] } else { with });
        }
        sets
    }

    fn directive(&self) -> Directive {
        let definition = |&(metric, _): &(Metric, f64)| Definition { name: metric, unit: metric.unit() };
        Directive {
            namespace: NAMESPACE,
            dimensions: self.dimension_sets(),
            metrics: self.values.iter().map(definition).collect(),
        }
    }
}

/// One line of the format: the directive, and each dimension and each metric as a member.
struct Line<'a> {
    measurements: &'a Measurements,
    now: Timestamp,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let measurements = self.measurements;
        let mut line = serializer.serialize_map(None)?;
        let cloud_watch_metrics = [measurements.directive()];
        line.serialize_entry("_aws", &Metadata { timestamp: self.now.unix_ms(), cloud_watch_metrics })?;
        for (name, value) in measurements.dimensions() {
            line.serialize_entry(name, value)?;
        }
        for (metric, value) in &measurements.values {
            line.serialize_entry(metric, value)?;
        }
        line.end()
    }
}

/// "Specification: Embedded metric format", the member `_aws`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    timestamp: i64,
    cloud_watch_metrics: [Directive; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: Vec<Vec<&'static str>>,
    metrics: Vec<Definition>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: Metric,
    unit: Unit,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

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
