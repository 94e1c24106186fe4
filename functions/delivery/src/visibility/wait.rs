//! For how long a message is hidden.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::config::TimeScale;

/// SQS lets a message be hidden until 12 hours after its receive, and refuses a longer wait.
const LONGEST_SECONDS: u32 = 43_200;

/// Room for what passes between the receive and the call.
const MARGIN_SECONDS: u32 = 60;

/// The same where a minute of fast time is next to nothing.
const REAL_MARGIN: Duration = Duration::from_millis(250);

/// The first wait after a setback that is not the receiver's doing.
const FIRST_SETBACK: Duration = Duration::from_secs(30);

/// The longest such wait.
const LONGEST_SETBACK: Duration = Duration::from_hours(1);

/// The seconds to ask of SQS so that a message stays hidden until `due`, or as long as SQS allows:
/// `min(due − now, 12 h − time since receive − 60 s)`. Whoever wakes before `due` hides it again.
pub(crate) fn wait_seconds(scale: TimeScale, due: Timestamp, now: Timestamp, received_at: Timestamp) -> u32 {
    let since_receive = scale.seconds_of(now.since(received_at));
    let margin = scale.seconds_of(REAL_MARGIN).max(MARGIN_SECONDS);
    let left = LONGEST_SECONDS.saturating_sub(since_receive).saturating_sub(margin);
    scale.seconds_until(due, now).min(left)
}

/// How long to wait after the `count`-th setback (from 1) that is not the receiver's doing, such as an outage
/// of the record store: 30 s, doubling to an hour (SPEC 2.3). A day of outage costs about 30 receives, well
/// below the limit that catches crash loops.
pub(crate) fn setback(count: u32) -> Duration {
    let doubled = FIRST_SETBACK.saturating_mul(2_u32.saturating_pow(count.saturating_sub(1)));
    doubled.min(LONGEST_SETBACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIVED: Timestamp = Timestamp::from_unix_ms(1_000_000);

    fn seconds(scale: &str, due_in: u64, since_receive: u64) -> u32 {
        let now = RECEIVED.plus(Duration::from_secs(since_receive));
        wait_seconds(scale.parse().unwrap(), now.plus(Duration::from_secs(due_in)), now, RECEIVED)
    }

    #[test]
    fn a_wait_ends_at_least_a_minute_before_the_twelve_hours_since_the_receive() {
        assert_eq!(seconds("1", 60, 15), 60);
        assert_eq!(seconds("1", 86_400, 0), 43_140);
        assert_eq!(seconds("1", 86_400, 20), 43_120);
        assert_eq!(seconds("1", 86_400, 50_000), 0);
    }

    #[test]
    fn on_scaled_time_both_sides_are_scaled() {
        assert_eq!(seconds("100", 6, 1), 600);
        assert_eq!(seconds("100", 864, 1), 43_040);
        assert_eq!(seconds("10000", 864, 1), 30_700);
    }

    #[test]
    fn setbacks_double_from_half_a_minute_to_an_hour() {
        let seconds: Vec<u64> = (0..10).map(|count| setback(count).as_secs()).collect();
        assert_eq!(seconds, [30, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!(setback(u32::MAX), LONGEST_SETBACK);
    }
}
