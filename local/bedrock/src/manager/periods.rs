//! Spans of time as questions name them. Pure.

use time::{Date, Duration};

use super::words::Words;
use crate::crm::Quarter;

/// A span in which open deals close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    ThisMonth,
    ThisQuarter,
    NextDays(i64),
}

impl Window {
    /// The span that the question names.
    pub(crate) fn of(words: &Words) -> Option<Self> {
        let spans: [(&[&str], Self); 5] = [
            (&["this week", "next week", "in the next week"], Self::NextDays(7)),
            (&["this month"], Self::ThisMonth),
            (&["next month", "next 30 days", "next four weeks", "soon", "next"], Self::NextDays(30)),
            (&["this quarter", "end of quarter", "end of the quarter"], Self::ThisQuarter),
            (&["next quarter", "next 90 days", "next three months"], Self::NextDays(90)),
        ];
        // The longest phrase is the one that is meant: "next quarter" is not "next".
        let named =
            spans.iter().flat_map(|(phrases, window)| phrases.iter().map(move |phrase| (phrase, *window)));
        let found = named.filter(|(phrase, _)| words.has(phrase));
        found.max_by_key(|(phrase, _)| phrase.len()).map(|(_, window)| window)
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::ThisMonth => "this month".to_owned(),
            Self::ThisQuarter => "this quarter".to_owned(),
            Self::NextDays(days) => format!("in the next {days} days"),
        }
    }

    /// Whether the day this many days after today is within the span.
    pub(crate) fn contains(self, today: Date, days: i64) -> bool {
        let date = today.saturating_add(Duration::days(days));
        days >= 0
            && match self {
                Self::ThisMonth => (date.year(), date.month()) == (today.year(), today.month()),
                Self::ThisQuarter => Quarter::of(date) == Quarter::of(today),
                Self::NextDays(within) => days <= within,
            }
    }
}

/// The quarters that the question names, oldest first; empty if it names none.
pub(crate) fn quarters(words: &Words, today: Date) -> Vec<Quarter> {
    let this = Quarter::of(today);
    let mut named: Vec<Quarter> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if let Some(number) = quarter_number(word) {
            named.push(dated(number, year_near(words, index), this));
        }
    }
    if words.any(&["this quarter", "current quarter", "the quarter", "quarter to date", "qtd"]) {
        named.push(this);
    }
    if words.any(&["last quarter", "previous quarter", "prior quarter"]) {
        named.push(this.back(1));
    }
    if named.is_empty() {
        named.extend(words.iter().filter_map(full_year).flat_map(year_of_quarters));
        named.retain(|quarter| *quarter <= this);
    }
    if words.any(&["this year", "year to date", "ytd"]) {
        named.extend(year_of_quarters(this.year).filter(|quarter| *quarter <= this));
    }
    if words.has("last year") {
        named.extend(year_of_quarters(this.year - 1));
    }
    named.sort();
    named.dedup();
    named
}

/// Whether the question wants to see quarters side by side, and how many.
pub(crate) fn trend(words: &Words) -> Option<usize> {
    let phrases = [
        "trend",
        "trends",
        "trending",
        "over time",
        "quarters",
        "history",
        "historically",
        "by quarter",
        "per quarter",
        "each quarter",
        "quarter over quarter",
        "qoq",
    ];
    if !words.any(&phrases) {
        return None;
    }
    let number = words.iter().enumerate().find(|(_, word)| *word == "quarters").and_then(|(index, _)| {
        let before = index.checked_sub(1).and_then(|before| words.get(before))?;
        const NAMES: [&str; 9] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"];
        before.parse().ok().or_else(|| NAMES.iter().position(|name| *name == before))
    });
    Some(number.filter(|number| *number > 0).unwrap_or(usize::MAX))
}

fn quarter_number(word: &str) -> Option<u8> {
    match word {
        "q1" => Some(1),
        "q2" => Some(2),
        "q3" => Some(3),
        "q4" => Some(4),
        _ => None,
    }
}

/// The year after the quarter (`Q3 2026`), before it (`2026 Q3`), or the first one named later
/// (`Q1 and Q3 2026`).
fn year_near(words: &Words, index: usize) -> Option<i32> {
    let at = |index: Option<usize>| index.and_then(|index| words.get(index)).and_then(full_year);
    let later = (index + 1..words.len()).find_map(|later| at(Some(later)));
    at(Some(index + 1)).or_else(|| at(index.checked_sub(1))).or(later)
}

fn full_year(word: &str) -> Option<i32> {
    let digits = word.strip_prefix("fy").unwrap_or(word);
    let year: i32 = digits.parse().ok()?;
    match digits.len() {
        4 if (1990..2100).contains(&year) => Some(year),
        2 if word.starts_with("fy") => Some(2000 + year),
        _ => None,
    }
}

/// Without a year the latest such quarter that has begun is meant.
fn dated(number: u8, year: Option<i32>, this: Quarter) -> Quarter {
    let year = year.unwrap_or(if number <= this.number { this.year } else { this.year - 1 });
    Quarter { year, number }
}

fn year_of_quarters(year: i32) -> impl Iterator<Item = Quarter> {
    (1..=4).map(move |number| Quarter { year, number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Month;

    fn named(question: &str) -> Vec<String> {
        let today = Date::from_calendar_date(2026, Month::November, 22).unwrap();
        quarters(&Words::of(question), today).iter().map(Quarter::to_string).collect()
    }

    #[test]
    fn quarters_are_understood_with_and_without_a_year() {
        assert_eq!(named("bookings in Q3 2025"), ["Q3 2025"]);
        assert_eq!(named("2025 Q3"), ["Q3 2025"]);
        assert_eq!(named("Q3 and Q4"), ["Q3 2026", "Q4 2026"]);
        assert_eq!(named("Q1 and Q3 2025"), ["Q1 2025", "Q3 2025"]);
        assert_eq!(named("last quarter"), ["Q3 2026"]);
        assert_eq!(named("bookings in 2025").len(), 4);
        assert_eq!(named("churn this year"), ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]);
        assert!(named("how is IXIS").is_empty());
    }

    #[test]
    fn a_trend_is_over_as_many_quarters_as_asked() {
        assert_eq!(trend(&Words::of("win rate over the last four quarters")), Some(4));
        assert_eq!(trend(&Words::of("win rate over the last 6 quarters")), Some(6));
        assert_eq!(trend(&Words::of("trend of churn")), Some(usize::MAX));
        assert_eq!(trend(&Words::of("win rate in Q3")), None);
    }

    #[test]
    fn the_longest_window_named_is_meant() {
        assert_eq!(Window::of(&Words::of("closing next quarter")), Some(Window::NextDays(90)));
        assert_eq!(Window::of(&Words::of("closing this month")), Some(Window::ThisMonth));
        assert_eq!(Window::of(&Words::of("closing")), None);
    }
}
