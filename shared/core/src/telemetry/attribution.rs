//! Whose fault a failure is: exactly one party for every error, so that on-call knows whom to call.
//!
//! Every `match` lists its variants: a new error does not compile before somebody has said whose it is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ports::{AgentErrorCode, InvokeError, QueueError, StoreError};
use crate::problem::ProblemCode;
use crate::records::{AttemptError, RecordError};
use crate::retry::{AttemptResult, EndReason, Verdict};

/// The one party that a failure is attributed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Attribution {
    /// Whoever asked: a request against the rules, or a deadline that could not be met.
    #[serde(rename = "caller")]
    Caller,
    /// The agent's service throttled, or its quota is used up.
    #[serde(rename = "agent_throttled")]
    AgentThrottled,
    /// The agent did not answer in time.
    #[serde(rename = "agent_timeout")]
    AgentTimeout,
    /// The agent failed or refused, or its answer cannot be used.
    #[serde(rename = "agent_refused")]
    AgentRefused,
    /// The receiver answered 4xx.
    #[serde(rename = "receiver_4xx")]
    Receiver4xx,
    /// The receiver answered 5xx, or what HTTP has a client treat alike.
    #[serde(rename = "receiver_5xx")]
    Receiver5xx,
    /// The receiver did not answer in time.
    #[serde(rename = "receiver_slow")]
    ReceiverSlow,
    /// A name, a connection, a handshake or an AWS endpoint failed in between.
    #[serde(rename = "network")]
    Network,
    /// A setting is wrong: permissions, names, URLs.
    #[serde(rename = "configuration")]
    Configuration,
    /// This product.
    #[serde(rename = "our_bug")]
    OurBug,
}

impl Attribution {
    /// Every party.
    pub const ALL: [Self; 10] = [
        Self::Caller,
        Self::AgentThrottled,
        Self::AgentTimeout,
        Self::AgentRefused,
        Self::Receiver4xx,
        Self::Receiver5xx,
        Self::ReceiverSlow,
        Self::Network,
        Self::Configuration,
        Self::OurBug,
    ];

