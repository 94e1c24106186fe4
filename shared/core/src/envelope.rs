//! The envelope that a webhook receives (SPEC 5). Built once, stored as text, sent byte for byte.

use serde::Serialize;

use crate::classify::Classification;
use crate::records::{AgentUsage, QueryRecord};
use crate::{DeliveryId, Header, Timestamp, TrackingId};

/// The JSON object in a webhook's body.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Envelope<'a> {
    /// `conversation.answered` or `conversation.failed`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["conversation.answered", "conversation.failed"])))]
    kind: &'static str,
    /// When the conversation was decided (Standard Webhooks: the time of the event).
    timestamp: Timestamp,
    header: Header,
    #[serde(flatten)]
    content: Content<'a>,
    metadata: Metadata<'a>,
}

/// What the envelope tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Content<'a> {
    /// The agent's answer.
    Answered {
        /// Markdown, as the agent wrote it, without its route line.
        response_rich: &'a str,
        /// The same as readable text.
        response_plain: &'a str,
        /// The manager first, then collaborators.
        agents_used: &'a [String],
    },
    /// Why there is no answer.
    Failed {
        /// Code and sentence.
        error: Failure<'a>,
    },
}

/// Why a conversation ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure<'a> {
    /// Stable.
    pub code: &'a str,
    /// One sentence, no internals.
    pub message: &'a str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Metadata<'a> {
    tracking_id: TrackingId,
    delivery_id: DeliveryId,
    source_system: &'a str,
    source_process: &'a str,
    original_timestamp: &'a str,
    processing_time_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    classification: Option<&'a Classification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a AgentUsage>,
}

impl<'a> Envelope<'a> {
    /// An answered conversation's envelope.
    #[must_use]
    pub fn answered(
        query: &'a QueryRecord,
        classification: &'a Classification,
        usage: &'a AgentUsage,
        content: Content<'a>,
        now: Timestamp,
    ) -> Self {
        let metadata =
            Metadata { classification: Some(classification), agent: Some(usage), ..Metadata::of(query, now) };
        Self {
            kind: "conversation.answered",
            timestamp: now,
            header: classification.header,
            content,
            metadata,
        }
    }

    /// The notice of a conversation that ended without an answer; it goes to the general webhook.
    #[must_use]
    pub fn failed(query: &'a QueryRecord, failure: Failure<'a>, now: Timestamp) -> Self {
        let content = Content::Failed { error: failure };
        let metadata = Metadata::of(query, now);
        Self { kind: "conversation.failed", timestamp: now, header: Header::General, content, metadata }
    }

    /// The bytes that are signed and sent, as text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, numbers and finite fractions only: serialising them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl<'a> Metadata<'a> {
    fn of(query: &'a QueryRecord, now: Timestamp) -> Self {
        let waited = now.since(query.received_at);
        Self {
            tracking_id: query.tracking_id,
            delivery_id: query.tracking_id.delivery_id(),
            source_system: &query.source_system,
            source_process: &query.source_process,
            original_timestamp: &query.original_timestamp,
            processing_time_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
            classification: None,
            agent: None,
        }
    }
}
