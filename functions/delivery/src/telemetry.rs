//! What the function says about its work. Never an envelope, a response's body, a secret, or a URL.

use std::time::Duration;

use revops_core::messages::Deliver;
use revops_core::records::OutcomeStatus;
use revops_core::retry::{AttemptResult, EndReason, Verdict};
use revops_core::telemetry::{Attribution, event, service, with_causes};
use revops_core::{Header, Timestamp, TrackingId};

use crate::run::{Made, Trouble};

/// The dimension `Service` of this function's metrics.
pub(crate) const SERVICE: &str = service::DELIVERY;

/// The dimension `Outcome` of an attempt.
pub(crate) const fn word(result: &AttemptResult) -> &'static str {
    match (result.verdict(), result.http_status()) {
        (Verdict::Delivered, _) => "delivered",
        (_, Some(_)) => "http_status",
        (_, None) => result.error().as_str(),
    }
}

pub(crate) fn attempted(deliver: &Deliver, made: &Made) {
    tracing::info!(
        event = event::DELIVERY_ATTEMPTED,
        tracking_id = %deliver.tracking_id,
        delivery_id = %deliver.delivery_id,
        header = %deliver.header,
        run = deliver.run.0,
        attempt = made.number,
        result = word(&made.result),
        http_status = made.result.http_status(),
        duration_ms = made.duration_ms(),
        attribution = Attribution::of_result(&made.result).map(Attribution::as_str),
        "attempt {} of run {}: {}",
        made.number,
        deliver.run.0,
        word(&made.result),
    );
}

pub(crate) fn retry_planned(deliver: &Deliver, attempt: u32, due: Timestamp) {
    tracing::debug!(
        event = event::DELIVERY_ATTEMPTED,
        tracking_id = %deliver.tracking_id,
        run = deliver.run.0,
        attempt,
        next_attempt_at = %due,
        "the next attempt is due at {due}",
    );
}

pub(crate) fn delivered(deliver: &Deliver, attempts: u32) {
    tracing::info!(
        event = event::DELIVERY_SUCCESS,
        tracking_id = %deliver.tracking_id,
        delivery_id = %deliver.delivery_id,
        header = %deliver.header,
        run = deliver.run.0,
        attempts,
        "delivered after {attempts} attempts",
    );
    completed(deliver, OutcomeStatus::Delivered);
}

pub(crate) fn ended_without_delivery(
    deliver: &Deliver,
    status: OutcomeStatus,
    reason: EndReason,
    attempts: u32,
    attribution: Attribution,
) {
    tracing::warn!(
        event = event::DELIVERY_FAILED,
        tracking_id = %deliver.tracking_id,
        delivery_id = %deliver.delivery_id,
        header = %deliver.header,
        run = deliver.run.0,
        attempts,
        status = status.as_str(),
        reason = reason.as_str(),
        %attribution,
        "not delivered: {reason}",
    );
    completed(deliver, status);
}

fn completed(deliver: &Deliver, status: OutcomeStatus) {
    tracing::info!(
        event = event::CONVERSATION_COMPLETED,
        tracking_id = %deliver.tracking_id,
        run = deliver.run.0,
        status = status.as_str(),
        "run {} ended {}",
        deliver.run.0,
        status.as_str(),
    );
}

pub(crate) fn exported(id: TrackingId, count: usize) {
    tracing::info!(event = event::CONVERSATION_EXPORTED, tracking_id = %id, count, "wrote {count} exports");
}

pub(crate) fn waits(deliver: &Deliver, trouble: &Trouble, wait: Duration) {
    tracing::error!(
        event = event::ERROR_OCCURRED,
        tracking_id = %deliver.tracking_id,
        run = deliver.run.0,
        cause = with_causes(trouble),
        attribution = %trouble.attribution(),
        "the delivery waits {} s: {trouble}",
        wait.as_secs(),
    );
}

pub(crate) fn duplicate_suppressed(deliver: &Deliver) {
    tracing::info!(
        event = event::CONVERSATION_COMPLETED,
        tracking_id = %deliver.tracking_id,
        run = deliver.run.0,
        "had ended before: acknowledged without a POST",
    );
}

pub(crate) fn conversation_deleted(deliver: &Deliver) {
    tracing::info!(
        event = event::CONVERSATION_COMPLETED,
        tracking_id = %deliver.tracking_id,
        "the conversation is deleted: acknowledged without a POST",
    );
}

pub(crate) fn destination_disabled(deliver: &Deliver, target: Header) {
    tracing::error!(
        event = event::ERROR_OCCURRED,
        tracking_id = %deliver.tracking_id,
        target_webhook = %target,
        "the webhook of {target} answered 410 and is disabled until its URL changes or an operator enables it",
    );
}
