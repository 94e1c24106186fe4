//! Finds the lexicon's phrases in normalised words, all at once and in linear time.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

use super::words;

/// How many bytes of words the ` … ` in a phrase may stand for.
pub(crate) const GAP_BYTES: usize = 48;

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

#[derive(Clone, Copy, Debug)]
struct Pattern {
    phrase: Phrase,
    part: Part,
}

#[derive(Clone, Copy, Debug)]
struct Hit {
    start: usize,
    end: usize,
    pattern: Pattern,
}

/// All phrases of a lexicon.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    automaton: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
}

impl Matcher {
    /// Prepares the phrases of each concept.
    ///
    /// # Errors
    /// The phrases are too many or too long for the automaton.
    pub(crate) fn new<'a>(concepts: impl Iterator<Item = &'a [String]>) -> Result<Self, BuildError> {
        let (mut texts, mut patterns) = (Vec::new(), Vec::new());
        for (concept, phrases) in concepts.enumerate() {
            for (index, text) in phrases.iter().enumerate() {
                let phrase = Phrase { concept, phrase: index };
                for (part, text) in parts(text) {
                    texts.push(pattern(text));
                    patterns.push(Pattern { phrase, part });
                }
            }
        }
        let automaton =
            AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).prefilter(false).build(texts)?;
        Ok(Self { automaton: Some(automaton), patterns })
    }

    /// The phrases in `words` (as [`words::words`] gives them) of the concepts that `counts` says yes to, without
    /// those that a longer one of them hides; a phrase that occurs twice is given twice.
    pub(crate) fn find(&self, words: &str, counts: impl Fn(usize) -> bool) -> Vec<Phrase> {
        let mut hits = self.hits(words);
        hits.retain(|hit| counts(hit.pattern.phrase.concept));
        hits.sort_unstable_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        let mut found = Vec::new();
        let (mut covered, mut open) = ((0, 0), Vec::<Hit>::new());
        for hit in hits {
            match hit.pattern.part {
                Part::Whole => {
                    // Of two with the same bounds both count: they are different concepts' gap parts at most.
                    if hit.end > covered.1 || (hit.start, hit.end) == covered {
                        covered = (hit.start, hit.end);
                        found.push(hit.pattern.phrase);
                    }
                }
                Part::First => open.push(hit),
                Part::Second => {
                    open.retain(|first| first.end + GAP_BYTES >= hit.start);
                    if open.iter().any(|first| spans(words, first, &hit)) {
                        found.push(hit.pattern.phrase);
                    }
                }
            }
        }
        found
    }

    fn hits(&self, words: &str) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let found = automaton.find_overlapping_iter(words);
        found
            .map(|found| Hit {
                start: found.start(),
                end: end_of_word(words, found.end()),
                pattern: self.patterns[found.pattern().as_usize()],
            })
            .collect()
    }
}

/// Whether `second` completes `first` within one sentence.
fn spans(words: &str, first: &Hit, second: &Hit) -> bool {
    first.pattern.phrase == second.pattern.phrase
        && first.end <= second.start + 1
        && !words.get(first.end - 1..=second.start).is_some_and(|between| between.contains(" . "))
}

/// A pattern ends with a space, but for the open ending of `*`.
fn end_of_word(words: &str, end: usize) -> usize {
    if words[..end].ends_with(' ') { end } else { words[end..].find(' ').map_or(words.len(), |space| end + space + 1) }
}

fn parts(phrase: &str) -> Vec<(Part, &str)> {
    match phrase.split_once(" … ") {
        Some((first, second)) => vec![(Part::First, first), (Part::Second, second)],
        None => vec![(Part::Whole, phrase)],
    }
}

/// The words of a phrase with its anchors: `^how do i` is ` . how do i `, `qualif*` is ` qualif`. `#` is a number.
fn pattern(phrase: &str) -> String {
    let words = words::words(&phrase.replace('#', "0"));
    let bare = words.trim_start_matches(" . ").trim_end_matches(" . ");
    let start = if phrase.starts_with('^') { " . " } else { " " };
    let end = if phrase.ends_with('*') { "" } else { " " };
    format!("{start}{bare}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let phrases: Vec<String> = phrases.iter().map(|&phrase| phrase.to_owned()).collect();
        let matcher = Matcher::new(std::iter::once(phrases.as_slice())).unwrap();
        matcher.find(&words::words(text), |_| true).into_iter().map(|hit| phrases[hit.phrase].clone()).collect()
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
