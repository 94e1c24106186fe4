//! `POST /webhook`.

use std::time::Duration;

use http::{HeaderName, header};
use revops_core::ports::{CreateRecords, InvokeManagerAgent, ReadRecords, SendMessages};
use revops_core::problem::{Problem, ProblemCode};
use revops_core::records::{FailedAnswer, QueryRecord};
use revops_core::request::{IdempotencyKey, Preference, idempotency_key, is_json, parse, preference};
use revops_core::telemetry::{Attribution, Measurements, Metric, event, service};
use revops_core::{Header, Timestamp, TrackingId};
use serde_json::{Value, json};

use super::caller::Authenticated;
use super::wait::Waited;
use super::{FrontDoor, Incoming, RESERVE, Reply, unavailable};
use crate::accept::{AcceptError, Accepted};
use crate::finish::{Finished, expected_header};

/// When a caller who got a 202 may look again, in seconds.
const LOOK_AGAIN_SECONDS: &str = "5";

impl<R, Q, M, F> FrontDoor<R, Q, M, F>
where
    R: ReadRecords + CreateRecords,
    Q: SendMessages,
    M: InvokeManagerAgent,
{
    /// Accepts a question and answers it, at once or later.
    pub(super) async fn ask(
        &self,
        request: &Incoming,
        prefix: &str,
        from: &Authenticated,
        started: Timestamp,
    ) -> Result<Reply, Problem> {
        tracing::info!(
            event = event::REQUEST_RECEIVED,
            caller = from.caller.name,
            bytes = request.body.len(),
            "received"
        );
        if !is_json(request.header("content-type").unwrap_or_default()) {
            let detail = "send the body as application/json";
            return Err(Problem::new(ProblemCode::UnsupportedMediaType, detail));
        }
        let key = key_of(request, from.signed)?;
        let question = parse(&request.body)?;
        let accepted = match self.gateway.accept(&from.caller, question, key.as_ref(), &request.body).await {
            Ok(accepted) => accepted,
            Err(AcceptError::Refused(problem)) => return Err(problem),
            Err(AcceptError::Record(cause)) => {
                return Err(unavailable(&cause, Attribution::of_record(&cause)));
            }
        };
        self.report_accepted(&accepted);
        let preference = preference(request.header("prefer"));
        let reply = self.answer(request, prefix, &accepted.query, preference, started).await?;
        Ok(self.mark(reply, preference, &accepted))
    }

    /// Waits as the caller prefers, then answers with the answer, the failure, or a promise.
    async fn answer(
        &self,
        request: &Incoming,
        prefix: &str,
        query: &QueryRecord,
        preference: Preference,
        started: Timestamp,
    ) -> Result<Reply, Problem> {
        let wait = match preference {
            Preference::RespondAsync => Duration::ZERO,
            Preference::Wait(wait) => wait,
            Preference::None => self.default_wait,
        };
        let room = request.deadline.since(started.plus(RESERVE));
        match self.wait_for_answer(query, started.plus(wait.min(room))).await {
            Waited::Finished(Finished { failure: None, delivery }) => {
                let took = self.gateway.now().since(started);
                Ok(answered(query.tracking_id, &delivery, took))
            }
            Waited::Finished(Finished { failure: Some(failure), .. }) => Err(agent_failed(query, &failure)),
            Waited::NotYet => self.promise(prefix, query).await,
        }
    }

    /// 202: the conversation is on the query queue, and goes on without the caller.
    async fn promise(&self, prefix: &str, query: &QueryRecord) -> Result<Reply, Problem> {
        let queued = self.gateway.enqueue(query).await;
        queued.map_err(|cause| unavailable(&cause, Attribution::of_queue(&cause)))?;
        let id = query.tracking_id;
        let status_url = format!("{prefix}/webhook/{id}");
        let body = json!({
            "success": true, "tracking_id": id, "queued_at": self.gateway.now(),
            "status_url": status_url, "expected_webhook": self.expected_webhook(query),
        });
        Ok(Reply::json(202, body.to_string())
            .with(header::LOCATION, &status_url)
            .with(header::RETRY_AFTER, LOOK_AGAIN_SECONDS))
    }

    fn expected_webhook(&self, query: &QueryRecord) -> Header {
        self.gateway.config.destinations.target(expected_header(query))
    }

    fn report_accepted(&self, accepted: &Accepted) {
        let query = &accepted.query;
        tracing::info!(event = event::REQUEST_VALIDATED, tracking_id = %query.tracking_id,
            caller = query.caller, replayed = accepted.replayed, expected = %expected_header(query), "accepted");
        if !accepted.replayed {
            (self.gateway.emit)(&Measurements::of(service::GATEWAY).count(Metric::RequestsAccepted));
        }
    }

    /// Adds what the caller is told about its own headers.
    fn mark(&self, reply: Reply, preference: Preference, accepted: &Accepted) -> Reply {
        let applied = HeaderName::from_static("preference-applied");
        let reply = match preference {
            Preference::RespondAsync => reply.with(applied, "respond-async"),
            Preference::Wait(wait) => reply.with(applied, &format!("wait={}", wait.as_secs())),
            Preference::None => reply,
        };
        let replayed = HeaderName::from_static("idempotency-replayed");
        if accepted.replayed { reply.with(replayed, "true") } else { reply }
    }
}

/// 200: the answer, as the webhook will receive it.
fn answered(id: TrackingId, delivery: &revops_core::records::DeliveryRecord, took: Duration) -> Reply {
    let envelope: Value = serde_json::from_str(&delivery.envelope).unwrap_or_default();
    let body = json!({
        "success": true,
        "tracking_id": id,
        "processing_time_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "webhook_delivery": {"status": "queued", "target_webhook": delivery.target, "delivery_id": delivery.delivery_id},
        "ai_response": {"header": delivery.header, "response_rich": envelope["response_rich"],
            "response_plain": envelope["response_plain"], "agents_used": envelope["agents_used"]},
        "classification": delivery.classification.as_ref().map(|classification| json!({
            "method": classification.method, "confidence": classification.confidence, "reason": classification.reason})),
    });
    Reply::json(200, body.to_string())
}

/// The request's idempotency key. A signed request without one has its `webhook-id`, which a sender of
/// webhooks keeps when it repeats a message.
fn key_of(request: &Incoming, signed: bool) -> Result<Option<IdempotencyKey>, Problem> {
    match request.text("idempotency-key") {
        Some(key) => idempotency_key("Idempotency-Key", &key).map(Some),
        None if signed => request.text("webhook-id").map(|id| idempotency_key("webhook-id", &id)).transpose(),
        None => Ok(None),
    }
}

/// 502: the agent refused for good. The general webhook is told too.
fn agent_failed(query: &QueryRecord, failure: &FailedAnswer) -> Problem {
    Problem::new(ProblemCode::AgentFailed, failure.message.clone())
        .about(query.tracking_id)
        .due_to(Attribution::of_agent(failure.code))
}
