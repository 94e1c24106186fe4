//! What a run's end means, for people.

use super::EndReason;

impl EndReason {
    /// One clause that on-call reads.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::HttpStatus => "the destination answered with a status that says not to come again",
            Self::Gone => "the destination answered 410 and is disabled since",
            Self::BlockedAddress => "the destination's address is not one that the gateway may reach",
            Self::AttemptsExhausted => "the last attempt of the schedule failed",
            Self::StoppedByReceiver => "the destination asked by Retry-After not to come again",
            Self::RetentionLimit => "the next attempt would have come after its queue dropped it",
            Self::BacklogLimit => "its queue had too many waiting messages for a long wait",
            Self::DestinationDisabled => "the destination had answered 410 before: nothing was sent",
            Self::CrashLoop => "whoever worked on it crashed 99 times: our bug",
            Self::DeliverBefore => "its deadline passed",
        }
    }
}
