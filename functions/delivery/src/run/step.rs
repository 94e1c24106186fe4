//! What is to be done next with a message: a pure decision over its records.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::config::TimeScale;
use revops_core::messages::Deliver;
use revops_core::records::{AttemptRecord, DeliveryRecord};
use revops_core::retry::{EndReason, RetryPolicy};

use super::state::RunState;

/// A message received this often crashes whoever works on it. The queue's redrive policy moves it at 100,
/// without copy, outcome or export; this comes first.
const CRASH_LOOP_RECEIVES: u32 = 99;

/// A copy stands back while the message that it is a copy of may still be alive.
const COPY_PATIENCE: Duration = Duration::from_mins(10);

/// The failure reason of a notice that is recorded and exported without a POST.
const EXPIRED: &str = "expired";

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing may be sent any more: complete what is missing, and acknowledge.
    Complete,
    /// Hide until this moment, and look again.
    WaitUntil(Timestamp),
    /// End the run without a delivery.
    End(EndReason),
    /// Make the attempt with this number, from 1.
    Attempt(u32),
}

/// What the decision is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation<'a> {
    pub deliver: &'a Deliver,
    pub record: &'a DeliveryRecord,
    pub state: &'a RunState,
    pub policy: &'a RetryPolicy,
    pub receive_count: u32,
    pub now: Timestamp,
    pub scale: TimeScale,
}

/// What is to be done next.
pub(crate) fn next_step(situation: &Situation<'_>) -> Step {
    let Situation { deliver, record, state, policy, receive_count, now, scale } = *situation;
    if state.has_ended(deliver.run) {
        return Step::Complete;
    }
    if receive_count >= CRASH_LOOP_RECEIVES {
        return Step::End(EndReason::CrashLoop);
    }
    if record.failure_notice && record.failure_reason.as_deref() == Some(EXPIRED) {
        return Step::End(EndReason::DeliverBefore);
    }
    if let Some(last) = state.attempts.last() {
        if let Some(wait) = wait_for(last, deliver.copy, now, scale) {
            return wait;
        }
        if last.next_attempt_at.is_none() {
            return Step::End(recorded_reason(last));
        }
    }
    if deadline(deliver, record).is_some_and(|deadline| now > deadline) {
        return Step::End(EndReason::DeliverBefore);
    }
    if state.failed_attempts() >= policy.max_attempts() {
        return Step::End(EndReason::AttemptsExhausted);
    }
    Step::Attempt(state.failed_attempts() + 1)
}

/// The moment after which no attempt starts, unless an operator said that it does not matter.
pub(crate) const fn deadline(deliver: &Deliver, record: &DeliveryRecord) -> Option<Timestamp> {
    if deliver.ignore_deadline { None } else { record.deliver_before }
}

/// A message waits until its next attempt is due. A copy waits ten minutes longer, and does not end what
/// another may be ending at this moment; it is not acknowledged meanwhile, since it may be the only message
/// that is left.
fn wait_for(last: &AttemptRecord, copy: bool, now: Timestamp, scale: TimeScale) -> Option<Step> {
    let ended_at = last.started_at.plus(Duration::from_millis(last.duration_ms));
    let due = match (copy, last.next_attempt_at) {
        (false, due) => due?,
        (true, due) => scale.due(due.unwrap_or(ended_at), COPY_PATIENCE),
    };
    (now < due).then_some(Step::WaitUntil(due))
}

/// Why the last attempt was the last, where a crash came between it and the outcome.
fn recorded_reason(last: &AttemptRecord) -> EndReason {
    let reason = last.end_reason.as_deref().and_then(|reason| reason.parse().ok());
    reason.unwrap_or(EndReason::AttemptsExhausted)
}
