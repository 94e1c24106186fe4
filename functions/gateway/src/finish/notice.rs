//! The notice of a conversation that ends without an answer: `conversation.failed`, to the general webhook.

use revops_core::envelope::{Envelope, Failure};
use revops_core::records::{DeliveryRecord, FailedAnswer, QueryRecord};

use crate::gateway::Gateway;

/// Why a conversation ends without an answer (SPEC 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The agent refused for good, or its retries are used up.
    AgentFailed(FailedAnswer),
    /// `deliver_before` passed before the agent was asked.
    Expired,
    /// The query's message crashed its handler every time.
    CrashLoop,
}

impl Ending {
    fn failure(&self) -> Failure<'_> {
        match self {
            Self::AgentFailed(failure) => Failure { code: failure.code.as_str(), message: &failure.message },
            Self::Expired => Failure {
                code: "expired",
                message: "The deadline of the request passed before the question could be answered.",
            },
            Self::CrashLoop => Failure {
                code: "crash_loop",
                message: "The question could not be processed; the operators have been told.",
            },
        }
    }
}

impl<R, Q, M> Gateway<R, Q, M> {
    pub(super) fn notice(&self, query: &QueryRecord, ending: &Ending) -> DeliveryRecord {
        let failure = ending.failure();
        let envelope = Envelope::failed(query, failure, self.now()).to_json();
        self.notice_record(query, failure.code, envelope)
    }
}
