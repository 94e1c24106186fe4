//! How often and how long a call is tried.

use std::time::Duration;

/// Bounds of one call. Only the pauses between attempts are the same for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most attempts, the first included.
    pub attempts: u32,
    /// One attempt, from the signature to the answer's last byte.
    pub an_attempt: Option<Duration>,
    /// All attempts and the pauses between them.
    pub in_all: Option<Duration>,
}

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Limits {
    /// A short call to S3, SQS or Secrets Manager.
    pub const FEW_WITHIN_TEN_SECONDS: Self =
        Self { attempts: 3, an_attempt: Some(Duration::from_secs(4)), in_all: Some(Duration::from_secs(10)) };

    /// A call whose repetition has a price, and whose time only the caller knows.
    pub const ONCE: Self = Self { attempts: 1, an_attempt: None, in_all: None };

    /// The pause after attempt `number` (from 1); none if it was the last. The longest pause doubles with each
    /// attempt, and `fraction` of it is taken, in [0, 1), so that those who failed together come back apart.
    pub(super) fn wait_after(self, number: u32, fraction: f64) -> Option<Duration> {
        let doubled = 2_u32.saturating_pow(number.saturating_sub(1));
        (number < self.attempts)
            .then(|| FIRST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE).mul_f64(fraction))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_call_is_attempted_three_times_with_pauses_that_double() {
        let limits = Limits::FEW_WITHIN_TEN_SECONDS;
        assert_eq!(limits.wait_after(1, 0.5), Some(Duration::from_millis(50)));
        assert_eq!(limits.wait_after(2, 0.5), Some(Duration::from_millis(100)));
        assert_eq!(limits.wait_after(3, 0.5), None);
        assert_eq!(Limits::ONCE.wait_after(1, 0.5), None);
    }

    proptest! {
        #[test]
        fn no_pause_is_longer_than_a_second(attempts in 1_u32.., number in 1_u32.., fraction in 0.0..1.0) {
            let limits = Limits { attempts, ..Limits::ONCE };
            prop_assert!(limits.wait_after(number, fraction).is_none_or(|pause| pause <= LONGEST_PAUSE));
        }
    }
}
