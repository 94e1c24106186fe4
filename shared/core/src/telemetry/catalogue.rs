//! Which series there are: every metric with the services, classes and outcomes under which it is emitted. Alarms
//! and dashboard are held to it by a test, and so is what the functions print.

use super::{Attribution, Metric};
use crate::Header;
use crate::ports::AgentErrorCode;
use crate::problem::ProblemCode;
use crate::records::OutcomeStatus;
use crate::retry::{AttemptResult, EndReason, NoAnswer};

/// Values of the dimension `Service`.
pub mod service {
    /// The functions `gateway` and `gateway-worker`: one use case, run in two ways.
    pub const GATEWAY: &str = "gateway";
    /// The function `manager-agent`.
    pub const MANAGER_AGENT: &str = "manager-agent";
    /// The function `delivery`.
    pub const DELIVERY: &str = "delivery";
}

/// Whether a function emits `name` under exactly these dimensions.
#[must_use]
pub fn is_emitted(name: &str, dimensions: &[(&str, &str)]) -> bool {
    let Some(metric) = Metric::ALL.into_iter().find(|metric| metric.name() == name) else { return false };
    let has_service = dimensions.iter().any(|(name, _)| *name == "Service");
    let is_known = |(name, value): &(&str, &str)| match *name {
        "Service" => metric.services().contains(value),
        "Header" => metric.has_header() && Header::ALL.iter().any(|header| header.as_str() == *value),
        "Outcome" => metric.outcomes().contains(value),
        _ => false,
    };
    has_service && dimensions.iter().all(is_known)
}

impl Metric {
    /// Who emits it.
    #[must_use]
    pub const fn services(self) -> &'static [&'static str] {
        match self {
            Self::RequestsAccepted
            | Self::RequestsRejected
            | Self::RequestLatency
            | Self::Classified
            | Self::ClassificationConfidence
            | Self::ClassificationUnsure
            | Self::ClassificationUnexpected => &[service::GATEWAY],
            Self::AgentLatency
            | Self::AgentErrors
            | Self::AgentInputTokens
            | Self::AgentOutputTokens
            | Self::AnswersReused => &[service::MANAGER_AGENT],
            Self::DeliveryAttempts
            | Self::DeliveryLatency
            | Self::Delivered
            | Self::DeliveryFailed
            | Self::DeliveryRetried
            | Self::DuplicatesSuppressed
            | Self::EndToEndLatency
            | Self::OldestAttemptAge
            | Self::DeadLettered
            | Self::DestinationDisabled
            | Self::ExportFailed => &[service::DELIVERY],
            Self::Failures => &[service::GATEWAY, service::MANAGER_AGENT, service::DELIVERY],
        }
    }

    /// Whether it counts by class too.
    #[must_use]
    pub const fn has_header(self) -> bool {
        match self {
            Self::Classified
            | Self::ClassificationConfidence
            | Self::ClassificationUnsure
            | Self::ClassificationUnexpected
            | Self::DeliveryAttempts
            | Self::DeliveryLatency
            | Self::Delivered
            | Self::DeliveryFailed
            | Self::DeliveryRetried
            | Self::DuplicatesSuppressed
            | Self::EndToEndLatency
            | Self::OldestAttemptAge
            | Self::DeadLettered
            | Self::DestinationDisabled
            | Self::Failures => true,
            Self::RequestsAccepted
            | Self::RequestsRejected
            | Self::RequestLatency
            | Self::AgentLatency
            | Self::AgentErrors
            | Self::AgentInputTokens
            | Self::AgentOutputTokens
            | Self::AnswersReused
            | Self::ExportFailed => false,
        }
    }

    /// The values of its dimension `Outcome`; none where it has no such dimension.
    #[must_use]
    pub fn outcomes(self) -> Vec<&'static str> {
        match self {
            Self::RequestsRejected => ProblemCode::ALL.map(ProblemCode::as_str).into(),
            Self::RequestLatency => vec!["accepted", "answered", "refused", "failed"],
            Self::AgentErrors => AgentErrorCode::ALL.map(AgentErrorCode::as_str).into(),
            Self::DeliveryAttempts | Self::DeliveryLatency | Self::OldestAttemptAge => {
                let no_answer = NoAnswer::ALL.map(|cause| AttemptResult::NoAnswer(cause).error().as_str());
                ["delivered", "http_status"].into_iter().chain(no_answer).collect()
            }
            Self::DeliveryFailed => vec![OutcomeStatus::Failed.as_str(), OutcomeStatus::Expired.as_str()],
            Self::DeadLettered => EndReason::ALL.map(EndReason::as_str).into(),
            Self::Failures => Attribution::ALL.map(Attribution::as_str).into(),
            Self::RequestsAccepted
            | Self::AgentLatency
            | Self::AgentInputTokens
            | Self::AgentOutputTokens
            | Self::AnswersReused
            | Self::Classified
            | Self::ClassificationConfidence
            | Self::ClassificationUnsure
            | Self::ClassificationUnexpected
            | Self::Delivered
            | Self::DeliveryRetried
            | Self::DuplicatesSuppressed
            | Self::EndToEndLatency
            | Self::DestinationDisabled
            | Self::ExportFailed => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_known_by_its_metric_and_each_of_its_dimensions() {
        assert!(is_emitted("Delivered", &[("Service", "delivery")]));
        assert!(is_emitted("DeadLettered", &[("Service", "delivery"), ("Outcome", "gone")]));
        assert!(is_emitted("DeliveryAttempts", &[("Header", "general"), ("Service", "delivery")]));
    }

    #[test]
    fn a_series_that_nobody_emits_is_unknown() {
        assert!(!is_emitted("Deliverd", &[("Service", "delivery")]), "no such metric");
        assert!(!is_emitted("Delivered", &[("Service", "gateway")]), "another's metric");
        assert!(!is_emitted("Delivered", &[]), "never without its service");
        assert!(
            !is_emitted("Delivered", &[("Service", "delivery"), ("Outcome", "delivered")]),
            "no outcomes"
        );
        assert!(
            !is_emitted("AgentErrors", &[("Service", "manager-agent"), ("Header", "general")]),
            "no classes"
        );
    }
}
