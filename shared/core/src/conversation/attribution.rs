//! Whose fault it is that a conversation failed, or is not done yet.

use super::Conversation;
use crate::records::{Answer, AttemptRecord, OutcomeRecord, OutcomeStatus, Run};
use crate::retry::EndReason;
use crate::telemetry::Attribution;

impl Conversation {
    /// The party that the conversation's failure is attributed to, or, while it waits for another try, the
    /// party of its last failed one; of a replay that goes on, whatever an earlier run ended for. None when it was
    /// delivered, and when nothing has failed.
    #[must_use]
    pub fn attribution(&self) -> Option<Attribution> {
        match self.outcome() {
            Some(_) if self.is_replaying() => self.attempts.last().map(AttemptRecord::attribution),
            Some(outcome) => self.fault_of(outcome),
            None if self.delivery.is_some() => self.attempts.last().map(AttemptRecord::attribution),
            None => match self.answer.as_ref().map(|record| &record.answer) {
                Some(Answer::Answered { .. }) => None,
                Some(Answer::Failed(failure)) => Some(Attribution::of_agent(failure.code)),
                None => self.fault_of_the_agent(),
            },
        }
    }

    /// Whose fault it was that a run ended so; none for a delivery.
    pub(super) fn fault_of(&self, outcome: &OutcomeRecord) -> Option<Attribution> {
        if outcome.status == OutcomeStatus::Delivered {
            return None;
        }
        if let Some(Answer::Failed(failure)) = self.answer.as_ref().map(|record| &record.answer) {
            return Some(Attribution::of_agent(failure.code));
        }
        let last_attempt = self.last_attempt_of(outcome.run);
        Some(match outcome.reason.as_deref().map(str::parse::<EndReason>) {
            Some(Ok(reason)) => Attribution::of_ending(reason, last_attempt),
            // `expired`, the notice's own word: the deadline passed before there was an answer.
            _ if outcome.status == OutcomeStatus::Expired => {
                self.fault_of_the_agent().unwrap_or(Attribution::Caller)
            }
            Some(Err(_)) | None => Attribution::OurBug,
        })
    }

    fn fault_of_the_agent(&self) -> Option<Attribution> {
        self.agent_attempts.last().map(|attempt| Attribution::of_agent(attempt.code))
    }

    fn last_attempt_of(&self, run: Run) -> Option<Attribution> {
        self.attempts.iter().rfind(|attempt| attempt.run == run).map(AttemptRecord::attribution)
    }
}

impl AttemptRecord {
    /// The party that the attempt's failure is attributed to.
    #[must_use]
    pub fn attribution(&self) -> Attribution {
        Attribution::of_attempt(self.error, self.response.as_ref().map(|response| response.http_status))
    }
}
