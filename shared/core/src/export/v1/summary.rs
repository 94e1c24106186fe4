//! `summary.json`: one flat line, a row of the table in `athena/`.

use serde::Serialize;

use super::version::SchemaVersion;
use super::{milliseconds, usage};
use crate::classify::Method;
use crate::conversation::{Conversation, Status};
use crate::records::{Notice, Run};
use crate::{Header, Timestamp, TrackingId};

/// A conversation as numbers and words that a table can hold.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "summary.json"))]
pub(in crate::export) struct Summary<'a> {
    /// The version of this shape.
    schema_version: SchemaVersion,
    /// The conversation.
    tracking_id: TrackingId,
    /// When the gateway accepted the question.
    received_at: Timestamp,
    /// When the last thing happened that is told of here.
    as_of: Timestamp,
    /// The name of the credentials that asked.
    caller: &'a str,
    /// The system that asked.
    source_system: &'a str,
    /// The process in that system.
    source_process: &'a str,
    /// Where the conversation stands.
    status: Status,
    /// Why it ended without a delivery.
    reason: Option<&'a str>,
    /// How the notice of a failed conversation fared; null where there was an answer.
    notice: Option<Notice>,
    /// The class of the answer; `general` for a notice; null while nothing is queued.
    header: Option<Header>,
    /// The class that was expected before the agent was asked; null where it was not recorded.
    expected_header: Option<Header>,
    /// The class whose webhook receives it: `header`, or `general` where that class has no webhook.
    target: Option<Header>,
    /// Which kind of evidence decided the class; null without an answer.
    classification_method: Option<Method>,
    /// How sure that decision is, 0 to 1; null without an answer.
    confidence: Option<f64>,
    /// The time of the agent's answer, in milliseconds; null without one.
    agent_latency_ms: Option<u64>,
    /// Tokens that all model calls read; null where the agent does not say.
    input_tokens: Option<u64>,
    /// Tokens that all model calls wrote; null where the agent does not say.
    output_tokens: Option<u64>,
    /// Tries of the agent that failed.
    failed_tries: usize,
    /// Attempts that did not deliver, of all runs.
    failed_attempts: usize,
    /// The run whose outcome counts, 2 or more for a replay; null while none has ended.
    run: Option<Run>,
    /// The last status code of the receiver; null where it never answered.
    http_status: Option<u16>,
    /// From acceptance to the receiver's 2xx, in milliseconds; null where it took nothing.
    end_to_end_ms: Option<u64>,
}

impl<'a> Summary<'a> {
    pub(in crate::export) fn of(conversation: &'a Conversation) -> Self {
        let (query, record, outcome) =
            (&conversation.query, conversation.delivery.as_ref(), conversation.outcome());
        let classification = record.and_then(|delivery| delivery.classification.as_ref());
        let taken = outcome.filter(|outcome| outcome.http_status.is_some());
        let usage = usage(conversation);
        Self {
            schema_version: SchemaVersion,
            tracking_id: query.tracking_id,
            received_at: query.received_at,
            as_of: conversation.as_of(),
            caller: &query.caller,
            source_system: &query.source_system,
            source_process: &query.source_process,
            status: conversation.status(),
            reason: outcome.and_then(|outcome| outcome.reason.as_deref()),
            notice: outcome.and_then(|outcome| outcome.notice),
            header: record.map(|delivery| delivery.header),
            expected_header: query.expected_header,
            target: record.map(|delivery| delivery.target),
            classification_method: classification.map(|classification| classification.method),
            confidence: classification.map(|classification| classification.confidence),
            agent_latency_ms: usage.map(|usage| usage.latency_ms),
            input_tokens: usage.and_then(|usage| usage.input_tokens),
            output_tokens: usage.and_then(|usage| usage.output_tokens),
            failed_tries: conversation.agent_attempts.len(),
            failed_attempts: conversation.attempts.len(),
            run: outcome.map(|outcome| outcome.run),
            http_status: last_http_status(conversation),
            end_to_end_ms: taken.map(|outcome| milliseconds(conversation, outcome.at)),
        }
    }
}

/// The 2xx of the outcome that counts, else what the last failed attempt met.
fn last_http_status(conversation: &Conversation) -> Option<u16> {
    let taken = conversation.outcome().and_then(|outcome| outcome.http_status);
    taken.or_else(|| conversation.attempts.last()?.response.as_ref().map(|response| response.http_status))
}
