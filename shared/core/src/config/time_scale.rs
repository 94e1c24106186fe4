//! Fast time for the one-machine stack (SPEC 10, `--time-scale`).

use std::str::FromStr;
use std::time::Duration;

use crate::Timestamp;

/// The longest time for which SQS hides a message.
const MAX_HIDE_SECONDS: u32 = 43_200;

/// The most that a crash guard asks for. SQS counts from the receive, and on fast time much of its twelve hours
/// can be gone by the first call; what it refuses would look like a message of somebody else.
const MAX_GUARD_SECONDS: u32 = MAX_HIDE_SECONDS / 2;

/// How many times as fast as real time the waits pass; 1 but for tests and rehearsals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale(f64);

impl Default for TimeScale {
    fn default() -> Self {
        Self(1.0)
    }
}

impl TimeScale {
    /// When a wait of `delay` that starts `now` is over.
    #[must_use]
    pub fn due(self, now: Timestamp, delay: Duration) -> Timestamp {
        now.plus(delay.div_f64(self.0))
    }

    /// The seconds to ask of SQS so that a message stays hidden until `due`: the queue of a scaled stack
    /// divides them by the scale again. At most 12 hours.
    #[must_use]
    pub fn seconds_until(self, due: Timestamp, now: Timestamp) -> u32 {
        self.seconds_of(due.since(now))
    }

    /// The seconds to ask of SQS for what stays real: a crash guard, or polling for somebody else's work. On
    /// very fast time less than `real`, as much as SQS gives.
    #[must_use]
    pub fn guard_seconds(self, real: Duration) -> u32 {
        self.seconds_of(real).min(MAX_GUARD_SECONDS)
    }

    /// The seconds of SQS's clock in `real` by the clock on the wall; at most 12 hours.
    #[must_use]
    pub fn seconds_of(self, real: Duration) -> u32 {
        let seconds = (real.as_secs_f64() * self.0).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
        let seconds = seconds.clamp(0.0, f64::from(MAX_HIDE_SECONDS)) as u32;
        seconds
    }
}

/// Not a usable factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number from 0.001 to 1000000")]
pub struct NotAScale;

impl FromStr for TimeScale {
    type Err = NotAScale;

    fn from_str(text: &str) -> Result<Self, NotAScale> {
        let factor: f64 = text.parse().map_err(|_| NotAScale)?;
        (0.001..=1_000_000.0).contains(&factor).then_some(Self(factor)).ok_or(NotAScale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scaled_wait_is_shorter_and_asks_the_queue_for_the_unscaled_seconds() {
        let scale: TimeScale = "60".parse().unwrap();
        let now = Timestamp::from_unix_ms(0);
        let due = scale.due(now, Duration::from_secs(600));
        assert_eq!(due.unix_ms(), 10_000);
        assert_eq!(scale.seconds_until(due, now), 600);
    }

    #[test]
    fn no_wait_asks_for_more_than_twelve_hours() {
        let far = Timestamp::from_unix_ms(i64::MAX / 2);
        assert_eq!(TimeScale::default().seconds_until(far, Timestamp::from_unix_ms(0)), 43_200);
    }

    #[test]
    fn a_crash_guard_leaves_room_for_what_passed_since_the_receive() {
        let guard = |scale: &str| scale.parse::<TimeScale>().unwrap().guard_seconds(Duration::from_secs(15));
        assert_eq!((guard("1"), guard("100"), guard("10000")), (15, 1_500, 21_600));
    }

    #[test]
    fn a_scale_is_a_positive_number() {
        for text in ["0", "-1", "NaN", "inf", "", "fast"] {
            assert!(text.parse::<TimeScale>().is_err(), "{text}");
        }
    }
}
