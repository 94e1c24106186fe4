//! How far back: a moment, or an age.

use std::str::FromStr;
use std::time::Duration;

use revops_core::Timestamp;

/// The argument of `--since`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// That moment.
    Moment(Timestamp),
    /// So long ago.
    Ago(Duration),
}

impl Since {
    /// The moment, seen from `now`.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Moment(moment) => moment,
            Self::Ago(age) => {
                let ms = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
                Timestamp::from_unix_ms(now.unix_ms().saturating_sub(ms).max(0))
            }
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(moment) = text.parse() {
            return Ok(Self::Moment(moment));
        }
        age(text)
            .map(Self::Ago)
            .map_err(|rule| format!("neither a time such as 2025-08-13T06:30:00Z nor {rule}"))
    }
}

/// A whole number of seconds, minutes, hours or days: `90s`, `30m`, `2h`, `7d`.
pub(crate) fn age(text: &str) -> Result<Duration, String> {
    let rule = || "an age such as 90s, 30m, 2h or 7d".to_owned();
    let split = text.char_indices().last().map_or(0, |(last, _)| last);
    let (number, unit) = text.split_at(split);
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(rule()),
    };
    let number: u32 = number.parse().map_err(|_| rule())?;
    Ok(Duration::from_secs(seconds * u64::from(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_a_unit() {
        assert_eq!(age("0s"), Ok(Duration::ZERO));
        assert_eq!(age("30m"), Ok(Duration::from_mins(30)));
        assert_eq!(age("2h"), Ok(Duration::from_hours(2)));
        assert_eq!(age("7d"), Ok(Duration::from_hours(7 * 24)));
        for wrong in ["", "7", "d", "-1d", "1.5h", "7 d", "1w", "ä", "99999999999d"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn since_is_a_moment_or_an_age() {
        let now: Timestamp = "2025-08-13T06:30:00Z".parse().unwrap();
        let before = |text: &str| text.parse::<Since>().unwrap().before(now).to_string();
        assert_eq!(before("2h"), "2025-08-13T04:30:00.000Z");
        assert_eq!(before("2025-08-01T00:00:00+02:00"), "2025-07-31T22:00:00.000Z");
        assert!("yesterday".parse::<Since>().is_err());
    }
}
