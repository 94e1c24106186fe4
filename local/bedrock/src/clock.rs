//! The only place of this crate that asks the system for the time.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The time now, UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// `2026-11-22T20:18:26.5Z`
pub(crate) fn iso(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_default()
}
