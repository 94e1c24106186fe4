//! What `conversation.json` and `metadata.json` both say.

use serde::Serialize;

use super::delivery::Delivery;
use super::usage;
use super::version::SchemaVersion;
use crate::classify::Classification;
use crate::conversation::{Conversation, Status};
use crate::records::AgentUsage;
use crate::{Header, Timestamp, TrackingId};

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct About<'a> {
    /// The version of this shape.
    schema_version: SchemaVersion,
    /// The conversation.
    tracking_id: TrackingId,
    /// When the last thing happened that is told of here.
    as_of: Timestamp,
    /// Where the conversation stands.
    status: Status,
    /// The name of the credentials that asked.
    caller: &'a str,
    /// The system that asked.
    source_system: &'a str,
    /// The process in that system.
    source_process: &'a str,
    /// The caller's own time of the question, as given.
    original_timestamp: &'a str,
    /// When the gateway accepted the question.
    received_at: Timestamp,
    /// No attempt starts after this; null where the caller named no deadline.
    deliver_before: Option<Timestamp>,
    /// The manager agent first, then collaborators in order of first use; empty without an answer.
    agents_used: &'a [String],
    /// Tokens and time of the agent; null without an answer.
    agent: Option<&'a AgentUsage>,
    /// Why the answer is of its class; null without an answer.
    classification: Option<&'a Classification>,
    /// The class that was expected before the agent was asked; null where it was not recorded.
    expected_header: Option<Header>,
    /// How the delivery fared; null while there is none.
    delivery: Option<Delivery<'a>>,
}

impl<'a> About<'a> {
    pub(super) fn of(conversation: &'a Conversation) -> Self {
        let (query, record) = (&conversation.query, conversation.delivery.as_ref());
        Self {
            schema_version: SchemaVersion,
            tracking_id: query.tracking_id,
            as_of: conversation.as_of(),
            status: conversation.status(),
            caller: &query.caller,
            source_system: &query.source_system,
            source_process: &query.source_process,
            original_timestamp: &query.original_timestamp,
            received_at: query.received_at,
            deliver_before: query.deliver_before,
            agents_used: conversation.agents_used(),
            agent: usage(conversation),
            classification: record.and_then(|delivery| delivery.classification.as_ref()),
            expected_header: query.expected_header,
            delivery: Delivery::of(conversation),
        }
    }
}
