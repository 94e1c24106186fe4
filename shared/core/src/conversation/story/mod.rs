//! A conversation told to a person: what happened, when, why, whose fault it was, and what is next.
//!
//! `gatewayctl track` and the console of the local stack tell the same story. Texts from outside (a receiver's
//! answer) are cut and cannot command a terminal.

mod chapters;
mod next;
mod words;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Conversation, Status};
use crate::Timestamp;
use crate::telemetry::Attribution;

/// A conversation, told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Story {
    /// What happened, oldest first.
    pub chapters: Vec<Chapter>,
    /// Where it stands.
    pub status: Status,
    /// Whose fault it is that it failed, or is not done yet; none when nothing went wrong.
    pub attribution: Option<Attribution>,
    /// What comes next.
    pub next: Next,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chapter {
    /// When it began.
    pub at: Timestamp,
    /// What happened.
    pub what: String,
    /// Why, or what is known beside it: a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// When it was, or will be, tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again_at: Option<Timestamp>,
    /// Whose fault it was, if it is a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// In words.
    pub what: String,
    /// When that is due, where somebody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What the operator can do: a command or an instruction. None where nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_do: Option<String>,
    /// The first command in `to_do`, as a shell takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// True when nothing will happen any more unless somebody does something.
    pub has_ended: bool,
}

impl Conversation {
    /// The story as it stands `now`.
    #[must_use]
    pub fn story(&self, now: Timestamp) -> Story {
        Story {
            chapters: chapters::of(self),
            status: self.status(),
            attribution: self.attribution(),
            next: next::of(self, now),
        }
    }

    /// The story with the records that it was told from, as programs read it.
    #[must_use]
    pub fn story_document(&self, now: Timestamp) -> Value {
        let (query, story) = (&self.query, self.story(now));
        let delivery = self.delivery.as_ref();
        let envelope =
            delivery.map(|record| serde_json::from_str::<Value>(&record.envelope).unwrap_or_default());
        json!({
            "tracking_id": query.tracking_id,
            "status": story.status,
            "received_at": query.received_at,
            "caller": query.caller,
            "source_system": query.source_system,
            "source_process": query.source_process,
            "query": query.query,
            "deliver_before": query.deliver_before,
            "attribution": story.attribution,
            "next": story.next,
            "story": story.chapters,
            "classification": delivery.and_then(|record| record.classification.as_ref()),
            "delivery": delivery.map(|record| json!({"delivery_id": record.delivery_id, "header": record.header,
                "target": record.target, "queued_at": record.queued_at})),
            "envelope": envelope,
            "agent_attempts": self.agent_attempts,
            "attempts": self.attempts,
            "outcomes": self.outcomes,
            "outcome": self.outcome(),
        })
    }
}
