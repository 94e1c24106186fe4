//! Tables of the lexicon's phrases.

use super::super::fingerprint::fingerprint;
use super::super::phrases::{Part, Pattern, Phrase, stem};
use super::super::table::Value;
use super::super::words::words;
use super::table::{Made, TooLarge, place, table};

/// Phrases, ready to be looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phrases {
    /// By their first two words, `lead time`, or by their only one, `lead`.
    pub(crate) words: Made,
    /// Open words, `renew*`, by their start.
    pub(crate) stems: Made,
    /// The patterns' texts, one after the other.
    pub(crate) texts: String,
}

impl Phrases {
    /// Prepares the phrases of each concept.
    pub(crate) fn new<'a>(
        concepts: impl Iterator<Item = impl Iterator<Item = &'a str>>,
    ) -> Result<Self, TooLarge> {
        let (mut texts, mut by_words, mut by_stem) = (String::new(), Vec::new(), Vec::new());
        for (concept, phrases) in (0..).zip(concepts) {
            for (index, phrase) in (0..).zip(phrases) {
                for (part, written) in parts(phrase) {
                    let text = normalised(written);
                    let (phrase, anchored) = (Phrase { concept, phrase: index }, written.starts_with('^'));
                    let pattern = Pattern { phrase, part, anchored, text: place(&text, &mut texts)? };
                    match (beginning(&text).map(fingerprint), stem(&text)) {
                        (Some(first), _) => by_words.push((first, value(pattern))),
                        (None, Some(stem)) => by_stem.push((stem, value(pattern))),
                        (None, None) => {}
                    }
                }
            }
        }
        Ok(Self { words: table(by_words)?, stems: table(by_stem)?, texts })
    }
}

/// The value of which [`Pattern::of`] makes the pattern again.
fn value(pattern: Pattern) -> Value {
    let Pattern { phrase, part, anchored, text: [e, f, g, h] } = pattern;
    let ([a, b], [c, d]) = (phrase.concept.to_le_bytes(), phrase.phrase.to_le_bytes());
    [a, b, c, d, part as u8, u8::from(anchored), 0, 0, e, f, g, h]
}

/// The first two words of a pattern's text, or the only one; none where that one is open.
fn beginning(text: &str) -> Option<&str> {
    let mut spaces = text.match_indices(' ').map(|(at, _)| at);
    let first = spaces.next()?;
    // The second word of `no show*` is open, so that the first has to do.
    Some(&text[..spaces.next().unwrap_or(first)])
}

fn parts(phrase: &str) -> Vec<(Part, &str)> {
    match phrase.split_once(" … ") {
        Some((first, second)) => vec![(Part::First, first), (Part::Second, second)],
        None => vec![(Part::Whole, phrase)],
    }
}

fn normalised(phrase: &str) -> String {
    let words = words(&phrase.replace('#', "0"));
    let bare = words.trim_start_matches(" . ").trim_end_matches(" . ");
    let end = if phrase.ends_with('*') { "" } else { " " };
    format!("{bare}{end}")
}