    /// The name in logs, metrics and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::AgentThrottled => "agent_throttled",
            Self::AgentTimeout => "agent_timeout",
            Self::AgentRefused => "agent_refused",
            Self::Receiver4xx => "receiver_4xx",
            Self::Receiver5xx => "receiver_5xx",
            Self::ReceiverSlow => "receiver_slow",
            Self::Network => "network",
            Self::Configuration => "configuration",
            Self::OurBug => "our_bug",
        }
    }

    /// Whose fault a failed try of the agent is.
    #[must_use]
    pub const fn of_agent(code: AgentErrorCode) -> Self {
        match code {
            AgentErrorCode::Throttled | AgentErrorCode::QuotaExceeded => Self::AgentThrottled,
            AgentErrorCode::TimedOut => Self::AgentTimeout,
            AgentErrorCode::ServiceError
            | AgentErrorCode::DependencyFailed
            | AgentErrorCode::ModelNotReady
            | AgentErrorCode::Conflict
            | AgentErrorCode::EmptyAnswer
            | AgentErrorCode::Invalid
            | AgentErrorCode::AnswerTooLarge
            | AgentErrorCode::NotText => Self::AgentRefused,
            AgentErrorCode::BrokenStream => Self::Network,
            // An agent that hands control back has an action group that nobody here can serve.
            AgentErrorCode::AccessDenied | AgentErrorCode::NotFound | AgentErrorCode::ReturnControl => {
                Self::Configuration
            }
        }
    }

    /// Whose fault one attempt's result is; none for a delivery.
    #[must_use]
    pub const fn of_result(result: &AttemptResult) -> Option<Self> {
        match result.verdict() {
            Verdict::Delivered => None,
            Verdict::Retry { .. } | Verdict::Rejected | Verdict::Gone | Verdict::Blocked => {
                Some(Self::of_attempt(result.error(), result.http_status()))
            }
        }
    }

    /// Whose fault a failed attempt is, from what its record keeps of it.
    #[must_use]
    pub const fn of_attempt(error: AttemptError, http_status: Option<u16>) -> Self {
        match error {
            AttemptError::HttpStatus => of_status(http_status),
            AttemptError::TimedOut => Self::ReceiverSlow,
            AttemptError::Connection | AttemptError::Tls | AttemptError::Dns => Self::Network,
            AttemptError::BlockedAddress => Self::Configuration,
            AttemptError::DestinationDisabled => Self::Receiver4xx,
        }
    }

    /// Whose fault it is that a run ended for `reason`. Where the reason only says that there was no more
    /// patience, it is the fault of the last attempt.
    #[must_use]
    pub const fn of_ending(reason: EndReason, last_attempt: Option<Self>) -> Self {
        match reason {
            EndReason::HttpStatus
            | EndReason::AttemptsExhausted
            | EndReason::StoppedByReceiver
            | EndReason::RetentionLimit
            | EndReason::BacklogLimit => match last_attempt {
                Some(party) => party,
                None => Self::OurBug,
            },
            EndReason::Gone | EndReason::DestinationDisabled => Self::Receiver4xx,
            EndReason::BlockedAddress => Self::Configuration,
            EndReason::CrashLoop => Self::OurBug,
            EndReason::DeliverBefore => match last_attempt {
                Some(party) => party,
                None => Self::Caller,
            },
        }
    }

    /// Whose fault a public error is. An agent's failure has its own code, which says more:
    /// [`of_agent`](Self::of_agent).
    #[must_use]
    pub const fn of_problem(code: ProblemCode) -> Self {
        match code {
            ProblemCode::MalformedJson
            | ProblemCode::InvalidRequest
            | ProblemCode::Unauthenticated
            | ProblemCode::NotFound
            | ProblemCode::MethodNotAllowed
            | ProblemCode::PayloadTooLarge
            | ProblemCode::UnsupportedMediaType
            | ProblemCode::IdempotencyKeyReused => Self::Caller,
            ProblemCode::AgentFailed => Self::AgentRefused,
            ProblemCode::DependencyUnavailable => Self::Network,
            ProblemCode::Internal => Self::OurBug,
        }
    }

    /// Whose fault it is that a record could not be read or written.
    #[must_use]
    pub const fn of_record(error: &RecordError) -> Self {
        match error {
            RecordError::Store(StoreError::Unavailable(_)) => Self::Network,
            RecordError::Store(StoreError::Refused(_)) => Self::Configuration,
            RecordError::Unreadable { .. } => Self::OurBug,
        }
    }

    /// Whose fault it is that a queue did not take a message or a change.
    #[must_use]
    pub const fn of_queue(error: &QueueError) -> Self {
        match error {
            QueueError::Unavailable(_) => Self::Network,
            QueueError::Refused(_) => Self::Configuration,
            QueueError::NotOurs => Self::OurBug,
        }
    }

    /// Whose fault it is that the manager-agent function gave no reply.
    #[must_use]
    pub const fn of_invocation(error: &InvokeError) -> Self {
        match error {
            InvokeError::FunctionError(_) => Self::OurBug,
            // Lambda was out of reach, failed, or had no room: it passes, and its own metric of throttles rings.
            InvokeError::Lost(_) | InvokeError::Throttled(_) => Self::Network,
            // No such function, or no permission.
            InvokeError::NotStarted(_) => Self::Configuration,
        }
    }
}

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A redirect means that the configured URL is not where the receiver lives.
const fn of_status(http_status: Option<u16>) -> Attribution {
    match http_status {
        Some(300..=399) => Attribution::Configuration,
        Some(400..=499) => Attribution::Receiver4xx,
        Some(_) | None => Attribution::Receiver5xx,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retry::NoAnswer;

    #[test]
    fn the_wire_name_is_the_serde_name_and_no_two_are_alike() {
        let names: std::collections::BTreeSet<_> = Attribution::ALL.map(Attribution::as_str).into();
        assert_eq!(names.len(), Attribution::ALL.len());
        for party in Attribution::ALL {
            assert_eq!(serde_json::to_value(party).unwrap(), party.as_str());
        }
    }

    #[test]
    fn every_status_is_the_fault_of_one_party_and_only_a_2xx_of_none() {
        for status in 0..=u16::MAX {
            let expected = match status {
                200..=299 => None,
                300..=399 => Some(Attribution::Configuration),
                400..=499 => Some(Attribution::Receiver4xx),
                0..=199 | 500.. => Some(Attribution::Receiver5xx),
            };
            let result = AttemptResult::Answered { status, retry_after: None };
            assert_eq!(Attribution::of_result(&result), expected, "{status}");
        }
    }

    #[test]
    fn no_answer_is_never_nobodys_fault() {
        let party = |cause| Attribution::of_result(&AttemptResult::NoAnswer(cause)).unwrap();
        let parties = NoAnswer::ALL.map(party);
        let [slow, connection, tls, dns, blocked] = parties;
        assert_eq!((slow, blocked), (Attribution::ReceiverSlow, Attribution::Configuration));
        assert_eq!([connection, tls, dns], [Attribution::Network; 3]);
    }

    #[test]
    fn an_exhausted_run_is_the_fault_of_its_last_attempt() {
        for party in Attribution::ALL {
            let ended = |reason| Attribution::of_ending(reason, Some(party));
            assert_eq!(ended(EndReason::AttemptsExhausted), party);
            assert_eq!(ended(EndReason::DeliverBefore), party);
            assert_eq!(ended(EndReason::CrashLoop), Attribution::OurBug);
        }
        assert_eq!(Attribution::of_ending(EndReason::DeliverBefore, None), Attribution::Caller);
    }

    #[test]
    fn an_agent_is_never_blamed_for_the_callers_or_the_receivers_failures() {
        for code in AgentErrorCode::ALL {
            let party = Attribution::of_agent(code);
            let is_the_receivers = party.as_str().starts_with("receiver");
            assert!(!is_the_receivers && party != Attribution::Caller, "{code}: {party}");
        }
        assert_eq!(Attribution::of_agent(AgentErrorCode::TimedOut), Attribution::AgentTimeout);
        assert_eq!(Attribution::of_agent(AgentErrorCode::QuotaExceeded), Attribution::AgentThrottled);
        assert_eq!(Attribution::of_agent(AgentErrorCode::AccessDenied), Attribution::Configuration);
    }

    #[test]
    fn only_an_invocation_that_a_person_must_mend_is_a_setting() {
        let party = |error: fn(Box<dyn std::error::Error + Send + Sync>) -> InvokeError| {
            Attribution::of_invocation(&error("cause".into()))
        };
        assert_eq!(party(InvokeError::Throttled), Attribution::Network);
        assert_eq!(party(InvokeError::Lost), Attribution::Network);
        assert_eq!(party(InvokeError::NotStarted), Attribution::Configuration);
    }

    #[test]
    fn a_refused_request_is_the_callers_and_a_failure_of_ours_is_not() {
        for code in ProblemCode::ALL {
            let is_the_callers = Attribution::of_problem(code) == Attribution::Caller;
            assert_eq!(is_the_callers, code.status() < 500, "{code:?}");
        }
    }
}
