//! The keys of SPEC 6.

use super::{
    AgentAttemptRecord, AnswerRecord, AttemptRecord, ClaimRecord, DeletedRecord, DeliveryRecord,
    DisabledRecord, Key, LeaseRecord, LedgerRecord, OutcomeRecord, OutcomeStatus, QueryRecord, Run,
};
use crate::{Header, TrackingId};

/// The accepted request.
#[must_use]
pub fn query(id: TrackingId) -> Key<QueryRecord> {
    Key::new(format!("conversations/{id}/query.json"))
}

/// Who is asking the agent. Mutable, by compare-and-swap.
#[must_use]
pub fn lease(id: TrackingId) -> Key<LeaseRecord> {
    Key::new(format!("conversations/{id}/lease.json"))
}

/// The `number`-th failed try of the agent, from 1.
#[must_use]
pub fn agent_attempt(id: TrackingId, number: u32) -> Key<AgentAttemptRecord> {
    Key::new(format!("conversations/{id}/agent-attempts/{number:03}.json"))
}

/// The agent's answer or its final failure: the single decision.
#[must_use]
pub fn answer(id: TrackingId) -> Key<AnswerRecord> {
    Key::new(format!("conversations/{id}/answer.json"))
}

/// The envelope and where it goes.
#[must_use]
pub fn delivery(id: TrackingId) -> Key<DeliveryRecord> {
    Key::new(format!("conversations/{id}/delivery.json"))
}

/// The `number`-th failed attempt of `run`, from 1.
#[must_use]
pub fn attempt(id: TrackingId, run: Run, number: u32) -> Key<AttemptRecord> {
    Key::new(format!("conversations/{id}/attempts/{run}-{number:03}.json"))
}

/// Who makes the `number`-th attempt of `run`, a replay. Mutable, by compare-and-swap.
#[must_use]
pub fn claim(id: TrackingId, run: Run, number: u32) -> Key<ClaimRecord> {
    Key::new(format!("conversations/{id}/attempts/{run}-{number:03}-claim.json"))
}

/// How `run` ended, if it ended so.
#[must_use]
pub fn outcome(id: TrackingId, run: Run, status: OutcomeStatus) -> Key<OutcomeRecord> {
    Key::new(format!("conversations/{id}/outcomes/{run}-{}.json", status.as_str()))
}

/// The tombstone of a deleted conversation. Written by operators alone, and before anything is removed.
#[must_use]
pub fn deleted(id: TrackingId) -> Key<DeletedRecord> {
    Key::new(format!("conversations/{id}/deleted.json"))
}

/// The ledger entry of an idempotency key; `digest` is the hexadecimal SHA-256 of caller and key.
#[must_use]
pub fn idempotency(digest: &str) -> Key<LedgerRecord> {
    Key::new(format!("idempotency/{digest}.json"))
}

/// The marker of a destination that answered 410. Mutable: replaced and removed by operators.
#[must_use]
pub fn disabled(header: Header) -> Key<DisabledRecord> {
    Key::new(format!("destinations/{header}.json"))
}
