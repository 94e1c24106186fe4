//! The time scale of SPEC section 10.

/// A divisor for waits that are asked for by the API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeScale(f64);

impl TimeScale {
    /// `None` unless `scale` is finite and above zero.
    pub(crate) fn new(scale: f64) -> Option<Self> {
        (scale.is_finite() && scale > 0.0).then_some(Self(scale))
    }

    /// `wait_ms` as it passes on this machine, to the nearest millisecond.
    pub(crate) fn shorten_ms(self, wait_ms: i64) -> i64 {
        (wait_ms as f64 / self.0).round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_divides_and_one_changes_nothing() {
        assert_eq!(TimeScale::new(1.0).unwrap().shorten_ms(43_200_000), 43_200_000);
        assert_eq!(TimeScale::new(1000.0).unwrap().shorten_ms(43_200_000), 43_200);
        assert_eq!(TimeScale::new(3600.0).unwrap().shorten_ms(10_000), 3);
    }

    #[test]
    fn zero_negative_and_endless_scales_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(TimeScale::new(bad).is_none(), "{bad}");
        }
    }
}
