//! Moments as values: every decision takes `now` as one of these.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use ::time::OffsetDateTime;
use ::time::format_description::well_known::Rfc3339;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in whole milliseconds since the Unix epoch, written as RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 date and time with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 date and time with an offset, such as 2025-08-13T06:30:00Z")]
pub struct NotRfc3339;

impl Timestamp {
    /// The moment `ms` milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_unix_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down (Standard Webhooks' `webhook-timestamp`).
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved `by` into the future; the far end of the range instead of an overflow.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this moment is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The calendar date and time in UTC; the epoch for moments outside the calendar's range.
    #[must_use]
    pub fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl FromStr for Timestamp {
    type Err = NotRfc3339;

    fn from_str(text: &str) -> Result<Self, NotRfc3339> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotRfc3339)?;
        i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).map(Self).map_err(|_| NotRfc3339)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.utc();
        let mut text = *b"0000-00-00T00:00:00.000Z";
        digits(&mut text[0..4], u16::try_from(at.year()).unwrap_or(0));
        digits(&mut text[5..7], u8::from(at.month()).into());
        digits(&mut text[8..10], at.day().into());
        digits(&mut text[11..13], at.hour().into());
        digits(&mut text[14..16], at.minute().into());
        digits(&mut text[17..19], at.second().into());
        digits(&mut text[20..23], at.millisecond());
        f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// Fills `place` with `number` and leading zeros. The formatting machinery costs ten times as much, and a delivery
/// writes some thirty moments.
fn digits(place: &mut [u8], mut number: u16) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$",
            "description": "RFC 3339 in UTC, with milliseconds"
        })
    }
}

/// A duration in its two largest units: `35 ms`, `2.1 s`, `3 min 20 s`, `5 h 36 min`, `3 d 3 h`.
#[must_use]
pub fn in_words(duration: Duration) -> String {
    let ms = duration.as_millis();
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
        3_600_000..86_400_000 => format!("{} h {} min", ms / 3_600_000, ms % 3_600_000 / 60_000),
        _ => format!("{} d {} h", ms / 86_400_000, ms % 86_400_000 / 3_600_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_date_without_a_time_is_not_a_timestamp() {
        assert_eq!("2025-08-13".parse::<Timestamp>(), Err(NotRfc3339));
        assert_eq!("2025-08-13T06:30:00".parse::<Timestamp>(), Err(NotRfc3339));
    }

    #[test]
    fn an_offset_is_taken_into_account() {
        let zulu: Timestamp = "2025-08-13T06:30:00Z".parse().unwrap();
        let local: Timestamp = "2025-08-13T08:30:00+02:00".parse().unwrap();
        assert_eq!(zulu, local);
        assert_eq!(zulu.to_string(), "2025-08-13T06:30:00.000Z");
    }

    #[test]
    fn durations_have_the_unit_that_a_reader_thinks_in() {
        let of = |ms| in_words(Duration::from_millis(ms));
        assert_eq!([of(0), of(999), of(2_140)], ["0 ms", "999 ms", "2.1 s"]);
        assert_eq!([of(86_399_999), of(86_400_000)], ["23 h 59 min", "1 d 0 h"]);
        assert_eq!([of(59_999), of(60_000), of(272_160_000)], ["59.9 s", "1 min 0 s", "3 d 3 h"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(ms in 0_i64..253_402_300_799_999) {
            let at = Timestamp::from_unix_ms(ms);
            prop_assert_eq!(at.to_string().parse::<Timestamp>(), Ok(at));
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in ".*") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
