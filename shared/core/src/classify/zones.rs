//! The parts of a Markdown answer that weigh differently: headings, running text, tables, code.
//!
//! A line is enough to tell them apart; a full parse would cost more than the matching itself.

use super::words;

/// One kind of text within an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// A heading, or a line that is bold from end to end.
    Heading,
    /// Running text, lists, quotes.
    Body,
    /// A row of a table.
    Table,
    /// Inside a code fence.
    Code,
}

impl Zone {
    /// All zones, in the order of [`Zones::texts`].
    pub(crate) const ALL: [Self; 4] = [Self::Heading, Self::Body, Self::Table, Self::Code];
}

/// The words of an answer by zone.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    texts: [String; 4],
}

impl Zones {
    /// Sorts the lines of `answer`.
    pub(crate) fn of(answer: &str) -> Self {
        let mut zones = Self::default();
        let mut fenced = false;
        for line in answer.lines() {
            let line = line.trim_start();
            if line.starts_with("```") || line.starts_with("~~~") {
                fenced = !fenced;
                continue;
            }
            let line = line.trim_start_matches(['>', ' ']);
            words::append(line, &mut zones.texts[zone_of(line, fenced) as usize]);
        }
        zones
    }

    /// The words of each zone, as [`words::words`] gives them; empty where the answer has none.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (Zone, &str)> {
        Zone::ALL.into_iter().zip(self.texts.iter().map(String::as_str))
    }
}

fn zone_of(line: &str, fenced: bool) -> Zone {
    let end = line.trim_end();
    if fenced {
        Zone::Code
    } else if line.starts_with('#') || (end.len() > 4 && end.starts_with("**") && end.ends_with("**")) {
        Zone::Heading
    } else if line.starts_with('|') {
        Zone::Table
    } else {
        Zone::Body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_sorted_by_what_they_are() {
        let zones = Zones::of("# Risk\ntext\n| a | b |\n```sql\nselect deal\n```\n**Next steps**\n> quote");
        let texts: Vec<&str> = zones.texts().map(|(_, text)| text).collect();
        assert_eq!(
            texts,
            [" . risk . next steps . ", " . text . quote . ", " . a b . ", " . select deal . "]
        );
    }
}
