//! Whose fault it is that a conversation failed.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::path::Path;

use revops_core::conversation::Conversation;
use revops_core::ports::AgentErrorCode;
use revops_core::records::{
    AgentAttemptRecord, AttemptError, AttemptRecord, OutcomeRecord, OutcomeStatus, Run,
};
use revops_core::retry::EndReason;
use revops_core::telemetry::Attribution;
use serde::de::DeserializeOwned;

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/released/v1");
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// Asked, and not answered yet.
fn asked(codes: &[AgentErrorCode]) -> Conversation {
    let failed = |code: &AgentErrorCode| AgentAttemptRecord { code: *code, ..fixture("agent-attempt.json") };
    Conversation {
        query: fixture("query.json"),
        agent_attempts: codes.iter().map(failed).collect(),
        answer: None,
        delivery: None,
        attempts: Vec::new(),
        outcomes: Vec::new(),
    }
}

/// Answered and queued; these attempts of the first run failed without an answer.
fn queued(errors: &[AttemptError]) -> Conversation {
    let failed = |error: &AttemptError| AttemptRecord {
        run: Run::FIRST,
        error: *error,
        response: None,
        ..fixture("attempt.json")
    };
    Conversation {
        answer: Some(fixture("answer.json")),
        delivery: Some(fixture("delivery.json")),
        attempts: errors.iter().map(failed).collect(),
        ..asked(&[AgentErrorCode::Throttled])
    }
}

fn ended(conversation: Conversation, status: OutcomeStatus, reason: &str) -> Option<Attribution> {
    let reason = Some(reason.to_owned());
    let outcome = OutcomeRecord { run: Run::FIRST, status, reason, ..fixture("outcome.json") };
    Conversation { outcomes: vec![outcome], ..conversation }.attribution()
}

#[test]
fn while_nothing_has_failed_it_is_nobodys_fault() {
    assert_eq!(asked(&[]).attribution(), None);
    assert_eq!(queued(&[]).attribution(), None, "the agent was throttled, and answered in the end");
}

#[test]
fn a_conversation_that_waits_is_held_up_by_the_party_of_its_last_failure() {
    let waiting = asked(&[AgentErrorCode::Throttled, AgentErrorCode::TimedOut]);
    assert_eq!(waiting.attribution(), Some(Attribution::AgentTimeout));
    let retrying = queued(&[AttemptError::Dns, AttemptError::TimedOut]);
    assert_eq!(retrying.attribution(), Some(Attribution::ReceiverSlow));
}

#[test]
fn what_was_delivered_in_the_end_is_nobodys_fault() {
    let retried = queued(&[AttemptError::Tls]);
    assert_eq!(ended(retried, OutcomeStatus::Delivered, "unused"), None);
}

#[test]
fn a_failed_run_is_the_fault_of_its_reason_or_else_of_its_last_attempt() {
    let failed = |reason: EndReason| {
        ended(queued(&[AttemptError::Tls, AttemptError::TimedOut]), OutcomeStatus::Failed, reason.as_str())
    };
    assert_eq!(failed(EndReason::AttemptsExhausted), Some(Attribution::ReceiverSlow));
    assert_eq!(failed(EndReason::Gone), Some(Attribution::Receiver4xx));
    assert_eq!(failed(EndReason::CrashLoop), Some(Attribution::OurBug));
}

#[test]
fn an_agents_final_failure_is_the_agents_whatever_became_of_its_notice() {
    let refused =
        Conversation { answer: Some(fixture("answer-failed.json")), ..queued(&[AttemptError::TimedOut]) };
    let party = ended(refused.clone(), OutcomeStatus::Failed, "attempts_exhausted");
    assert_eq!(party, Conversation { delivery: None, ..refused }.attribution());
    assert!(party.is_some_and(|party| party != Attribution::ReceiverSlow));
}

#[test]
fn a_deadline_that_passed_unasked_is_the_callers_and_one_that_the_agent_missed_the_agents() {
    let expired = |codes| ended(asked(codes), OutcomeStatus::Expired, "expired");
    assert_eq!(expired(&[]), Some(Attribution::Caller));
    assert_eq!(expired(&[AgentErrorCode::Throttled]), Some(Attribution::AgentThrottled));
    let late = ended(queued(&[AttemptError::Dns]), OutcomeStatus::Expired, "deliver_before");
    assert_eq!(late, Some(Attribution::Network));
}
