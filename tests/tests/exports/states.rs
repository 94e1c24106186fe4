//! Conversations in every state in which one can be exported, made of the released records.

use revops_core::conversation::Conversation;
use revops_core::records::{AttemptRecord, DeliveryRecord, OutcomeRecord, OutcomeStatus, QueryRecord};
use serde::de::DeserializeOwned;

use crate::house::workspace;

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let path = workspace().join("events/released/v1").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What a caller can put into every text: emoji, right to left, combining marks, line ends of all kinds, quotes, and
/// characters that are none.
pub(crate) const ANY_TEXT: &str = "\u{1f9fe}\u{1f468}\u{200d}\u{1f4bb} \u{645}\u{643}\u{62a}\u{628} e\u{301} \u{202e}x \u{2028}\u{2029}\u{85} \"\\ \u{7f}\u{fffe}\u{10ffff}";

/// An envelope as the gateway builds it.
fn envelope(plain: &str) -> String {
    let metadata = serde_json::json!({"tracking_id": "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
        "delivery_id": "dlv_0198a0a01c2d7e3f8a4b5c6d7e8f9a0b", "source_system": "crm", "source_process": "p",
        "original_timestamp": "2025-08-13T06:30:00Z", "processing_time_ms": 12});
    serde_json::json!({"type": "conversation.answered", "timestamp": "2026-11-22T19:43:41.100Z",
        "header": "deal_analysis", "response_rich": plain, "response_plain": plain,
        "agents_used": ["ManagerAgent"], "metadata": metadata})
    .to_string()
}

fn accepted() -> Conversation {
    Conversation {
        query: fixture("query-expected.json"),
        agent_attempts: Vec::new(),
        answer: None,
        delivery: None,
        attempts: Vec::new(),
        outcomes: Vec::new(),
    }
}

fn queued() -> Conversation {
    let delivery: DeliveryRecord = fixture("delivery.json");
    Conversation {
        agent_attempts: vec![fixture("agent-attempt.json")],
        answer: Some(fixture("answer.json")),
        delivery: Some(DeliveryRecord { envelope: envelope("In negotiation."), ..delivery }),
        ..accepted()
    }
}

/// After one failed attempt.
pub(crate) fn delivered() -> Conversation {
    let attempt: AttemptRecord = fixture("attempt.json");
    Conversation { attempts: vec![attempt], outcomes: vec![fixture("outcome.json")], ..queued() }
}

fn ended(status: OutcomeStatus, reason: &str) -> Conversation {
    let outcome: OutcomeRecord = fixture("outcome.json");
    let reason = Some(reason.to_owned());
    let outcome = OutcomeRecord { status, reason, http_status: None, ..outcome };
    Conversation { outcomes: vec![outcome], ..delivered() }
}

fn notice() -> Conversation {
    let answered: DeliveryRecord = fixture("delivery.json");
    let envelope = r#"{"type":"conversation.failed","timestamp":"2026-11-22T19:43:41.100Z","header":"general","error":{"code":"access_denied","message":"no"},"metadata":{"tracking_id":"0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b","delivery_id":"dlv_0198a0a01c2d7e3f8a4b5c6d7e8f9a0b","source_system":"crm","source_process":"p","original_timestamp":"2025-08-13T06:30:00Z","processing_time_ms":12}}"#;
    let delivery = DeliveryRecord {
        classification: None,
        failure_notice: true,
        failure_reason: Some("access_denied".to_owned()),
        envelope: envelope.to_owned(),
        ..answered
    };
    let ended = ended(OutcomeStatus::Failed, "access_denied");
    Conversation { answer: Some(fixture("answer-failed.json")), delivery: Some(delivery), ..ended }
}

/// A conversation with `text` wherever a text of somebody else stands.
pub(crate) fn with_text(text: &str) -> Conversation {
    let base = delivered();
    let query = QueryRecord {
        query: text.to_owned(),
        source_system: text.to_owned(),
        source_process: text.to_owned(),
        user_context: [(text.to_owned(), text.to_owned())].into(),
        ..base.query
    };
    let delivery = base.delivery.map(|delivery| DeliveryRecord { envelope: envelope(text), ..delivery });
    Conversation { query, delivery, ..base }
}

/// All of them, with their names.
pub(crate) fn all() -> Vec<(&'static str, Conversation)> {
    vec![
        ("accepted", accepted()),
        ("queued", queued()),
        ("delivered", delivered()),
        ("failed", ended(OutcomeStatus::Failed, "http_status")),
        ("expired", ended(OutcomeStatus::Expired, "deliver_before")),
        ("notice", notice()),
        ("any text", with_text(ANY_TEXT)),
        ("long text", with_text(&ANY_TEXT.repeat(100))),
        ("control characters", with_text("\u{0}\u{1b}[2J\r\n\t")),
    ]
}
