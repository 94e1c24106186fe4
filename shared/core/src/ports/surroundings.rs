//! Time and randomness, as arguments.

use crate::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A source of randomness fit for nonces and ids.
pub trait Random: Send + Sync {
    /// Sixteen random bytes.
    fn sixteen_bytes(&self) -> [u8; 16];

    /// Ten random bytes: what a UUIDv7 adds to its time.
    fn ten_bytes(&self) -> [u8; 10] {
        let mut ten = [0; 10];
        ten.copy_from_slice(&self.sixteen_bytes()[..10]);
        ten
    }

    /// A number in `0.0..1.0`, evenly spread: for jitter and sampling.
    fn fraction(&self) -> f64 {
        let mut eight = [0; 8];
        eight.copy_from_slice(&self.sixteen_bytes()[..8]);
        // 53 bits are what an f64 holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let numerator = (u64::from_be_bytes(eight) >> 11) as f64;
        numerator / 9_007_199_254_740_992.0
    }
}
