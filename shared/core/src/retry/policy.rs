//! The schedule: how long to wait after the n-th attempt.

use std::str::FromStr;
use std::time::Duration;

use crate::config::Reader;
use crate::ports::Random;

/// The delays of Standard Webhooks' example schedule, in seconds: ten attempts over 75 h 35 min 5 s.
const STANDARD_WEBHOOKS_SECONDS: [u64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// How much of a delay jitter may add.
const JITTER_SHARE: f64 = 0.1;

/// Jitter spreads over at least this, since a tenth of a short delay spreads nothing.
const LEAST_JITTER: Duration = Duration::from_secs(1);

/// How many attempts there are, and how long the wait after each one is.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy(Schedule);

#[derive(Clone, Debug, PartialEq)]
enum Schedule {
    Exponential { max_attempts: u32, base_seconds: u32, multiplier: f64, max_seconds: u32 },
    StandardWebhooks,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self(Schedule::Exponential {
            max_attempts: 5,
            base_seconds: 10,
            multiplier: 6.0,
            max_seconds: 43_200,
        })
    }
}

impl RetryPolicy {
    /// Reads `RETRY_MAX_ATTEMPTS`, `RETRY_BASE_SECONDS`, `RETRY_MULTIPLIER` and `RETRY_MAX_SECONDS`;
    /// `RETRY_PROFILE=standard-webhooks` replaces all four.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let max_attempts = small(reader.number("RETRY_MAX_ATTEMPTS", 5, 1..=30));
        let base_seconds = small(reader.number("RETRY_BASE_SECONDS", 10, 1..=86_400));
        let multiplier = reader.optional("RETRY_MULTIPLIER", "6").unwrap_or(Multiplier(6.0)).0;
        let max_seconds = small(reader.number("RETRY_MAX_SECONDS", 43_200, 1..=604_800));
        match reader.optional::<Profile>("RETRY_PROFILE", "standard-webhooks") {
            Some(Profile) => Self(Schedule::StandardWebhooks),
            None => Self(Schedule::Exponential { max_attempts, base_seconds, multiplier, max_seconds }),
        }
    }

    /// The number of attempts in a run.
    #[must_use]
    pub const fn max_attempts(&self) -> u32 {
        match self.0 {
            Schedule::Exponential { max_attempts, .. } => max_attempts,
            Schedule::StandardWebhooks => 10,
        }
    }

    /// The wait after the failed attempt number `attempt` (from 1), without jitter; `None` after the last.
    #[must_use]
    pub fn delay_after(&self, attempt: u32) -> Option<Duration> {
        (attempt < self.max_attempts()).then(|| self.step(attempt))
    }

    /// The wait after try number `attempt` (from 1) for whoever counts time and not attempts: the schedule
    /// goes on past its last attempt.
    #[must_use]
    pub fn step(&self, attempt: u32) -> Duration {
        let before = attempt.saturating_sub(1);
        match &self.0 {
            Schedule::Exponential { base_seconds, multiplier, max_seconds, .. } => {
                let exponent = i32::try_from(before).unwrap_or(i32::MAX);
                let seconds = f64::from(*base_seconds) * multiplier.powi(exponent);
                Duration::from_secs_f64(seconds.min(f64::from(*max_seconds)))
            }
            Schedule::StandardWebhooks => {
                let last = STANDARD_WEBHOOKS_SECONDS.len() - 1;
                let index = usize::try_from(before).unwrap_or(last).min(last);
                Duration::from_secs(STANDARD_WEBHOOKS_SECONDS[index])
            }
        }
    }
}

/// `delay` and up to a tenth more, or up to a second more where a tenth is less: never earlier than
/// promised, and no herd of retries at one moment.
pub fn jittered(delay: Duration, random: &dyn Random) -> Duration {
    let spread = delay.mul_f64(JITTER_SHARE).max(LEAST_JITTER);
    delay + spread.mul_f64(random.fraction().clamp(0.0, 1.0))
}

/// The reader has refused what is larger; the clamp only satisfies the type.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

struct Multiplier(f64);

#[derive(Debug, thiserror::Error)]
#[error("must be a number from 1 to 100")]
struct NotAMultiplier;

impl FromStr for Multiplier {
    type Err = NotAMultiplier;

    fn from_str(text: &str) -> Result<Self, NotAMultiplier> {
        let factor: f64 = text.parse().map_err(|_| NotAMultiplier)?;
        (1.0..=100.0).contains(&factor).then_some(Self(factor)).ok_or(NotAMultiplier)
    }
}

struct Profile;

#[derive(Debug, thiserror::Error)]
#[error("must be standard-webhooks")]
struct NotAProfile;

impl FromStr for Profile {
    type Err = NotAProfile;

    fn from_str(text: &str) -> Result<Self, NotAProfile> {
        (text == "standard-webhooks").then_some(Self).ok_or(NotAProfile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Variables;

    fn policy(pairs: &[(&str, &str)]) -> Result<RetryPolicy, crate::config::ConfigError> {
        let variables = Variables::new(pairs.iter().copied());
        let mut reader = Reader::new(&variables);
        let policy = RetryPolicy::read(&mut reader);
        reader.finish(policy)
    }

    fn seconds(policy: &RetryPolicy) -> Vec<u64> {
        (1..).map_while(|attempt| policy.delay_after(attempt)).map(|delay| delay.as_secs()).collect()
    }

    #[test]
    fn without_variables_there_are_five_attempts_at_growing_distances() {
        let policy = policy(&[]).unwrap();
        assert_eq!(policy, RetryPolicy::default());
        assert_eq!(seconds(&policy), [10, 60, 360, 2_160]);
    }

    #[test]
    fn no_delay_exceeds_the_maximum() {
        let policy = policy(&[("RETRY_MAX_ATTEMPTS", "30"), ("RETRY_MAX_SECONDS", "43200")]).unwrap();
        let seconds = seconds(&policy);
        assert_eq!(seconds.len(), 29);
        assert_eq!(seconds[4..6], [12_960, 43_200]);
        assert!(seconds.iter().all(|&seconds| seconds <= 43_200));
    }

    #[test]
    fn the_profile_standard_webhooks_has_ten_attempts_over_75_hours_and_35_minutes() {
        let policy = policy(&[("RETRY_PROFILE", "standard-webhooks"), ("RETRY_MAX_ATTEMPTS", "3")]).unwrap();
        assert_eq!(policy.max_attempts(), 10);
        assert_eq!(seconds(&policy).iter().sum::<u64>(), 75 * 3_600 + 35 * 60 + 5);
    }

    #[test]
    fn a_policy_out_of_range_is_refused() {
        for pair in [
            ("RETRY_MAX_ATTEMPTS", "31"),
            ("RETRY_MAX_ATTEMPTS", "0"),
            ("RETRY_BASE_SECONDS", "0"),
            ("RETRY_MULTIPLIER", "0.5"),
            ("RETRY_MULTIPLIER", "NaN"),
            ("RETRY_PROFILE", "fast"),
        ] {
            assert!(policy(&[pair]).is_err(), "{pair:?}");
        }
    }
}
