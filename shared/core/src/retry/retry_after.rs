//! `Retry-After`: what the receiver asks for (RFC 9110, section 10.2.3).

use std::time::{Duration, UNIX_EPOCH};

use crate::Timestamp;

/// The longest wait that a receiver may ask for.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(10);

/// A `Retry-After` that could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Not before this has passed; at most [`LONGEST_RETRY_AFTER`].
    Wait(Duration),
    /// A negative number of seconds: do not try again.
    Stop,
}

impl RetryAfter {
    /// Reads the header's value: seconds, or one of HTTP's three date formats. A date that has passed asks
    /// for no wait. `None` when it is neither: a receiver that cannot spell is not obeyed.
    #[must_use]
    pub fn parse(value: &str, now: Timestamp) -> Option<Self> {
        let value = value.trim();
        let digits = value.strip_prefix('-').unwrap_or(value);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::of_seconds(value.starts_with('-'), digits));
        }
        let date = httpdate::parse_http_date(value).ok()?.duration_since(UNIX_EPOCH).ok()?;
        let wait = Timestamp::from_unix_ms(0).plus(date).since(now);
        Some(Self::Wait(wait.min(LONGEST_RETRY_AFTER)))
    }

    fn of_seconds(negative: bool, digits: &str) -> Self {
        // More digits than fit are a very long wait.
        let seconds = digits.parse::<u64>().unwrap_or(u64::MAX);
        if negative && seconds > 0 {
            return Self::Stop;
        }
        Self::Wait(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: &str = "1994-11-06T08:49:07Z";

    fn parse(value: &str) -> Option<RetryAfter> {
        RetryAfter::parse(value, NOW.parse().unwrap())
    }

    fn wait(seconds: u64) -> Option<RetryAfter> {
        Some(RetryAfter::Wait(Duration::from_secs(seconds)))
    }

    #[test]
    fn seconds_are_a_wait_of_at_most_ten_hours() {
        assert_eq!(parse("120"), wait(120));
        assert_eq!(parse(" 0 "), wait(0));
        assert_eq!(parse("36001"), wait(36_000));
        assert_eq!(parse("99999999999999999999999999"), wait(36_000));
    }

    #[test]
    fn a_negative_number_stops_retrying() {
        assert_eq!(parse("-1"), Some(RetryAfter::Stop));
        assert_eq!(parse("-99999999999999999999999999"), Some(RetryAfter::Stop));
        assert_eq!(parse("-0"), wait(0));
    }

    #[test]
    fn every_date_format_of_http_is_understood() {
        for date in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(parse(date), wait(30), "{date}");
        }
    }

    #[test]
    fn a_date_that_has_passed_asks_for_no_wait_and_a_far_one_for_ten_hours() {
        assert_eq!(parse("Sun, 06 Nov 1994 08:00:00 GMT"), wait(0));
        assert_eq!(parse("Sat, 06 Nov 2094 08:00:00 GMT"), wait(36_000));
    }

    #[test]
    fn what_is_neither_seconds_nor_a_date_is_ignored() {
        for value in ["", "-", "soon", "1.5", "+5", "0x10", "1e3", "12 s", "2025-08-13T06:30:00Z"] {
            assert_eq!(parse(value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_ignored_and_never_asks_for_more_than_ten_hours(value in ".*") {
            if let Some(RetryAfter::Wait(wait)) = parse(&value) {
                prop_assert!(wait <= LONGEST_RETRY_AFTER);
            }
        }
    }
}
