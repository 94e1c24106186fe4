//! Retries that are bounded by time and not by their number: the agent hop (SPEC 3).

use std::time::Duration;

use super::{RetryPolicy, jittered};
use crate::Timestamp;
use crate::config::TimeScale;
use crate::ports::Random;

/// When to try again after the failed try number `attempt` (from 1), if that is within `limit` of
/// `first_tried_at`; `None` when the time is used up.
pub fn due_within(
    policy: &RetryPolicy,
    attempt: u32,
    (first_tried_at, limit): (Timestamp, Duration),
    now: Timestamp,
    scale: TimeScale,
    random: &dyn Random,
) -> Option<Timestamp> {
    let due = scale.due(now, jittered(policy.step(attempt), random));
    (due <= scale.due(first_tried_at, limit)).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FixedRandom;

    #[test]
    fn the_agent_is_asked_again_for_up_to_six_hours() {
        let (policy, random) = (RetryPolicy::default(), FixedRandom::default());
        let limit = Duration::from_secs(6 * 3_600);
        let start = Timestamp::from_unix_ms(0);
        let mut now = start;
        let mut tries = 1;
        while let Some(due) = due_within(&policy, tries, (start, limit), now, TimeScale::default(), &random) {
            assert!(due > now && due.since(start) <= limit);
            now = due;
            tries += 1;
        }
        // 10 s, 60 s, 6 min, 36 min, 3.6 h; the next one would be due after 16 hours.
        assert_eq!(tries, 6);
    }
}
