//! The decision after an attempt: delivered, try again at a moment, or stop for a reason.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{AttemptResult, RetryAfter, RetryPolicy, Verdict, jittered};
use crate::Timestamp;
use crate::config::TimeScale;
use crate::ports::Random;

/// No wait ends later than this after the message was sent: its queue keeps it for 14 days.
pub const RETENTION_LIMIT: Duration = Duration::from_hours(13 * 24);

/// The least wait after a 429 or a time-out.
const OVERLOADED_WAIT: Duration = Duration::from_secs(60);

/// SQS refuses receives above 120,000 messages in flight, and a hidden message is in flight. Above this
/// number only short waits are taken.
const CROWDED_IN_FLIGHT: u64 = 90_000;

/// A wait that is taken even when the queue is crowded.
const SHORT_WAIT: Duration = Duration::from_mins(15);

/// What bounds the waiting of one message.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// No attempt starts after this.
    pub deliver_before: Option<Timestamp>,
    /// When the message was sent to its queue (`SentTimestamp`).
    pub sent_at: Timestamp,
    /// How many messages of its queue are in flight; none where nobody asked.
    pub in_flight: Option<u64>,
    /// How fast the waits pass.
    pub scale: TimeScale,
}

impl Limits {
    /// Whether a wait from `now` to `due` is one that a crowded queue does not take: only then is it worth
    /// asking how crowded it is.
    #[must_use]
    pub fn is_long_wait(&self, now: Timestamp, due: Timestamp) -> bool {
        due > self.scale.due(now, SHORT_WAIT)
    }
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Done: the receiver took it.
    Delivered,
    /// Try again at this moment.
    RetryAt(Timestamp),
    /// The run ends `failed`, and its message goes to the dead-letter queue.
    GiveUp(EndReason),
    /// The run ends `expired`: the next attempt would come after `deliver_before`.
    Expired,
}

/// Why a run ended without a delivery; recorded, and an attribute of the dead-letter copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// A 3xx, or a 4xx that does not ask to come again.
    HttpStatus,
    /// A 410: the destination is now disabled.
    Gone,
    /// The address is not one that the gateway may reach.
    BlockedAddress,
    /// The last attempt of the policy failed.
    AttemptsExhausted,
    /// The receiver asked with a negative `Retry-After` not to come again.
    StoppedByReceiver,
    /// The next attempt would come after the queue dropped the message.
    RetentionLimit,
    /// The queue has too many waiting messages for a long wait.
    BacklogLimit,
    /// The destination had answered 410 before.
    DestinationDisabled,
    /// The message was received 99 times without coming to an end.
    CrashLoop,
    /// `deliver_before` passed, or the next attempt would come after it.
    DeliverBefore,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::HttpStatus,
        Self::Gone,
        Self::BlockedAddress,
        Self::AttemptsExhausted,
        Self::StoppedByReceiver,
        Self::RetentionLimit,
        Self::BacklogLimit,
        Self::DestinationDisabled,
        Self::CrashLoop,
        Self::DeliverBefore,
    ];

    /// The name on the wire, such as `attempts_exhausted`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HttpStatus => "http_status",
            Self::Gone => "gone",
            Self::BlockedAddress => "blocked_address",
            Self::AttemptsExhausted => "attempts_exhausted",
            Self::StoppedByReceiver => "stopped_by_receiver",
            Self::RetentionLimit => "retention_limit",
            Self::BacklogLimit => "backlog_limit",
            Self::DestinationDisabled => "destination_disabled",
            Self::CrashLoop => "crash_loop",
            Self::DeliverBefore => "deliver_before",
        }
    }
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the name of a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reason for which a run ends")]
pub struct UnknownEndReason;

impl FromStr for EndReason {
    type Err = UnknownEndReason;

    fn from_str(text: &str) -> Result<Self, UnknownEndReason> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).ok_or(UnknownEndReason)
    }
}

/// Decides what follows the attempt number `attempt` (from 1) of a run, which ended `now` with `result`.
pub fn decide(
    policy: &RetryPolicy,
    attempt: u32,
    result: &AttemptResult,
    now: Timestamp,
    random: &dyn Random,
    limits: &Limits,
) -> Decision {
    match result.verdict() {
        Verdict::Delivered => Decision::Delivered,
        Verdict::Rejected => Decision::GiveUp(EndReason::HttpStatus),
        Verdict::Gone => Decision::GiveUp(EndReason::Gone),
        Verdict::Blocked => Decision::GiveUp(EndReason::BlockedAddress),
        Verdict::Retry { overloaded } => {
            let least = if overloaded { OVERLOADED_WAIT } else { Duration::ZERO };
            match (policy.delay_after(attempt), retry_after(result)) {
                (None, _) => Decision::GiveUp(EndReason::AttemptsExhausted),
                (Some(_), Some(RetryAfter::Stop)) => Decision::GiveUp(EndReason::StoppedByReceiver),
                (Some(delay), Some(RetryAfter::Wait(asked))) => {
                    wait(delay.max(asked).max(least), now, random, limits)
                }
                (Some(delay), None) => wait(delay.max(least), now, random, limits),
            }
        }
    }
}

const fn retry_after(result: &AttemptResult) -> Option<RetryAfter> {
    match result {
        AttemptResult::Answered { retry_after, .. } => *retry_after,
        AttemptResult::NoAnswer(_) => None,
    }
}

fn wait(delay: Duration, now: Timestamp, random: &dyn Random, limits: &Limits) -> Decision {
    let delay = jittered(delay, random);
    let due = limits.scale.due(now, delay);
    if limits.deliver_before.is_some_and(|before| due > before) {
        return Decision::Expired;
    }
    if due.since(limits.sent_at) > RETENTION_LIMIT {
        return Decision::GiveUp(EndReason::RetentionLimit);
    }
    if delay > SHORT_WAIT && limits.in_flight.is_some_and(|count| count > CROWDED_IN_FLIGHT) {
        return Decision::GiveUp(EndReason::BacklogLimit);
    }
    Decision::RetryAt(due)
}
