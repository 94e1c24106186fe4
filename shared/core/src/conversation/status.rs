//! The one word for where a conversation stands.

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::records::{Answer, OutcomeRecord, OutcomeStatus};

/// Where a conversation stands (SPEC 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stored; the agent has not been asked, as far as records tell.
    Accepted,
    /// The agent was asked at least once and has not answered.
    Answering,
    /// The answer waits for its first attempt.
    Queued,
    /// At least one attempt failed and another is due.
    Retrying,
    /// The receiver has it.
    Delivered,
    /// It ended without a delivery.
    Failed,
    /// `deliver_before` passed first.
    Expired,
}

impl Status {
    /// The name on the wire, such as `retrying`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Answering => "answering",
            Self::Queued => "queued",
            Self::Retrying => "retrying",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

impl Conversation {
    /// Where the conversation stands.
    #[must_use]
    pub fn status(&self) -> Status {
        if let Some(outcome) = self.outcome() {
            return match outcome.status {
                OutcomeStatus::Delivered => Status::Delivered,
                OutcomeStatus::Failed | OutcomeStatus::Expired if self.is_replaying() => Status::Retrying,
                OutcomeStatus::Failed => Status::Failed,
                OutcomeStatus::Expired => Status::Expired,
            };
        }
        if let Some(failed) = self.failed_without_answer() {
            return failed;
        }
        match (&self.delivery, &self.answer) {
            (Some(_), _) if !self.attempts.is_empty() => Status::Retrying,
            (Some(_), _) => Status::Queued,
            (None, Some(_)) => Status::Answering,
            (None, None) if !self.agent_attempts.is_empty() => Status::Answering,
            (None, None) => Status::Accepted,
        }
    }

    /// Whether a run has begun after the one whose outcome counts, and has not ended.
    pub(super) fn is_replaying(&self) -> bool {
        let begun_after = |outcome: &OutcomeRecord| {
            outcome.status != OutcomeStatus::Delivered
                && self.attempts.iter().any(|attempt| attempt.run > outcome.run)
        };
        self.outcome().is_some_and(begun_after)
    }

    /// A conversation without an answer has ended, even while the notice of it is on its way.
    fn failed_without_answer(&self) -> Option<Status> {
        let notice = self.delivery.as_ref().filter(|delivery| delivery.failure_notice);
        if notice.and_then(|delivery| delivery.failure_reason.as_deref()) == Some("expired") {
            return Some(Status::Expired);
        }
        let failed = matches!(self.answer.as_ref().map(|record| &record.answer), Some(Answer::Failed(_)));
        (failed || notice.is_some()).then_some(Status::Failed)
    }
}
