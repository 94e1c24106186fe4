//! A clock that a test moves, and randomness that repeats.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use crate::Timestamp;
use crate::ports::{Clock, Random};

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.unix_ms()))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

/// Numbers that look random enough for ids and are the same in every run.
#[derive(Debug, Default)]
pub struct FixedRandom(AtomicU64);

impl Random for FixedRandom {
    fn sixteen_bytes(&self) -> [u8; 16] {
        let step = self.0.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
        // Two rounds of a multiplicative mix: distinct, well spread, reproducible.
        let mix = |salt: u64| step.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(salt);
        let high = u128::from(mix(0xBF58_476D_1CE4_E5B9)) << 64;
        (high | u128::from(mix(0x94D0_49BB_1331_11EB))).to_be_bytes()
    }
}
