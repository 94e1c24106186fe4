//! Version 1 of what the four formats hold.
//!
//! Members are added, never renamed, retyped or taken away: that would be version 2, beside this one.

mod about;
mod analysis;
mod conversation;
mod delivery;
mod metadata;
mod summary;
mod version;

pub(super) use analysis::Analysis;
pub(super) use conversation::Whole;
pub(super) use metadata::Metadata;
pub(super) use summary::Summary;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Timestamp;
use crate::conversation::Conversation;
use crate::records::{AgentUsage, Answer};

/// Tokens and time of the agent; none where it did not answer.
fn usage(conversation: &Conversation) -> Option<&AgentUsage> {
    match &conversation.answer.as_ref()?.answer {
        Answer::Answered { usage, .. } => Some(usage),
        Answer::Failed(_) => None,
    }
}

/// What the receiver reads, as it is stored; none where that is no JSON.
fn envelope(conversation: &Conversation) -> Option<&RawValue> {
    serde_json::from_str(&conversation.delivery.as_ref()?.envelope).ok()
}

/// The answer as readable text, out of the envelope.
fn response_plain(conversation: &Conversation) -> Option<String> {
    #[derive(Deserialize)]
    struct Readable {
        response_plain: String,
    }
    let envelope = &conversation.delivery.as_ref()?.envelope;
    serde_json::from_str(envelope).ok().map(|Readable { response_plain }| response_plain)
}

/// From the gateway's acceptance to `at`.
fn milliseconds(conversation: &Conversation, at: Timestamp) -> u64 {
    u64::try_from(at.since(conversation.query.received_at).as_millis()).unwrap_or(u64::MAX)
}
