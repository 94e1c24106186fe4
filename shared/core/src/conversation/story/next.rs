//! What comes next, and what the operator can do about it.

use std::time::Duration;

use super::Next;
use super::chapters::name;
use crate::Timestamp;
use crate::conversation::{Conversation, Status, stranded};
use crate::records::{Answer, AttemptRecord, DeliveryRecord, Run};
use crate::retry::EndReason;
use crate::telemetry::Attribution;

/// For so long nothing need be heard of a conversation (SPEC 11).
const PATIENCE: Duration = Duration::from_mins(30);

/// What comes next, seen from `now`.
pub(super) fn of(conversation: &Conversation, now: Timestamp) -> Next {
    if let Some(stranded) = stranded(conversation, conversation.query.received_at, now, PATIENCE) {
        return waits("nobody works on it any more: its message was lost", Some(stranded.since))
            .advising(format!("gatewayctl reconcile --since {} --repair", conversation.query.received_at));
    }
    match conversation.status() {
        Status::Accepted => waits("the manager agent is asked", None),
        Status::Answering => answering(conversation),
        Status::Queued => waits("the first attempt to deliver it", None),
        Status::Retrying => retrying(conversation),
        Status::Delivered => ends("nothing: the receiver has it"),
        Status::Failed if conversation.outcome().is_none() => {
            waits("the general webhook is told that it failed", next_attempt(conversation))
        }
        Status::Expired if conversation.outcome().is_none() => waits("its end is recorded", None),
        Status::Failed | Status::Expired => ended(conversation),
    }
}

fn waits(what: &str, at: Option<Timestamp>) -> Next {
    Next { what: what.to_owned(), at, to_do: None, command: None, has_ended: false }
}

fn ends(what: &str) -> Next {
    Next { what: what.to_owned(), at: None, to_do: None, command: None, has_ended: true }
}

impl Next {
    fn advising(mut self, what: impl Into<String>) -> Self {
        let what = what.into();
        self.command = command_in(&what);
        self.to_do = Some(what);
        self
    }
}

/// The first command of an advice; what follows a semicolon is words again.
fn command_in(advice: &str) -> Option<String> {
    let begins = advice.find("gatewayctl ")?;
    advice[begins..].split(';').next().map(|command| command.trim_end().to_owned())
}

fn answering(conversation: &Conversation) -> Next {
    if conversation.answer.is_some() {
        return waits("the answer is classified and queued", None);
    }
    let retry_at = conversation.agent_attempts.last().map(|attempt| attempt.retry_at);
    let next = waits("the manager agent is asked again", retry_at);
    match conversation.attribution() {
        Some(Attribution::AgentThrottled) => {
            next.advising("if it goes on: raise the quota of the agent's model")
        }
        Some(Attribution::Configuration) => next.advising("mend the agent's configuration or permissions"),
        _ => next,
    }
}

fn retrying(conversation: &Conversation) -> Next {
    let (run, failed) =
        conversation.attempts.last().map_or((Run::FIRST, 0), |attempt| (attempt.run, attempt.attempt));
    let next = waits(&name(run, failed + 1), next_attempt(conversation));
    match conversation.attribution() {
        Some(Attribution::Receiver5xx | Attribution::ReceiverSlow) => {
            next.advising("nothing, if the receiver's owner knows of its trouble")
        }
        Some(Attribution::Network) => {
            next.advising("look at the destination's name, address and certificate")
        }
        _ => next,
    }
}

fn next_attempt(conversation: &Conversation) -> Option<Timestamp> {
    conversation.attempts.last().and_then(|attempt: &AttemptRecord| attempt.next_attempt_at)
}

/// What can be done about a conversation that ended without a delivery.
fn ended(conversation: &Conversation) -> Next {
    let id = conversation.query.tracking_id;
    let replay = format!("gatewayctl dlq replay {id}");
    if let Some(Answer::Failed(_)) = conversation.answer.as_ref().map(|record| &record.answer) {
        return ends("nothing: a failed answer is final").advising("mend the cause, then ask again");
    }
    let outcome = conversation.outcome();
    let reason = outcome.and_then(|outcome| outcome.reason.as_deref()).and_then(|text| text.parse().ok());
    let is_notice =
        conversation.delivery.as_ref().is_some_and(|delivery: &DeliveryRecord| delivery.failure_notice);
    let target = conversation.delivery.as_ref().map(|delivery| delivery.target);
    let kept = ends("nothing by itself: it lies in the dead-letter queue");
    match (reason, target) {
        _ if conversation.status() == Status::Expired => {
            ends("nothing: it was worth nothing after its deadline")
                .advising("ask again, with a later deadline")
        }
        _ if is_notice => {
            ends("nothing: there is no answer to deliver").advising("mend the cause, then ask again")
        }
        (Some(EndReason::Gone | EndReason::DestinationDisabled), Some(header)) => kept.advising(format!(
            "once the destination is back: gatewayctl destinations enable {header} --replay"
        )),
        (Some(EndReason::BlockedAddress), Some(header)) => {
            let variable = header.variable_prefix();
            kept.advising(format!(
                "mend {variable}_WEBHOOK_URL or ALLOWED_PRIVATE_CIDRS, deploy, then: {replay}"
            ))
        }
        (Some(EndReason::CrashLoop), _) => kept
            .advising(format!("gatewayctl tail --tracking-id {id} --since 7d; deploy a fix, then: {replay}")),
        _ => kept.advising(format!("once the cause is mended: {replay}")),
    }
}
