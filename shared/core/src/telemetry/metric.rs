//! The metrics: one list, from which code, dashboard and alarms take their names.

use serde::Serialize;

/// A metric of the namespace [`NAMESPACE`](super::NAMESPACE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Metric {
    /// Requests that became a conversation.
    RequestsAccepted,
    /// Requests that were refused.
    RequestsRejected,
    /// From the request to its answer.
    RequestLatency,
    /// From the agent's call to its last byte.
    AgentLatency,
    /// Failed tries of the agent.
    AgentErrors,
    /// Tokens that the agent read.
    AgentInputTokens,
    /// Tokens that the agent wrote.
    AgentOutputTokens,
    /// Invocations that found the answer already stored.
    AnswersReused,
    /// Answers classified, by header.
    Classified,
    /// How sure the classification was, 0 to 1.
    ClassificationConfidence,
    /// Answers whose classification was less sure than configured; they keep their class.
    ClassificationUnsure,
    /// Answers of another class than the question alone led to expect.
    ClassificationUnexpected,
    /// Attempts to deliver.
    DeliveryAttempts,
    /// From an attempt's start to the receiver's answer.
    DeliveryLatency,
    /// Runs that ended with a 2xx.
    Delivered,
    /// Runs that ended without one.
    DeliveryFailed,
    /// Attempts that will be repeated.
    DeliveryRetried,
    /// Messages acknowledged without a POST, since it had been made before.
    DuplicatesSuppressed,
    /// From acceptance to the receiver's 2xx.
    EndToEndLatency,
    /// How long ago a message was sent to its queue, each time that it is worked on and not delivered before: at its
    /// attempts, and when something of ours stands in their way. SQS's own ages leave out what was received three times.
    OldestAttemptAge,
    /// Messages copied to the dead-letter queue.
    DeadLettered,
    /// Destinations disabled by a 410.
    DestinationDisabled,
    /// Exports that could not be written.
    ExportFailed,
    /// Steps that failed, by the party that it is attributed to.
    Failures,
}

/// A unit that CloudWatch knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// A plain number.
    None,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 24] = [
        Self::RequestsAccepted,
        Self::RequestsRejected,
        Self::RequestLatency,
        Self::AgentLatency,
        Self::AgentErrors,
        Self::AgentInputTokens,
        Self::AgentOutputTokens,
        Self::AnswersReused,
        Self::Classified,
        Self::ClassificationConfidence,
        Self::ClassificationUnsure,
        Self::ClassificationUnexpected,
        Self::DeliveryAttempts,
        Self::DeliveryLatency,
        Self::Delivered,
        Self::DeliveryFailed,
        Self::DeliveryRetried,
        Self::DuplicatesSuppressed,
        Self::EndToEndLatency,
        Self::OldestAttemptAge,
        Self::DeadLettered,
        Self::DestinationDisabled,
        Self::ExportFailed,
        Self::Failures,
    ];

    /// The name in CloudWatch.
    #[must_use]
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// The unit in CloudWatch.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::RequestLatency
            | Self::AgentLatency
            | Self::DeliveryLatency
            | Self::EndToEndLatency
            | Self::OldestAttemptAge => Unit::Milliseconds,
            Self::ClassificationConfidence => Unit::None,
            Self::RequestsAccepted
            | Self::RequestsRejected
            | Self::AgentErrors
            | Self::AgentInputTokens
            | Self::AgentOutputTokens
            | Self::AnswersReused
            | Self::Classified
            | Self::ClassificationUnsure
            | Self::ClassificationUnexpected
            | Self::DeliveryAttempts
            | Self::Delivered
            | Self::DeliveryFailed
            | Self::DeliveryRetried
            | Self::DuplicatesSuppressed
            | Self::DeadLettered
            | Self::DestinationDisabled
            | Self::ExportFailed
            | Self::Failures => Unit::Count,
        }
    }
}
