//! What a person's terminal shows and a pipe does not: colours, and the time of day where they are.

use std::fmt::Display;
use std::io::IsTerminal as _;

use jiff::tz::TimeZone;
use revops_core::Timestamp;

/// How text is dressed.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    is_coloured: bool,
    zone: TimeZone,
}

impl Terminal {
    /// Standard output: coloured on a terminal unless `NO_COLOR` is set (no-color.org) or `TERM` is `dumb`.
    pub(crate) fn of_stdout() -> Self {
        let refuses = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || Self::is_dumb();
        Self { is_coloured: std::io::stdout().is_terminal() && !refuses, zone: TimeZone::system() }
    }

    /// A terminal that neither colours nor rewrites a line.
    pub(crate) fn is_dumb() -> bool {
        std::env::var_os("TERM").is_some_and(|value| value == "dumb")
    }

    /// Without colours, in UTC.
    #[cfg(test)]
    pub(crate) const fn plain() -> Self {
        Self { is_coloured: false, zone: TimeZone::UTC }
    }

    /// With colours, in UTC.
    #[cfg(test)]
    pub(crate) const fn coloured() -> Self {
        Self { is_coloured: true, zone: TimeZone::UTC }
    }

    /// What matters.
    pub(crate) fn bold(&self, text: impl Display) -> String {
        self.dressed("1", text)
    }

    /// What is only good to know.
    pub(crate) fn dim(&self, text: impl Display) -> String {
        self.dressed("2", text)
    }

    /// What went wrong.
    pub(crate) fn red(&self, text: impl Display) -> String {
        self.dressed("31", text)
    }

    /// What went well.
    pub(crate) fn green(&self, text: impl Display) -> String {
        self.dressed("32", text)
    }

    /// What is not decided yet.
    pub(crate) fn yellow(&self, text: impl Display) -> String {
        self.dressed("33", text)
    }

    /// The time of day here, to the millisecond.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        self.at(at, "%H:%M:%S%.3f")
    }

    /// The date here, with the zone's offset from UTC.
    pub(crate) fn date(&self, at: Timestamp) -> String {
        self.at(at, "%Y-%m-%d (UTC%:z)")
    }

    fn at(&self, at: Timestamp, format: &str) -> String {
        // Outside the calendar's range: as it is stored.
        let Ok(moment) = jiff::Timestamp::from_millisecond(at.unix_ms()) else { return at.to_string() };
        moment.to_zoned(self.zone.clone()).strftime(format).to_string()
    }

    fn dressed(&self, code: &str, text: impl Display) -> String {
        if self.is_coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_only() {
        assert_eq!(Terminal::plain().red("no"), "no");
        assert_eq!(Terminal::coloured().red("no"), "\u{1b}[31mno\u{1b}[0m");
    }

    #[test]
    fn a_moment_is_shown_where_the_reader_is() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let terminal = Terminal { is_coloured: false, zone };
        let at = "2025-08-13T23:30:00.123Z".parse().unwrap();
        assert_eq!(terminal.time(at), "01:30:00.123");
        assert_eq!(terminal.date(at), "2025-08-14 (UTC+02:00)");
    }
}
