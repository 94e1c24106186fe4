//! The features of a question.

use super::names::{NAME, familiar, unnamed};
use super::runs::{letters, runs};
use super::{Group, Sink, take_concept};
use crate::classify::lexicon::{Lexicon, Side};
use crate::classify::phrases::Phrase;
use crate::classify::words::words;

/// How much of a question's beginning is read, in bytes.
const BEGINNING_BYTES: usize = 512;
/// How much of a long question's end is read: after a pasted mail stands what to do with it.
const END_BYTES: usize = 256;
/// How much of a question is read letter by letter.
const LETTER_BYTES: usize = 160;
/// The most words in a row that are one feature.
const LONGEST_RUN: usize = 3;

/// Reads the question, and tells whether it is short.
pub(super) fn read(lexicon: &Lexicon, query: &str, sink: &mut impl Sink) -> bool {
    let query = excerpt(query);
    let sought = |index: usize| lexicon.concepts[index].is_sought(Side::Question);
    for Phrase { concept, .. } in lexicon.matcher.find(&words(&query), sought) {
        take_concept(lexicon, Group::QuestionConcepts, concept.into(), sink);
    }
    let plain = unnamed(&query, &lexicon.shapes.not_names, |word| sink.knows(word));
    letters(&plain[..plain.floor_char_boundary(LETTER_BYTES)], sink);
    let known = familiar(&plain, |word| sink.knows(word));
    runs(Group::QuestionWords, &known, LONGEST_RUN, sink);
    let count = known.split_ascii_whitespace().filter(|word| *word != ".").count();
    let mut shape = |sign: &str| sink.take(Group::QuestionShape, sign);
    shape(length(count));
    shape(if known.contains(" N ") { "names somebody" } else { "names nobody" });
    if known.contains('#') {
        shape("has a number");
    }
    if query.contains('?') {
        shape("has a question mark");
    }
    if known.trim_matches([' ', '.']) == NAME {
        shape("is a bare name");
    }
    count <= 3
}

fn length(words: usize) -> &'static str {
    match words {
        0 => "is empty",
        1 => "is one word",
        2 | 3 => "is two or three words",
        4..=6 => "is brief",
        7..=12 => "is a sentence",
        13..=25 => "is a long sentence",
        _ => "is long",
    }
}

/// The beginning of a question, and the end of a long one.
fn excerpt(query: &str) -> std::borrow::Cow<'_, str> {
    if query.len() <= BEGINNING_BYTES + END_BYTES {
        return query.into();
    }
    let beginning = &query[..query.floor_char_boundary(BEGINNING_BYTES)];
    let end = &query[query.ceil_char_boundary(query.len() - END_BYTES)..];
    format!("{beginning}\n{end}").into()
}
