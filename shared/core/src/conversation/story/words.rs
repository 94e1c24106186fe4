//! Numbers, codes and foreign texts in words.

use std::time::Duration;

use crate::ports::AgentErrorCode;
use crate::records::AttemptError;
use crate::text::excerpt;
use crate::time::in_words;

/// As much of a text from outside as a line holds, in characters.
const EXCERPT: usize = 160;

/// A duration of so many milliseconds.
pub(super) fn milliseconds(ms: u64) -> String {
    in_words(Duration::from_millis(ms))
}

/// The start of a text from outside, such that neither a terminal nor a reader mistakes it for ours.
pub(super) fn quoted(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", excerpt(text, EXCERPT))
}

/// What a failed try of the agent means.
pub(super) const fn agent_failure(code: AgentErrorCode) -> &'static str {
    match code {
        AgentErrorCode::Throttled => "the agent's service throttled",
        AgentErrorCode::QuotaExceeded => "the account's quota for the agent is used up",
        AgentErrorCode::ServiceError => "the agent's service failed",
        AgentErrorCode::DependencyFailed => "something that the agent depends on failed",
        AgentErrorCode::ModelNotReady => "the agent's model was not ready",
        AgentErrorCode::Conflict => "the agent's session was in use",
        AgentErrorCode::TimedOut => "the agent gave no complete answer within its deadline",
        AgentErrorCode::BrokenStream => "the connection to the agent broke",
        AgentErrorCode::EmptyAnswer => "the agent's answer was empty",
        AgentErrorCode::Invalid => "the agent's service refused the input",
        AgentErrorCode::AccessDenied => {
            "the agent's service denied access: credentials or permissions are wrong"
        }
        AgentErrorCode::NotFound => "there is no such agent or alias",
        AgentErrorCode::ReturnControl => "the agent handed control back, which nobody here can take",
        AgentErrorCode::AnswerTooLarge => "the agent's answer is above 1 MiB",
        AgentErrorCode::NotText => "the agent's answer is no text",
    }
}

/// What a failed attempt met, in the place where a status would stand.
pub(super) const fn attempt_failure(error: AttemptError) -> &'static str {
    match error {
        AttemptError::HttpStatus => "a status outside 2xx",
        AttemptError::TimedOut => "no answer in time (5 s to connect, 15 s in all)",
        AttemptError::Connection => "the connection was refused or broke",
        AttemptError::Tls => "the TLS handshake failed",
        AttemptError::Dns => "the name could not be resolved",
        AttemptError::BlockedAddress => "the address is not one that the gateway may reach; nothing was sent",
        AttemptError::DestinationDisabled => "the destination is disabled since its 410; nothing was sent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_outside_is_quoted_and_cut() {
        assert_eq!(quoted(" busy\n"), "\u{201c}busy\u{201d}");
        assert_eq!(quoted(&"x".repeat(1_000)).chars().count(), EXCERPT + 3);
    }
}
