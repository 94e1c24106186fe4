//! `conversation.json`: everything.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::about::About;
use super::envelope;
use crate::conversation::{Conversation, TimelineEvent};
use crate::records::{AgentAttemptRecord, AttemptRecord, OutcomeRecord};

/// A conversation with its texts, its timeline, every attempt, and how it ended.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "conversation.json"))]
pub(in crate::export) struct Whole<'a> {
    #[serde(flatten)]
    about: About<'a>,
    /// The question.
    query: &'a str,
    /// Prompt session attributes that the caller gave the agent.
    user_context: &'a BTreeMap<String, String>,
    /// What the receiver reads; null while nothing is queued.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::envelope::Envelope<'static>>"))]
    envelope: Option<&'a RawValue>,
    /// What happened, oldest first.
    timeline: Vec<TimelineEvent>,
    /// Attempts that did not deliver, in order.
    attempts: &'a [AttemptRecord],
    /// Tries of the agent that failed, in order.
    agent_attempts: &'a [AgentAttemptRecord],
    /// How each run ended.
    outcomes: &'a [OutcomeRecord],
}

impl<'a> Whole<'a> {
    pub(in crate::export) fn of(conversation: &'a Conversation) -> Self {
        Self {
            about: About::of(conversation),
            query: &conversation.query.query,
            user_context: &conversation.query.user_context,
            envelope: envelope(conversation),
            timeline: conversation.timeline(),
            attempts: &conversation.attempts,
            agent_attempts: &conversation.agent_attempts,
            outcomes: &conversation.outcomes,
        }
    }
}
