//! `gatewayctl dlq list`.

use std::io::Write;

use revops_core::Timestamp;
use revops_core::time::in_words;
use serde_json::{Value, json};

use super::filter::Filter;
use super::letter::Letter;
use crate::error::CtlError;

/// The letters that were chosen, of all that there are.
pub(super) struct Listing {
    chosen: Vec<Letter>,
    /// How many letters there are in all.
    all: usize,
    now: Timestamp,
}

impl Listing {
    pub(super) fn new(letters: Vec<Letter>, filter: &Filter, now: Timestamp) -> Self {
        let all = letters.len();
        Self { chosen: letters.into_iter().filter(|letter| filter.selects(letter)).collect(), all, now }
    }

    pub(super) fn print(&self, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
        if as_json {
            return Ok(writeln!(out, "{}", self.to_json())?);
        }
        if !self.chosen.is_empty() {
            writeln!(
                out,
                "{:<36}  {:>3}  {:<13}  {:<20}  {:>8}  {:<24}  {:>11}  {:>10}",
                "tracking id", "run", "class", "reason", "attempts", "failed at", "age", "duplicates"
            )?;
        }
        for letter in &self.chosen {
            writeln!(out, "{}", self.row(letter))?;
        }
        Ok(writeln!(out, "{}", self.total())?)
    }

    fn row(&self, letter: &Letter) -> String {
        let id = letter.tracking_id().map(|id| id.to_string());
        let run = letter.run().map(|run| run.0.to_string());
        let class =
            letter.header().map_or_else(|| format!("({})", letter.kind()), |header| header.to_string());
        let attempts = letter.attempts().map(|attempts| attempts.to_string());
        let dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        format!(
            "{:<36}  {:>3}  {class:<13}  {:<20}  {:>8}  {}  {:>11}  {:>10}",
            dash(id),
            dash(run),
            letter.reason().unwrap_or("-"),
            dash(attempts),
            letter.failed_at(),
            in_words(self.now.since(letter.failed_at())),
            letter.duplicates(),
        )
    }

    fn total(&self) -> String {
        let (chosen, all) = (self.chosen.len(), self.all);
        let duplicates: usize = self.chosen.iter().map(Letter::duplicates).sum();
        let oldest = self.chosen.first().map(|letter| in_words(self.now.since(letter.failed_at())));
        let oldest = oldest.map(|age| format!(", the oldest {age} old")).unwrap_or_default();
        let of = if chosen == all { String::new() } else { format!(" of {all}") };
        format!(
            "{chosen}{of} {}{oldest}; {duplicates} {}",
            plural(all, "dead letter"),
            plural(duplicates, "duplicate")
        )
    }

    fn to_json(&self) -> Value {
        let letters = self.chosen.iter().map(|letter| to_json(letter, self.now));
        let duplicates: usize = self.chosen.iter().map(Letter::duplicates).sum();
        json!({"letters": letters.collect::<Vec<_>>(), "selected": self.chosen.len(), "total": self.all,
            "duplicates": duplicates})
    }
}

/// The word as it stands after `count`.
pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// A letter for programs.
pub(super) fn to_json(letter: &Letter, now: Timestamp) -> Value {
    json!({"tracking_id": letter.tracking_id(), "message_id": letter.first().message.message_id,
        "type": letter.kind(), "run": letter.run(), "header": letter.header(), "reason": letter.reason(),
        "attempts": letter.attempts(), "failed_at": letter.failed_at(),
        "age_seconds": now.since(letter.failed_at()).as_secs(), "duplicates": letter.duplicates()})
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{delivery, letters, message};
    use super::*;

    fn printed(filter: &Filter) -> String {
        let held = vec![
            delivery(1, 2, "gone"),
            delivery(1, 2, "gone"),
            delivery(5, 3, "http_status"),
            message("x", "{", 9),
        ];
        let listing = Listing::new(letters(held), filter, Timestamp::from_unix_ms(3_661_000));
        let mut out = Vec::new();
        listing.print(false, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_letter_is_a_line_and_the_total_counts_duplicates_apart() {
        let text = printed(&Filter::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(
            lines[1].contains("deal_analysis") && lines[1].contains("gone") && lines[1].contains("1 h 1 min")
        );
        assert!(lines[3].contains("(unknown)"));
        assert_eq!(lines[4], "3 dead letters, the oldest 1 h 1 min old; 1 duplicate");
    }

    #[test]
    fn a_filtered_list_says_of_how_many() {
        let text = printed(&Filter { reasons: vec!["http_status".to_owned()], ..Filter::default() });
        assert!(text.ends_with("1 of 3 dead letters, the oldest 1 h 0 min old; 0 duplicates\n"), "{text}");
    }
}
