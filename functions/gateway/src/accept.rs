//! Accepting a question: the ledger, the stored query, and the message that makes it a promise.

use revops_core::auth::{Caller, sha256_hex};
use revops_core::classify::expected;
use revops_core::ids::agent_session;
use revops_core::ports::{CreateRecords, Created, QueueError, ReadRecords, SendMessages};
use revops_core::problem::{FieldError, Problem, ProblemCode};
use revops_core::records::{LedgerRecord, QueryRecord, RecordError, VERSION, create, keys, read};
use revops_core::request::{IdempotencyKey, Question};
use revops_core::{Timestamp, TrackingId, outgoing};

use crate::gateway::Gateway;

/// A question that is stored. It is no promise yet: that takes a queue message or an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The stored query.
    pub query: QueryRecord,
    /// The idempotency key was known: this is an earlier request's conversation.
    pub replayed: bool,
}

/// Why a question was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The caller must change something.
    #[error("refused: {}", .0.detail)]
    Refused(Problem),
    /// A dependency refused; nothing was acknowledged, the caller may repeat.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// What the ledger says of a key.
struct Bound {
    tracking_id: TrackingId,
    replayed: bool,
}

impl<R: ReadRecords + CreateRecords, Q: SendMessages, M> Gateway<R, Q, M> {
    /// Stores `question` as a conversation, or finds the one that its key stands for. Every step is
    /// create-only and repeated by whoever comes with the same key, so a request that died between two
    /// steps is completed by its repetition.
    ///
    /// # Errors
    /// 400 for a new question whose `deliver_before` has passed, 422 for a key that came with another
    /// body; or a record could not be read or written.
    pub async fn accept(
        &self,
        caller: &Caller,
        question: Question,
        key: Option<&IdempotencyKey>,
        raw_body: &[u8],
    ) -> Result<Accepted, AcceptError> {
        let now = self.now();
        let ledger = key.map(|key| key.digest(&caller.name));
        let bound = match &ledger {
            Some(digest) => self.bind(digest, sha256_hex(raw_body), &question, now).await?,
            None => {
                refuse_the_past(&question, now)?;
                Bound { tracking_id: TrackingId::new(now, &*self.random), replayed: false }
            }
        };
        let query = QueryRecord { ledger, ..query_record(bound.tracking_id, caller, question, now) };
        let query_key = keys::query(bound.tracking_id);
        let query = match create(&self.records, &query_key, &query).await? {
            Created::New => query,
            Created::Existed => match read(&self.records, &query_key).await? {
                Some(stored) => stored,
                // Deleted between the two calls. Nothing is promised that is not stored.
                None => create(&self.records, &query_key, &query).await.map(|_| query)?,
            },
        };
        Ok(Accepted { query, replayed: bound.replayed })
    }

    /// Binds the key to a fresh conversation, or finds the conversation that it is bound to.
    async fn bind(
        &self,
        digest: &str,
        body_sha256: String,
        question: &Question,
        now: Timestamp,
    ) -> Result<Bound, AcceptError> {
        let key = keys::idempotency(digest);
        if refuse_the_past(question, now).is_err() {
            // Only a conversation that exists already may be asked for after its deadline.
            let Some(known) = read(&self.records, &key).await? else {
                return Err(AcceptError::Refused(past_deadline()));
            };
            return bound_before(&known, &body_sha256);
        }
        let tracking_id = TrackingId::new(now, &*self.random);
        let fresh = LedgerRecord { v: VERSION, tracking_id, body_sha256, bound_at: now };
        if create(&self.records, &key, &fresh).await? == Created::New {
            return Ok(Bound { tracking_id, replayed: false });
        }
        match read(&self.records, &key).await? {
            Some(known) => bound_before(&known, &fresh.body_sha256),
            // Removed by its lifecycle between the two calls: as good as never seen.
            None => Ok(Bound { tracking_id, replayed: false }),
        }
    }

    /// Puts the conversation on the query queue: from here on it is answered, whoever dies.
    ///
    /// # Errors
    /// The queue did not take the message.
    pub async fn enqueue(&self, query: &QueryRecord) -> Result<(), QueueError> {
        let message = outgoing::answer_query(query);
        self.queues.send(&self.config.query_queue_url, message).await
    }
}

fn bound_before(known: &LedgerRecord, body_sha256: &str) -> Result<Bound, AcceptError> {
    if known.body_sha256 != body_sha256 {
        let detail = "this Idempotency-Key came with another body before; use a new key for a new question";
        return Err(AcceptError::Refused(Problem::new(ProblemCode::IdempotencyKeyReused, detail)));
    }
    Ok(Bound { tracking_id: known.tracking_id, replayed: true })
}

fn refuse_the_past(question: &Question, now: Timestamp) -> Result<(), AcceptError> {
    match question.deliver_before {
        Some(deadline) if deadline <= now => Err(AcceptError::Refused(past_deadline())),
        Some(_) | None => Ok(()),
    }
}

fn past_deadline() -> Problem {
    let message = "must lie in the future".to_owned();
    Problem::invalid(vec![FieldError { field: "deliver_before", code: "in_the_past", message }])
}

fn query_record(id: TrackingId, caller: &Caller, question: Question, now: Timestamp) -> QueryRecord {
    let session = |session_id: String| agent_session(&caller.name, &session_id).to_string();
    let expected_header = question.route.unwrap_or_else(|| expected(&question.query).header);
    QueryRecord {
        v: VERSION,
        tracking_id: id,
        caller: caller.name.clone(),
        received_at: now,
        source_system: question.source_system,
        source_process: question.source_process,
        original_timestamp: question.timestamp,
        query: question.query,
        agent_session: question.session_id.map(session),
        user_context: question.user_context,
        route: question.route,
        expected_header: Some(expected_header),
        deliver_before: question.deliver_before,
        ledger: None,
    }
}
