//! Finds the lexicon's phrases in normalised words, all at once and in linear time.
//!
//! Phrases are looked up by their first two words, or by their only one, so a word that starts none costs two
//! probes. An Aho-Corasick automaton over the same phrases was slower, since it walks every letter.

use super::fingerprint::{Fingerprints, fingerprint};
use super::words;

/// How many bytes of words the ` … ` in a phrase may stand for.
pub(crate) const GAP_BYTES: usize = 48;

/// The shortest stem before a `*`, in bytes: stems are looked up by that many.
pub(crate) const STEM_BYTES: usize = 4;

/// A phrase by its place in the file: the concept's, and its own within the concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Phrase {
    /// Index of the concept.
    pub(crate) concept: usize,
    /// Index of the phrase in its concept.
    pub(crate) phrase: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    First,
    Second,
}

/// One phrase, or one side of a phrase with a gap.
#[derive(Clone, Debug)]
struct Pattern {
    phrase: Phrase,
    part: Part,
    /// Its words with a space after each, but for the open ending of `*`.
    text: String,
    /// It starts a sentence (`^`).
    anchored: bool,
}

#[derive(Clone, Copy, Debug)]
struct Hit {
    start: usize,
    end: usize,
    phrase: Phrase,
    part: Part,
}

/// All phrases of a lexicon.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    /// By their first two words, `lead time`, or by their only one, `lead`.
    words: Fingerprints<Vec<Pattern>>,
    /// Open words, `renew*`, by their start.
    stems: Fingerprints<Vec<Pattern>>,
}

impl Matcher {
    /// Prepares the phrases of each concept.
    pub(crate) fn new<'a>(concepts: impl Iterator<Item = &'a [String]>) -> Self {
        let mut matcher = Self::default();
        for (concept, phrases) in concepts.enumerate() {
            for (index, text) in phrases.iter().enumerate() {
                let phrase = Phrase { concept, phrase: index };
                for (part, text) in parts(text) {
                    matcher.insert(pattern(phrase, part, text));
                }
            }
        }
        matcher
    }

    fn insert(&mut self, pattern: Pattern) {
        let first = beginning(&pattern.text).map(fingerprint);
        let stem = stem(&pattern.text);
        match (first, stem) {
            (Some(first), _) => self.words.entry(first).or_default().push(pattern),
            (None, Some(stem)) => self.stems.entry(stem).or_default().push(pattern),
            (None, None) => {}
        }
    }

    /// The phrases in `words` (as [`words::words`] gives them) of the concepts that `counts` says yes to, without
    /// those that a longer one of them hides; a phrase that occurs twice is given twice.
    pub(crate) fn find(&self, words: &str, counts: impl Fn(usize) -> bool) -> Vec<Phrase> {
        let mut hits = self.hits(words);
        hits.retain(|hit| counts(hit.phrase.concept));
        hits.sort_unstable_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        let mut found = Vec::new();
        let (mut covered, mut open) = ((0, 0), Vec::<Hit>::new());
        for hit in hits {
            match hit.part {
                // Two with the same bounds belong to different concepts: both count.
                Part::Whole if hit.end > covered.1 || (hit.start, hit.end) == covered => {
                    covered = (hit.start, hit.end);
                    found.push(hit.phrase);
                }
                Part::Whole => {}
                Part::First => open.push(hit),
                Part::Second => {
                    open.retain(|first| first.end + GAP_BYTES >= hit.start);
                    if open.iter().any(|first| spans(words, first, &hit)) {
                        found.push(hit.phrase);
                    }
                }
            }
        }
        found
    }

    fn hits(&self, words: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut start = 0;
        let mut end = end_of_word(words, start);
        while end < words.len() {
            let second = end_of_word(words, end + 1);
            let word = &words[start..end];
            let stem = stem(word).and_then(|stem| self.stems.get(&stem));
            let pair = self.words.get(&fingerprint(&words[start..second]));
            for pattern in self.words.get(&fingerprint(word)).into_iter().chain(pair).chain(stem).flatten() {
                hits.extend(pattern.at(words, start));
            }
            (start, end) = (end + 1, second);
        }
        hits
    }
}

/// Where the word at `start` ends: at a space, or at the end.
fn end_of_word(words: &str, start: usize) -> usize {
    let rest = words.as_bytes().get(start..).unwrap_or_default();
    start + rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len())
}

