//! What a try came to, as the record that says so: pure.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::ports::{AgentAnswer, AgentError, AgentErrorCode, Random};
use revops_core::records::{AgentAttemptRecord, Answer, AnswerRecord, FailedAnswer, VERSION};
use revops_core::retry::due_within;

use crate::config::Settings;
use crate::tries::Tries;

/// Tries are repeated for so long after the first one started.
const RETRY_LIMIT: Duration = Duration::from_hours(6);

/// One try: its number and its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Try {
    pub(crate) number: u32,
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Timestamp,
}

/// What follows a failed try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The agent is asked again, not before the record's `retry_at`.
    AskAgain(AgentAttemptRecord),
    /// The conversation has failed.
    Final(AnswerRecord),
}

/// The record of an answer.
pub(crate) fn answered(
    this: Try,
    answer: AgentAnswer,
    nonce: Option<String>,
    manager_name: &str,
) -> AnswerRecord {
    let AgentAnswer { text, collaborators, usage } = answer;
    let others = collaborators.into_iter().filter(|name| name != manager_name);
    let agents_used = std::iter::once(manager_name.to_owned()).chain(others).collect();
    decided(this, Answer::Answered { text, nonce, agents_used, usage })
}

/// What follows the failed try `this` after those in `before`.
pub(crate) fn failed(
    this: Try,
    error: &AgentError,
    before: &Tries,
    settings: &Settings,
    random: &dyn Random,
) -> Failure {
    let code = error.code();
    let retry_at = match error {
        AgentError::Permanent { .. } => None,
        AgentError::Retryable { .. } => {
            let window = (before.first_started_at(this.started_at), RETRY_LIMIT);
            due_within(&settings.retry, this.number, window, this.ended_at, settings.scale, random)
        }
    };
    let Some(retry_at) = retry_at else {
        let message = message(code).to_owned();
        return Failure::Final(decided(this, Answer::Failed(FailedAnswer { code, message })));
    };
    Failure::AskAgain(AgentAttemptRecord {
        v: VERSION,
        number: this.number,
        started_at: this.started_at,
        duration_ms: u64::try_from(this.ended_at.since(this.started_at).as_millis()).unwrap_or(u64::MAX),
        code,
        retry_at,
    })
}

fn decided(this: Try, answer: Answer) -> AnswerRecord {
    AnswerRecord { v: VERSION, decided_at: this.ended_at, attempt: this.number, answer }
}

/// One sentence for the receiver of `conversation.failed`: what happened, and nothing of the inside.
const fn message(code: AgentErrorCode) -> &'static str {
    match code {
        AgentErrorCode::Throttled => "The agent service was busy for too long.",
        AgentErrorCode::QuotaExceeded => "The quota of the agent service was used up for too long.",
        AgentErrorCode::ServiceError => "The agent service failed for too long.",
        AgentErrorCode::DependencyFailed => "Something that the agent depends on failed for too long.",
        AgentErrorCode::ModelNotReady => "The agent's model was not ready for too long.",
        AgentErrorCode::Conflict => "The agent session was in use for too long.",
        AgentErrorCode::TimedOut => "The agent did not answer in time, however often it was asked.",
        AgentErrorCode::BrokenStream => "The connection to the agent broke, however often it was asked.",
        AgentErrorCode::EmptyAnswer => "The agent answered with nothing, however often it was asked.",
        AgentErrorCode::NotText => "The agent's answer was not readable text.",
        AgentErrorCode::Invalid => "The agent service refused the question.",
        AgentErrorCode::AccessDenied => "The agent service denied access.",
        AgentErrorCode::NotFound => "The agent does not exist.",
        AgentErrorCode::ReturnControl => "The agent asked for an action that is not offered here.",
        AgentErrorCode::AnswerTooLarge => "The agent's answer is above 1 MiB.",
    }
}
