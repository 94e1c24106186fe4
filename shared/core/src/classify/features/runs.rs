//! Runs of words, and of letters within words.

use super::names::NAME;
use super::{Group, Sink};

/// The most words in a row that can be asked for.
const LONGEST: usize = 3;
/// The shortest and longest runs of letters.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=5;
/// Where the scripts without spaces begin.
const IDEOGRAPHS: char = '\u{2e80}';

/// All runs of one to `longest` words. The end of a sentence is a word, so that a run may start a sentence.
pub(super) fn runs(group: Group, text: &str, longest: usize, sink: &mut impl Sink) {
    let mut starts = [0_usize; LONGEST];
    let mut read = 0_usize;
    let mut start = 1;
    while let Some(end) = text.get(start..).and_then(|rest| rest.find(' ')).map(|at| start + at) {
        starts.rotate_right(1);
        starts[0] = start;
        read += 1;
        for from in starts.iter().take(longest.min(read)) {
            let run = &text[*from..end];
            if run != "." {
                sink.take(group, run);
            }
        }
        start = end + 1;
    }
}

/// Runs of letters within each word, whose bounds are spaces.
pub(super) fn letters(text: &str, sink: &mut impl Sink) {
    let mut start = 0;
    while let Some(end) = text.get(start + 1..).and_then(|rest| rest.find(' ')).map(|at| start + 1 + at) {
        let word = &text[start..=end];
        if !matches!(word.trim(), "." | NAME) {
            letters_of(word, sink);
        }
        start = end;
    }
}

fn letters_of(word: &str, sink: &mut impl Sink) {
    for (start, _) in word.char_indices() {
        let mut ends = word[start..].char_indices().map(|(at, letter)| start + at + letter.len_utf8());
        // Two signs of Chinese or Japanese say as much as a word.
        let shortest =
            if word[start..].starts_with(|letter| letter >= IDEOGRAPHS) { 2 } else { *LETTERS.start() };
        for end in ends.by_ref().skip(shortest - 1).take(LETTERS.end() - shortest + 1) {
            sink.take(Group::QuestionLetters, &word[start..end]);
        }
    }
}