/// The number of the first [`STEM_BYTES`] of a word.
fn stem(word: &str) -> Option<u64> {
    let stem: &[u8; STEM_BYTES] = word.as_bytes().first_chunk()?;
    Some(fingerprint(stem))
}

/// The first two words of a pattern's text, or the only one; none where that one is open.
fn beginning(text: &str) -> Option<&str> {
    let mut spaces = text.match_indices(' ').map(|(at, _)| at);
    let first = spaces.next()?;
    // The second word of `no show*` is open, so that the first has to do.
    Some(&text[..spaces.next().unwrap_or(first)])
}

impl Pattern {
    /// The pattern where the word at `start` is its first one. The bounds include the spaces around.
    fn at(&self, words: &str, start: usize) -> Option<Hit> {
        let after = words[start..].strip_prefix(self.text.as_str())?;
        let anchor = if self.anchored { " . " } else { " " };
        let before = words[..start].ends_with(anchor);
        let rest =
            if self.text.ends_with(' ') { 0 } else { after.find(' ').map_or(after.len(), |space| space + 1) };
        let end = start + self.text.len() + rest;
        before.then_some(Hit { start: start - anchor.len(), end, phrase: self.phrase, part: self.part })
    }
}

/// Whether `second` completes `first` within one sentence.
fn spans(words: &str, first: &Hit, second: &Hit) -> bool {
    first.phrase == second.phrase
        && first.end <= second.start + 1
        && !words.get(first.end - 1..=second.start).is_some_and(|between| between.contains(" . "))
}

fn parts(phrase: &str) -> Vec<(Part, &str)> {
    match phrase.split_once(" … ") {
        Some((first, second)) => vec![(Part::First, first), (Part::Second, second)],
        None => vec![(Part::Whole, phrase)],
    }
}

fn pattern(phrase: Phrase, part: Part, text: &str) -> Pattern {
    let words = words::words(&text.replace('#', "0"));
    let bare = words.trim_start_matches(" . ").trim_end_matches(" . ");
    let end = if text.ends_with('*') { "" } else { " " };
    Pattern { phrase, part, text: format!("{bare}{end}"), anchored: text.starts_with('^') }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let phrases: Vec<String> = phrases.iter().map(|&phrase| phrase.to_owned()).collect();
        let matcher = Matcher::new(std::iter::once(phrases.as_slice()));
        matcher
            .find(&words::words(text), |_| true)
            .into_iter()
            .map(|hit| phrases[hit.phrase].clone())
            .collect()
    }

    #[test]
    fn a_phrase_is_bounded_by_words() {
        assert_eq!(found(&["deal", "lead"], "The ideal dealership is misleading."), [""; 0]);
        assert_eq!(found(&["deal", "lead"], "The deal's lead?"), ["deal", "lead"]);
    }

    #[test]
    fn a_longer_phrase_hides_the_shorter_ones_inside_it() {
        assert_eq!(found(&["lead", "lead time"], "the lead time of a lead"), ["lead time", "lead"]);
        assert_eq!(found(&["big deal", "deal closed"], "big deal closed"), ["big deal", "deal closed"]);
    }

    #[test]
    fn a_gap_spans_words_of_one_sentence_only() {
        let phrases = ["what does … mean"];
        assert_eq!(found(&phrases, "What does MQL mean?"), phrases);
        assert_eq!(found(&phrases, "What does it do? I mean it."), [""; 0]);
        assert_eq!(found(&phrases, &format!("what does {} mean", "very ".repeat(20))), [""; 0]);
        assert_eq!(found(&["a … b"], "b a"), [""; 0]);
        assert_eq!(found(&["a … b"], "a b"), ["a … b"]);
    }

    #[test]
    fn a_number_sign_stands_for_any_number() {
        assert_eq!(found(&["last # quarters", "q#"], "the last 6 quarters, Q3"), ["last # quarters", "q#"]);
        assert_eq!(found(&["# deals"], "deals"), [""; 0]);
    }

    #[test]
    fn an_anchor_wants_the_start_of_a_sentence_and_a_star_any_ending() {
        assert_eq!(found(&["^hi"], "Well, hi. Hi there"), ["^hi"]);
        assert_eq!(found(&["renew*"], "prerenewed renewals"), ["renew*"]);
    }
}
