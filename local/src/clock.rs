//! The one place of this package that asks the system for the time.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The present moment in UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// A moment as RFC 3339, such as `2026-11-22T06:30:00.123Z`.
pub(crate) fn rfc3339(at: OffsetDateTime) -> String {
    let milliseconds = at.replace_nanosecond(at.nanosecond() / 1_000_000 * 1_000_000).unwrap_or(at);
    milliseconds.format(&Rfc3339).unwrap_or_default()
}
