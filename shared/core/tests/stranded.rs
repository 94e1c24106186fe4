//! Which conversations need somebody to bring them back.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use revops_core::conversation::{Conversation, Missing, RepairQueue, stranded};
use revops_core::messages::Message;
use revops_core::records::{AgentAttemptRecord, AttemptRecord, DeliveryRecord, OutcomeRecord};
use revops_core::{Header, Timestamp};
use serde::de::DeserializeOwned;

const PATIENCE: Duration = Duration::from_mins(30);

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/released/v1");
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// Accepted, and nothing else.
fn accepted() -> Conversation {
    Conversation {
        query: fixture("query.json"),
        agent_attempts: Vec::new(),
        answer: None,
        delivery: None,
        attempts: Vec::new(),
        outcomes: Vec::new(),
    }
}

fn queued() -> Conversation {
    Conversation {
        answer: Some(fixture("answer.json")),
        delivery: Some(fixture("delivery.json")),
        ..accepted()
    }
}

fn since(conversation: &Conversation, now: Timestamp) -> Option<Timestamp> {
    let found = stranded(conversation, conversation.query.received_at, now, PATIENCE);
    found.map(|stranded| stranded.since)
}

#[test]
fn a_conversation_is_stranded_when_its_newest_sign_of_life_is_over_half_an_hour_past() {
    let conversation = accepted();
    let received = conversation.query.received_at;
    assert_eq!(since(&conversation, received.plus(PATIENCE)), None);
    let late = received.plus(PATIENCE + Duration::from_millis(1));
    assert_eq!(since(&conversation, late), Some(received));
}

#[test]
fn a_try_or_an_attempt_that_is_due_later_keeps_a_conversation_from_being_stranded() {
    let far = Timestamp::from_unix_ms(4_000_000_000_000);
    let attempt: AgentAttemptRecord = fixture("agent-attempt.json");
    let retrying = AgentAttemptRecord { retry_at: far, ..attempt };
    assert_eq!(since(&Conversation { agent_attempts: vec![retrying], ..accepted() }, far), None);
    let attempt: AttemptRecord = fixture("attempt.json");
    let waiting =
        Conversation { attempts: vec![AttemptRecord { next_attempt_at: Some(far), ..attempt }], ..queued() };
    assert_eq!(since(&waiting, far.plus(PATIENCE)), None);
    assert_eq!(since(&waiting, far.plus(PATIENCE * 2)), Some(far));
}

#[test]
fn a_lease_that_was_written_a_moment_ago_is_a_sign_of_life() {
    let now = accepted().query.received_at.plus(PATIENCE * 3);
    assert!(stranded(&accepted(), now, now, PATIENCE).is_none());
}

#[test]
fn what_has_ended_is_never_stranded() {
    let outcome: OutcomeRecord = fixture("outcome.json");
    let ended = Conversation { outcomes: vec![outcome], ..queued() };
    assert_eq!(since(&ended, Timestamp::from_unix_ms(i64::MAX)), None);
}

#[test]
fn without_a_delivery_the_query_is_queued_again_in_its_fair_group() {
    let found =
        stranded(&accepted(), Timestamp::from_unix_ms(0), Timestamp::from_unix_ms(i64::MAX), PATIENCE);
    assert_eq!(found.unwrap().missing, Missing::AnswerQuery);
    let (queue, message) = accepted().repair();
    assert_eq!(queue, RepairQueue::Query);
    assert!(matches!(Message::parse(&message.body), Ok(Message::AnswerQuery(_))));
    assert!(message.group.is_some() && message.delay.is_zero());
}

#[test]
fn with_a_delivery_a_delayed_copy_goes_to_the_queue_of_its_target() {
    let delivery: DeliveryRecord = fixture("delivery.json");
    let conversation = Conversation {
        delivery: Some(DeliveryRecord { target: Header::LeadAnalysis, ..delivery }),
        ..queued()
    };
    let (queue, message) = conversation.repair();
    assert_eq!(queue, RepairQueue::Outbound(Header::LeadAnalysis));
    let Ok(Message::Deliver(deliver)) = Message::parse(&message.body) else {
        unreachable!("a deliver message")
    };
    assert!(deliver.copy && deliver.run.0 == 1);
    assert_eq!(message.delay, Duration::from_secs(20));
}

proptest! {
    #[test]
    fn whoever_is_stranded_stays_so_and_was_not_before(ms in 0_i64..8_000_000_000_000, patience in 0_u64..100_000) {
        let (now, patience) = (Timestamp::from_unix_ms(ms), Duration::from_secs(patience));
        let written = Timestamp::from_unix_ms(0);
        let Some(found) = stranded(&queued(), written, now, patience) else { return Ok(()) };
        prop_assert!(now.since(found.since) > patience);
        prop_assert!(stranded(&queued(), written, found.since.plus(patience), patience).is_none());
        prop_assert_eq!(stranded(&queued(), written, now.plus(patience), patience), Some(found));
    }
}
