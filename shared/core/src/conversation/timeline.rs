//! What happened, in order.

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::Timestamp;
use crate::records::{Answer, AttemptRecord, OutcomeRecord};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineEvent {
    /// When.
    pub at: Timestamp,
    /// What, in words.
    pub event: String,
}

impl Conversation {
    /// Everything that the records tell, oldest first.
    #[must_use]
    pub fn timeline(&self) -> Vec<TimelineEvent> {
        let mut events =
            vec![event(self.query.received_at, format!("accepted from {}", self.query.source_system))];
        events.extend(self.agent_attempts.iter().map(|attempt| {
            let text = format!(
                "agent try {} failed: {}; next at {}",
                attempt.number, attempt.code, attempt.retry_at
            );
            event(attempt.started_at, text)
        }));
        if let Some(record) = &self.answer {
            events.push(event(record.decided_at, decision(&record.answer)));
        }
        if let Some(delivery) = &self.delivery {
            let text = format!("queued for {} ({})", delivery.target, delivery.delivery_id);
            events.push(event(delivery.queued_at, text));
        }
        events.extend(self.attempts.iter().map(|attempt| event(attempt.started_at, failed_attempt(attempt))));
        events.extend(self.outcomes.iter().map(|outcome| event(outcome.at, ending(outcome))));
        // Stable: what happened in one millisecond keeps the order of cause and effect above.
        events.sort_by_key(|event| event.at);
        events
    }
}

impl Conversation {
    /// When the last thing happened that the records tell.
    #[must_use]
    pub fn as_of(&self) -> Timestamp {
        let agent = self.agent_attempts.iter().map(|attempt| attempt.started_at);
        let answer = self.answer.iter().map(|record| record.decided_at);
        let queued = self.delivery.iter().map(|delivery| delivery.queued_at);
        let attempts = self.attempts.iter().map(|attempt| attempt.started_at);
        let outcomes = self.outcomes.iter().map(|outcome| outcome.at);
        let moments = agent.chain(answer).chain(queued).chain(attempts).chain(outcomes);
        moments.fold(self.query.received_at, Timestamp::max)
    }
}

const fn event(at: Timestamp, event: String) -> TimelineEvent {
    TimelineEvent { at, event }
}

fn decision(answer: &Answer) -> String {
    match answer {
        Answer::Answered { agents_used, .. } => format!("answered by {}", agents_used.join(", ")),
        Answer::Failed(failure) => format!("agent failed for good: {}", failure.code),
    }
}

fn failed_attempt(attempt: &AttemptRecord) -> String {
    let status = attempt.response.as_ref().map(|response| format!(" {}", response.http_status));
    let next = attempt.next_attempt_at.map(|at| format!("; next at {at}"));
    let (run, number, error) = (attempt.run.0, attempt.attempt, attempt.error.as_str());
    format!(
        "run {run}, attempt {number} failed: {error}{}{}",
        status.unwrap_or_default(),
        next.unwrap_or_default()
    )
}

fn ending(outcome: &OutcomeRecord) -> String {
    let reason = outcome.reason.as_ref().map(|reason| format!(": {reason}"));
    format!("run {} ended {}{}", outcome.run.0, outcome.status.as_str(), reason.unwrap_or_default())
}
