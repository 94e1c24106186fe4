//! What released versions wrote is still read: records and messages outlive a deploy.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

use std::path::Path;

use revops_core::messages::{AskReply, AskRequest, Message};
use revops_core::records::{
    AgentAttemptRecord, AnswerRecord, AttemptRecord, ClaimRecord, DeletedRecord, DeliveryRecord,
    DisabledRecord, LeaseRecord, LedgerRecord, OutcomeRecord, QueryRecord,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/released/v1");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Reads the fixture and writes it again: nothing is lost, nothing is renamed.
fn check<T: DeserializeOwned + Serialize>(name: &str) {
    let text = fixture(name);
    let record: T = serde_json::from_str(&text).unwrap_or_else(|cause| panic!("{name}: {cause}"));
    let before: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(record).unwrap(), before, "{name}");
}

#[test]
fn records_of_version_1_are_read_and_written_unchanged() {
    check::<QueryRecord>("query.json");
    check::<QueryRecord>("query-with-key.json");
    check::<LeaseRecord>("lease.json");
    check::<AgentAttemptRecord>("agent-attempt.json");
    check::<AnswerRecord>("answer.json");
    check::<AnswerRecord>("answer-failed.json");
    check::<DeliveryRecord>("delivery.json");
    check::<QueryRecord>("query-expected.json");
    check::<AttemptRecord>("attempt.json");
    check::<ClaimRecord>("claim.json");
    check::<OutcomeRecord>("outcome.json");
    check::<LedgerRecord>("idempotency.json");
    check::<DeletedRecord>("deleted.json");
    check::<DisabledRecord>("destination.json");
}

#[test]
fn messages_of_version_1_are_read_and_written_unchanged() {
    check::<AskRequest>("ask-request.json");
    check::<AskReply>("ask-reply-in-progress.json");
    for name in ["message-answer_query.json", "message-deliver.json", "message-deliver-copy.json"] {
        let message = Message::parse(&fixture(name)).unwrap();
        let after: serde_json::Value = serde_json::from_str(&message.to_json()).unwrap();
        assert_eq!(after, serde_json::from_str::<serde_json::Value>(&fixture(name)).unwrap(), "{name}");
    }
}
