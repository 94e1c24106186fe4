//! The system's clock and randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use revops_core::Timestamp;
use revops_core::ports::{Clock, Random};

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_unix_ms(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The operating system's source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn sixteen_bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        #[expect(
            clippy::expect_used,
            reason = "ids and nonces must not be guessable: better no function at all"
        )]
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_shows_this_century_and_does_not_run_backwards() {
        let first = SystemClock.now();
        assert!(first > Timestamp::from_unix_ms(1_700_000_000_000));
        assert!(SystemClock.now() >= first);
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(OsRandom.sixteen_bytes(), OsRandom.sixteen_bytes());
        assert!((0.0..1.0).contains(&OsRandom.fraction()));
    }
}
