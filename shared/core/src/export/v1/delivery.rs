//! How the delivery fared, in three of the formats.

use serde::Serialize;

use crate::conversation::{Conversation, Status};
use crate::records::Notice;
use crate::{DeliveryId, Header, Timestamp};

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Delivery<'a> {
    /// The `webhook-id` of every attempt.
    delivery_id: &'a DeliveryId,
    /// The class of the answer.
    header: Header,
    /// The class whose webhook receives it: `header`, or `general` where that class has no webhook.
    target: Header,
    /// When it was queued first.
    queued_at: Timestamp,
    /// Where the conversation stands.
    status: Status,
    /// Attempts that did not deliver, of all runs.
    failed_attempts: usize,
    /// Why it ended without a delivery.
    reason: Option<&'a str>,
    /// The receiver's 2xx; null where nothing was delivered.
    http_status: Option<u16>,
    /// How the notice of a failed conversation fared; null where there was an answer.
    notice: Option<Notice>,
    /// When it ended; null while it has not.
    ended_at: Option<Timestamp>,
}

impl<'a> Delivery<'a> {
    pub(super) fn of(conversation: &'a Conversation) -> Option<Self> {
        let record = conversation.delivery.as_ref()?;
        let outcome = conversation.outcome();
        Some(Self {
            delivery_id: &record.delivery_id,
            header: record.header,
            target: record.target,
            queued_at: record.queued_at,
            status: conversation.status(),
            failed_attempts: conversation.attempts.len(),
            reason: outcome.and_then(|outcome| outcome.reason.as_deref()),
            http_status: outcome.and_then(|outcome| outcome.http_status),
            notice: outcome.and_then(|outcome| outcome.notice),
            ended_at: outcome.map(|outcome| outcome.at),
        })
    }
}
