//! What each format holds.

use serde_json::{Value, json};

use crate::Timestamp;
use crate::conversation::Conversation;
use crate::records::{AgentUsage, Answer};

/// The version of the exports' shapes.
const SCHEMA_VERSION: u32 = 1;

/// How much of the question `metadata.json` keeps, in characters.
const QUERY_PREVIEW: usize = 200;

/// How much of the answer `metadata.json` keeps, in characters.
const ANSWER_PREVIEW: usize = 300;

/// Everything.
pub(super) fn conversation(conversation: &Conversation, now: Timestamp) -> Value {
    let envelope = conversation.delivery.as_ref().map(|delivery| parsed(&delivery.envelope));
    let mut shape = metadata_members(conversation, now);
    shape["query"] = json!(conversation.query.query);
    shape["user_context"] = json!(conversation.query.user_context);
    shape["envelope"] = envelope.unwrap_or_default();
    shape["timeline"] = json!(conversation.timeline());
    shape["attempts"] = json!(conversation.attempts);
    shape["agent_attempts"] = json!(conversation.agent_attempts);
    shape["outcomes"] = json!(conversation.outcomes);
    shape
}

/// Metadata, with the texts cut.
pub(super) fn metadata(conversation: &Conversation, now: Timestamp) -> Value {
    let mut shape = metadata_members(conversation, now);
    shape["query_preview"] = json!(cut(&conversation.query.query, QUERY_PREVIEW));
    shape["response_preview"] =
        json!(response(conversation, "response_plain").map(|text| cut(&text, ANSWER_PREVIEW)));
    shape
}

/// One flat line: numbers and words that a table can hold.
pub(super) fn summary(conversation: &Conversation, now: Timestamp) -> Value {
    let query = &conversation.query;
    let outcome = conversation.outcome();
    let classification = conversation.delivery.as_ref().and_then(|delivery| delivery.classification.as_ref());
    let delivered = outcome.filter(|outcome| outcome.http_status.is_some());
    json!({
        "schema_version": SCHEMA_VERSION,
        "tracking_id": query.tracking_id,
        "received_at": query.received_at,
        "exported_at": now,
        "source_system": query.source_system,
        "source_process": query.source_process,
        "status": conversation.status(),
        "reason": outcome.and_then(|outcome| outcome.reason.as_deref()),
        "header": conversation.delivery.as_ref().map(|delivery| delivery.header),
        "target": conversation.delivery.as_ref().map(|delivery| delivery.target),
        "classification_method": classification.map(|classification| classification.method),
        "confidence": classification.map(|classification| classification.confidence),
        "agent_latency_ms": usage(conversation).map(|usage| usage.latency_ms),
        "input_tokens": usage(conversation).and_then(|usage| usage.input_tokens),
        "output_tokens": usage(conversation).and_then(|usage| usage.output_tokens),
        "failed_attempts": conversation.attempts.len(),
        "end_to_end_ms": delivered.map(|outcome| milliseconds(conversation, outcome.at)),
    })
}

/// What an analyst reads.
pub(super) fn analysis(conversation: &Conversation, now: Timestamp) -> Value {
    let query = &conversation.query;
    let decided = conversation.answer.as_ref().map(|record| record.decided_at);
    let outcome = conversation.outcome();
    json!({
        "schema_version": SCHEMA_VERSION,
        "tracking_id": query.tracking_id,
        "exported_at": now,
        "query": {"text": query.query, "source_system": query.source_system,
                  "source_process": query.source_process, "asked_at": query.original_timestamp},
        "response": {"header": conversation.delivery.as_ref().map(|delivery| delivery.header),
                     "plain": response(conversation, "response_plain"),
                     "error": conversation.delivery.as_ref().and_then(|delivery| delivery.failure_reason.as_deref())},
        "agents": {"used": conversation.agents_used(), "usage": usage(conversation),
                   "failed_tries": conversation.agent_attempts.len()},
        "timing": {"received_at": query.received_at, "answered_at": decided,
                   "ended_at": outcome.map(|outcome| outcome.at),
                   "answer_ms": decided.map(|at| milliseconds(conversation, at)),
                   "total_ms": outcome.map(|outcome| milliseconds(conversation, outcome.at))},
        "delivery": delivery(conversation),
    })
}

fn metadata_members(conversation: &Conversation, now: Timestamp) -> Value {
    let query = &conversation.query;
    let record = conversation.delivery.as_ref();
    json!({
        "schema_version": SCHEMA_VERSION,
        "tracking_id": query.tracking_id,
        "exported_at": now,
        "status": conversation.status(),
        "caller": query.caller,
        "source_system": query.source_system,
        "source_process": query.source_process,
        "original_timestamp": query.original_timestamp,
        "received_at": query.received_at,
        "deliver_before": query.deliver_before,
        "agents_used": conversation.agents_used(),
        "agent": usage(conversation),
        "classification": record.and_then(|delivery| delivery.classification.as_ref()),
        "delivery": delivery(conversation),
    })
}

fn delivery(conversation: &Conversation) -> Value {
    let Some(record) = &conversation.delivery else { return Value::Null };
    let outcome = conversation.outcome();
    json!({
        "delivery_id": record.delivery_id,
        "header": record.header,
        "target": record.target,
        "queued_at": record.queued_at,
        "status": conversation.status(),
        "failed_attempts": conversation.attempts.len(),
        "reason": outcome.and_then(|outcome| outcome.reason.as_deref()),
        "http_status": outcome.and_then(|outcome| outcome.http_status),
        "notice": outcome.and_then(|outcome| outcome.notice),
        "ended_at": outcome.map(|outcome| outcome.at),
    })
}

fn usage(conversation: &Conversation) -> Option<&AgentUsage> {
    match &conversation.answer.as_ref()?.answer {
        Answer::Answered { usage, .. } => Some(usage),
        Answer::Failed(_) => None,
    }
}

/// A text of the envelope: what the receiver reads.
fn response(conversation: &Conversation, member: &str) -> Option<String> {
    let envelope = parsed(&conversation.delivery.as_ref()?.envelope);
    envelope.get(member)?.as_str().map(str::to_owned)
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

fn milliseconds(conversation: &Conversation, at: Timestamp) -> u64 {
    u64::try_from(at.since(conversation.query.received_at).as_millis()).unwrap_or(u64::MAX)
}

/// The first `most` characters; a cut is shown.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
