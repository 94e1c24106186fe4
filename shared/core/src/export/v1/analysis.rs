//! `analysis.json`: what an analyst reads.

use serde::Serialize;

use super::delivery::Delivery;
use super::version::SchemaVersion;
use super::{milliseconds, response_plain, usage};
use crate::conversation::Conversation;
use crate::records::AgentUsage;
use crate::{Header, Timestamp, TrackingId};

/// A conversation by its parts: query, response, agents, timing, delivery.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "analysis.json"))]
pub(in crate::export) struct Analysis<'a> {
    /// The version of this shape.
    schema_version: SchemaVersion,
    /// The conversation.
    tracking_id: TrackingId,
    /// When the last thing happened that is told of here.
    as_of: Timestamp,
    /// What was asked.
    query: Query<'a>,
    /// What was answered.
    response: Response<'a>,
    /// Who answered.
    agents: Agents<'a>,
    /// How long it took.
    timing: Timing,
    /// How the delivery fared; null while there is none.
    delivery: Option<Delivery<'a>>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Query<'a> {
    /// The question.
    text: &'a str,
    /// The system that asked.
    source_system: &'a str,
    /// The process in that system.
    source_process: &'a str,
    /// The caller's own time of the question, as given.
    asked_at: &'a str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Response<'a> {
    /// The class of the answer; null while nothing is queued.
    header: Option<Header>,
    /// The class that was expected before the agent was asked; null where it was not recorded.
    expected_header: Option<Header>,
    /// The answer as readable text; null without one.
    plain: Option<String>,
    /// Why there is no answer.
    error: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Agents<'a> {
    /// The manager agent first, then collaborators in order of first use; empty without an answer.
    used: &'a [String],
    /// Tokens and time; null without an answer.
    usage: Option<&'a AgentUsage>,
    /// Tries that failed.
    failed_tries: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Timing {
    /// When the gateway accepted the question.
    received_at: Timestamp,
    /// When the agent's answer, or its final failure, was stored.
    answered_at: Option<Timestamp>,
    /// When the conversation ended.
    ended_at: Option<Timestamp>,
    /// From acceptance to `answered_at`.
    answer_ms: Option<u64>,
    /// From acceptance to `ended_at`.
    total_ms: Option<u64>,
}

impl<'a> Analysis<'a> {
    pub(in crate::export) fn of(conversation: &'a Conversation) -> Self {
        let (query, record) = (&conversation.query, conversation.delivery.as_ref());
        Self {
            schema_version: SchemaVersion,
            tracking_id: query.tracking_id,
            as_of: conversation.as_of(),
            query: Query {
                text: &query.query,
                source_system: &query.source_system,
                source_process: &query.source_process,
                asked_at: &query.original_timestamp,
            },
            response: Response {
                header: record.map(|delivery| delivery.header),
                expected_header: query.expected_header,
                plain: response_plain(conversation),
                error: record.and_then(|delivery| delivery.failure_reason.as_deref()),
            },
            agents: Agents {
                used: conversation.agents_used(),
                usage: usage(conversation),
                failed_tries: conversation.agent_attempts.len(),
            },
            timing: Timing::of(conversation),
            delivery: Delivery::of(conversation),
        }
    }
}

impl Timing {
    fn of(conversation: &Conversation) -> Self {
        let answered_at = conversation.answer.as_ref().map(|record| record.decided_at);
        let ended_at = conversation.outcome().map(|outcome| outcome.at);
        let since_received = |at: Timestamp| milliseconds(conversation, at);
        Self {
            received_at: conversation.query.received_at,
            answered_at,
            ended_at,
            answer_ms: answered_at.map(since_received),
            total_ms: ended_at.map(since_received),
        }
    }
}
