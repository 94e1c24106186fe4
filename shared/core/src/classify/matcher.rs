//! Finds the lexicon's phrases in normalised words, all at once and in linear time.
//!
//! Phrases are looked up by their first two words, or by their only one, so a word that starts none costs two
//! probes of a table that `build.rs` made. An Aho-Corasick automaton over the same phrases was slower, since it walks every letter.

use std::borrow::Cow;

use super::fingerprint::fingerprint;
use super::phrases::{Part, Pattern, Phrase, stem};
use super::table::{self, Table};

/// How many bytes of words the ` … ` in a phrase may stand for.
pub(crate) const GAP_BYTES: usize = 48;

const WORD_SLOTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.words.slots"));
const WORD_ENTRIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.words.entries"));
const STEM_SLOTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.stems.slots"));
const STEM_ENTRIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.stems.entries"));
const TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/lexicon.texts"));

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
    words: Table,
    stems: Table,
    texts: Cow<'static, str>,
}

impl Matcher {
    /// The phrases of `data/lexicon.json`.
    pub(crate) const fn embedded() -> Self {
        Self {
            words: Table::of(Cow::Borrowed(WORD_SLOTS), Cow::Borrowed(WORD_ENTRIES)),
            stems: Table::of(Cow::Borrowed(STEM_SLOTS), Cow::Borrowed(STEM_ENTRIES)),
            texts: Cow::Borrowed(TEXTS),
        }
    }

    /// The phrases in `words` (as [`words::words`] gives them) of the concepts that `counts` says yes to, without
    /// those that a longer one of them hides; a phrase that occurs twice is given twice.
    pub(crate) fn find(&self, words: &str, counts: impl Fn(usize) -> bool) -> Vec<Phrase> {
        let mut hits = self.hits(words);
        hits.retain(|hit| counts(hit.phrase.concept.into()));
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
            let single = self.words.all(fingerprint(word));
            let pair = self.words.all(fingerprint(&words[start..second]));
            let stems = stem(word).into_iter().flat_map(|stem| self.stems.all(stem));
            for value in single.chain(pair).chain(stems) {
                hits.extend(self.hit(Pattern::of(*value), words, start));
            }
            (start, end) = (end + 1, second);
        }
        hits
    }

    /// The pattern where the word at `start` is its first one. The bounds include the spaces around.
    fn hit(&self, pattern: Pattern, words: &str, start: usize) -> Option<Hit> {
        let text = table::text(&self.texts, pattern.text);
        let after = words[start..].strip_prefix(text)?;
        let anchor = if pattern.anchored { " . " } else { " " };
        let before = words[..start].ends_with(anchor);
        let rest =
            if text.ends_with(' ') { 0 } else { after.find(' ').map_or(after.len(), |space| space + 1) };
        let end = start + text.len() + rest;
        before.then_some(Hit { start: start - anchor.len(), end, phrase: pattern.phrase, part: pattern.part })
    }
}

/// Where the word at `start` ends: at a space, or at the end.
fn end_of_word(words: &str, start: usize) -> usize {
    let rest = words.as_bytes().get(start..).unwrap_or_default();
    start + rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len())
}

/// Whether `second` completes `first` within one sentence.
fn spans(words: &str, first: &Hit, second: &Hit) -> bool {
    first.phrase == second.phrase
        && first.end <= second.start + 1
        && !words.get(first.end - 1..=second.start).is_some_and(|between| between.contains(" . "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::making::Phrases;
    use crate::classify::words::words;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let made = Phrases::new(std::iter::once(phrases.iter().copied())).unwrap();
        let matcher =
            Matcher { words: made.words.ready(), stems: made.stems.ready(), texts: made.texts.into() };
        let found = matcher.find(&words(text), |_| true);
        found.into_iter().map(|hit| phrases[usize::from(hit.phrase)].to_owned()).collect()
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
