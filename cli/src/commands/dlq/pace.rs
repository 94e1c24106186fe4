//! How fast a replay goes.

use std::time::Duration;

/// SQS lends a message for twelve hours at most; an hour is left for whatever comes between.
const LONGEST: Duration = Duration::from_hours(11);

/// So many letters a second, evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    per_second: u32,
}

/// A replay that would take longer than messages can be held.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{count} letters at {per_second} a second take longer than the 11 hours for which they can be held: \
     choose a higher --rate, or fewer letters by --since"
)]
pub(super) struct TooSlow {
    count: usize,
    per_second: u32,
}

impl Pace {
    /// `per_second` letters a second; at least one.
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1) }
    }

    /// How long after the start the letter with this place, from 0, has its turn.
    pub(super) fn turn(self, place: usize) -> Duration {
        let place = u64::try_from(place).unwrap_or(u64::MAX);
        Duration::from_millis(place.saturating_mul(1_000) / u64::from(self.per_second))
    }

    /// How long `count` letters take.
    pub(super) fn time_for(self, count: usize) -> Result<Duration, TooSlow> {
        let time = self.turn(count);
        if time > LONGEST { Err(TooSlow { count, per_second: self.per_second }) } else { Ok(time) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_their_turns_evenly_and_the_first_at_once() {
        let pace = Pace::new(4);
        let turns: Vec<u128> = (0..6).map(|place| pace.turn(place).as_millis()).collect();
        assert_eq!(turns, [0, 250, 500, 750, 1_000, 1_250]);
    }

    #[test]
    fn what_takes_longer_than_a_message_can_be_held_is_refused() {
        assert_eq!(Pace::new(1).time_for(39_600), Ok(LONGEST));
        let error = Pace::new(1).time_for(39_601).unwrap_err().to_string();
        assert!(error.contains("--rate"), "{error}");
        assert!(Pace::new(10).time_for(39_601).is_ok());
    }
}
