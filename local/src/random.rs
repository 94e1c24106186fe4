//! The one place of this package that rolls dice.

/// A random number from 0 up to, but not, 1.
pub(crate) fn fraction() -> f64 {
    // 2^32 values are plenty for a fault's rate, and every one of them is exact in an f64.
    getrandom::u32().map_or(0.0, |number| f64::from(number) / 4_294_967_296.0)
}
