//! `GET /webhook/{tracking_id}`: where a conversation stands, and how it came there.

use revops_core::TrackingId;
use revops_core::auth::Caller;
use revops_core::conversation::{Conversation, load};
use revops_core::ports::ReadRecords;
use revops_core::problem::Problem;
use revops_core::records::{AttemptRecord, OutcomeRecord};
use revops_core::telemetry::Attribution;
use serde_json::{Map, Value, json};

use super::{FrontDoor, Reply, not_found, unavailable};

impl<R: ReadRecords, Q, M, F> FrontDoor<R, Q, M, F> {
    /// The conversation as its records tell it; 404 also for another caller's.
    pub(super) async fn read(&self, caller: &Caller, id: TrackingId) -> Result<Reply, Problem> {
        let loaded = load(&self.gateway.records, id).await;
        let conversation = loaded.map_err(|cause| unavailable(&cause, Attribution::of_record(&cause)))?;
        match conversation {
            Some(conversation) if caller.may_read(&conversation.query.caller) => {
                Ok(Reply::json(200, view(&conversation).to_string()))
            }
            Some(_) | None => Err(not_found()),
        }
    }
}

/// The body of the answer (SPEC 2.2); absent parts are left out.
fn view(conversation: &Conversation) -> Value {
    let query = &conversation.query;
    let mut view = Map::from_iter([
        ("success".to_owned(), json!(true)),
        ("tracking_id".to_owned(), json!(query.tracking_id)),
        ("status".to_owned(), json!(conversation.status())),
        ("received_at".to_owned(), json!(query.received_at)),
        ("source_system".to_owned(), json!(query.source_system)),
        ("source_process".to_owned(), json!(query.source_process)),
        ("query".to_owned(), json!(query.query)),
        ("events".to_owned(), json!(conversation.timeline())),
    ]);
    let mut add = |name: &str, part: Option<Value>| {
        if let Some(part) = part {
            view.insert(name.to_owned(), part);
        }
    };
    add("ai_response", ai_response(conversation));
    let delivery = conversation.delivery.as_ref();
    let classification = delivery.and_then(|delivery| delivery.classification.as_ref());
    add(
        "classification",
        classification.map(
            |found| json!({"method": found.method, "confidence": found.confidence, "reason": found.reason}),
        ),
    );
    add("webhook_delivery", webhook_delivery(conversation));
    add("outcome", conversation.outcome().map(outcome));
    Value::Object(view)
}

fn ai_response(conversation: &Conversation) -> Option<Value> {
    let delivery = conversation.delivery.as_ref().filter(|delivery| !delivery.failure_notice)?;
    let envelope: Value = serde_json::from_str(&delivery.envelope).ok()?;
    Some(json!({"header": delivery.header, "response_rich": envelope["response_rich"],
        "response_plain": envelope["response_plain"], "agents_used": envelope["agents_used"]}))
}

fn webhook_delivery(conversation: &Conversation) -> Option<Value> {
    let delivery = conversation.delivery.as_ref()?;
    let failed = conversation.attempts.iter().map(failed_attempt);
    let delivered = conversation.outcomes.iter().filter_map(delivering_attempt);
    Some(json!({
        "status": conversation.status(),
        "target_webhook": delivery.target,
        "delivery_id": delivery.delivery_id,
        "attempts": failed.chain(delivered).collect::<Vec<_>>(),
    }))
}

fn failed_attempt(attempt: &AttemptRecord) -> Value {
    let mut shown = json!({"run": attempt.run, "attempt": attempt.attempt, "started_at": attempt.started_at,
        "duration_ms": attempt.duration_ms, "error": attempt.error});
    if let Some(response) = &attempt.response {
        shown["http_status"] = json!(response.http_status);
    }
    if let Some(next) = attempt.next_attempt_at {
        shown["next_attempt_at"] = json!(next);
    }
    shown
}

/// The attempt that the receiver took is part of its outcome.
fn delivering_attempt(outcome: &OutcomeRecord) -> Option<Value> {
    Some(json!({"run": outcome.run, "attempt": outcome.attempts, "started_at": outcome.started_at?,
        "duration_ms": outcome.duration_ms?, "http_status": outcome.http_status?}))
}

fn outcome(outcome: &OutcomeRecord) -> Value {
    let mut shown = json!({"status": outcome.status, "at": outcome.at});
    if let Some(reason) = &outcome.reason {
        shown["reason"] = json!(reason);
    }
    shown
}
