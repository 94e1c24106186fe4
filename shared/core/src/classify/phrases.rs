//! The lexicon's phrases as the patterns that are looked for.

use super::fingerprint::fingerprint;
use super::table::{Place, Value};

/// The shortest stem before a `*`, in bytes: stems are looked up by that many.
pub(crate) const STEM_BYTES: usize = 4;

/// A phrase by its place in the file: the concept's, and its own within the concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Phrase {
    /// Index of the concept.
    pub(crate) concept: u16,
    /// Index of the phrase in its concept.
    pub(crate) phrase: u16,
}

/// What a pattern is of its phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// What is before the gap.
    First,
    /// What is after it.
    Second,
}

/// One phrase, or one side of a phrase with a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// The phrase.
    pub(crate) phrase: Phrase,
    /// How much of it this is.
    pub(crate) part: Part,
    /// It starts a sentence (`^`).
    pub(crate) anchored: bool,
    /// Where its words are, with a space after each, but for the open ending of `*`.
    pub(crate) text: Place,
}

impl Pattern {
    /// The pattern that a table's value was made of.
    pub(crate) fn of([a, b, c, d, part, anchored, _, _, text @ ..]: Value) -> Self {
        let number = u16::from_le_bytes;
        let part = match part {
            0 => Part::Whole,
            1 => Part::First,
            _ => Part::Second,
        };
        let phrase = Phrase { concept: number([a, b]), phrase: number([c, d]) };
        Self { phrase, part, anchored: anchored != 0, text }
    }
}

/// The number of the first [`STEM_BYTES`] of a word.
pub(crate) fn stem(word: &str) -> Option<u64> {
    let stem: &[u8; STEM_BYTES] = word.as_bytes().first_chunk()?;
    Some(fingerprint(stem))
}
