//! What on-call learns of a classification: the log line with its reason, and what is counted.

use revops_core::Header;
use revops_core::classify::{Classification, expected};
use revops_core::records::{DeliveryRecord, QueryRecord};
use revops_core::telemetry::{Measurements, Metric, event, service};

use crate::gateway::Gateway;

impl<R, Q, M> Gateway<R, Q, M> {
    /// Logs and counts the class of an answer; a notice has none.
    pub(super) fn report_class(&self, delivery: &DeliveryRecord, query: &QueryRecord) {
        let Some(classification) = &delivery.classification else { return };
        let expected = expected_header(query);
        let Classification { header, method, confidence, reason } = classification;
        tracing::info!(event = event::RESPONSE_CLASSIFIED, tracking_id = %delivery.tracking_id, header = %header,
            target = %delivery.target, %expected, method = method.as_str(), confidence, reason, "classified");
        (self.emit)(&measured(classification, expected, self.config.sure_from_percent));
    }
}

/// The class to expect before the agent is asked. A query that was accepted by a version that did not record
/// it is read again.
pub(crate) fn expected_header(query: &QueryRecord) -> Header {
    let chosen = query.expected_header.or(query.route);
    chosen.unwrap_or_else(|| expected(&query.query).header)
}

/// What is counted: a confidence below `sure_from_percent` and a class that was not expected stand out.
fn measured(classification: &Classification, expected: Header, sure_from_percent: u64) -> Measurements {
    let Classification { header, confidence, .. } = *classification;
    let mut measured = Measurements::of(service::GATEWAY).header(header).count(Metric::Classified);
    if confidence * 100.0 < sure_from_percent as f64 {
        measured = measured.count(Metric::ClassificationUnsure);
    }
    if header != expected {
        measured = measured.count(Metric::ClassificationUnexpected);
    }
    measured.value(Metric::ClassificationConfidence, confidence)
}

#[cfg(test)]
mod tests {
    use revops_core::Timestamp;
    use revops_core::classify::Method;

    use super::*;

    fn counted(confidence: f64, expected: Header, sure_from_percent: u64) -> [bool; 2] {
        let reason = String::new();
        let header = Header::DealAnalysis;
        let classification = Classification { header, method: Method::Evidence, confidence, reason };
        let line = measured(&classification, expected, sure_from_percent)
            .to_line(Timestamp::from_unix_ms(0))
            .unwrap();
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&line["Classified"], line["Header"].as_str()), (&1.0.into(), Some("deal_analysis")));
        assert_eq!(line["ClassificationConfidence"], confidence);
        ["ClassificationUnsure", "ClassificationUnexpected"].map(|name| line[name] == 1.0)
    }

    #[test]
    fn a_confidence_below_the_threshold_is_counted_as_unsure() {
        assert_eq!(counted(0.49, Header::DealAnalysis, 50), [true, false]);
        assert_eq!(counted(0.5, Header::DealAnalysis, 50), [false, false]);
        assert_eq!(counted(0.7, Header::DealAnalysis, 71), [true, false]);
        assert_eq!(counted(0.0, Header::DealAnalysis, 0), [false, false]);
    }

    #[test]
    fn a_class_that_the_question_did_not_promise_is_counted_as_unexpected() {
        assert_eq!(counted(0.9, Header::LeadAnalysis, 50), [false, true]);
    }
}
