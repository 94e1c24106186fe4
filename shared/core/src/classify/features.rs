//! What a text shows: the one reading that both the trainer and the gateway use.
//!
//! A feature is a group and a short text of the words as [`super::words`] writes them. The asker's intent
//! decides, so that the question is read most closely: words, pairs, triples, and the letters inside words, for
//! typing errors and other languages. Names are read as one sign, so that no customer becomes a feature.

use super::lexicon::{Lexicon, Side};
use super::matcher::Phrase;
use super::question::{NAME, familiar, unnamed};
use super::words::words;
use super::zones::{Zone, Zones};
use crate::header::Header;

/// How much of a question's beginning is read, in bytes.
const BEGINNING_BYTES: usize = 512;
/// How much of a long question's end is read: after a pasted mail stands what to do with it.
const END_BYTES: usize = 256;
/// How much of an answer is read: what it is about shows by then.
const ANSWER_BYTES: usize = 1024;
/// How much of a question is read letter by letter.
const LETTER_BYTES: usize = 160;
/// The shortest and longest runs of letters.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=5;
/// Where the scripts without spaces begin.
const IDEOGRAPHS: char = '\u{2e80}';
/// The most words in a row that are one feature of a question.
const QUESTION_RUN: usize = 3;
/// The same in an answer.
const ANSWER_RUN: usize = 2;

/// Where a feature comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Words of the question and their pairs and triples.
    QuestionWords,
    /// Letters of the question's words.
    QuestionLetters,
    /// Concepts of the lexicon in the question.
    QuestionConcepts,
    /// The form of the question.
    QuestionShape,
    /// Words of the answer's headings.
    HeadingWords,
    /// Words of the answer's running text.
    BodyWords,
    /// Words of the answer's tables.
    TableWords,
    /// Concepts of the lexicon in the answer.
    AnswerConcepts,
    /// The form of the answer.
    AnswerShape,
    /// Collaborators in the trace, by class.
    Collaborators,
}

impl Group {
    /// All groups, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::QuestionWords,
        Self::QuestionLetters,
        Self::QuestionConcepts,
        Self::QuestionShape,
        Self::HeadingWords,
        Self::BodyWords,
        Self::TableWords,
        Self::AnswerConcepts,
        Self::AnswerShape,
        Self::Collaborators,
    ];

    /// The length of the group's vector: how much it can say, however many features it has. Chosen by
    /// cross-validation.
    #[must_use]
    pub const fn length(self) -> f64 {
        match self {
            Self::QuestionWords => 1.0,
            Self::QuestionLetters => 1.1,
            Self::QuestionConcepts => 0.8,
            Self::QuestionShape => 0.4,
            Self::HeadingWords => 0.3,
            Self::BodyWords => 0.6,
            Self::TableWords => 0.2,
            Self::AnswerConcepts => 1.0,
            Self::AnswerShape => 0.3,
            Self::Collaborators => 0.3,
        }
    }

    /// The heading of the group's part of `data/model.tsv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QuestionWords => "question words",
            Self::QuestionLetters => "question letters",
            Self::QuestionConcepts => "question concepts",
            Self::QuestionShape => "question shape",
            Self::HeadingWords => "heading words",
            Self::BodyWords => "body words",
            Self::TableWords => "table words",
            Self::AnswerConcepts => "answer concepts",
            Self::AnswerShape => "answer shape",
            Self::Collaborators => "collaborators",
        }
    }

    /// Whether the group's words are the answer's.
    #[must_use]
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::HeadingWords
                | Self::BodyWords
                | Self::TableWords
                | Self::AnswerConcepts
                | Self::AnswerShape
        )
    }
}

/// The texts to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts<'a> {
    /// The question.
    pub(crate) query: &'a str,
    /// The answer, once there is one.
    pub(crate) answer: Option<&'a str>,
    /// Collaborators that stand for a class.
    pub(crate) asked: &'a [(&'a str, Header)],
}

/// Who takes the features.
pub trait Sink {
    /// Whether a word (lower case) is known; names and rare words are not.
    fn knows(&self, word: &str) -> bool;
    /// Takes a feature; one that occurs twice is given twice.
    fn take(&mut self, group: Group, text: &str);
}

/// What was read, apart from the features themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The factor on the answer's groups: an apology says little, and next to a bare name the answer says more.
    pub answer_factor: f64,
    /// The answer is an apology.
    pub apology: bool,
}

/// Gives all features of `texts` to `sink`.
pub(crate) fn read(lexicon: &Lexicon, texts: &Texts<'_>, sink: &mut impl Sink) -> Reading {
    let short = read_question(lexicon, texts.query, sink);
    let apology = texts.answer.is_some_and(|answer| read_answer(lexicon, answer, sink));
    for (_, header) in texts.asked {
        sink.take(Group::Collaborators, header.as_str());
    }
    if texts.asked.is_empty() {
        sink.take(Group::Collaborators, "nobody");
    }
    let answer_factor = match (apology, short) {
        (true, _) => 0.2,
        (false, true) => 1.3,
        (false, false) => 1.0,
    };
    Reading { answer_factor, apology }
}

/// Reads the question, and tells whether it is short.
fn read_question(lexicon: &Lexicon, query: &str, sink: &mut impl Sink) -> bool {
    let query = excerpt(query);
    let sought = |index: usize| lexicon.concepts[index].is_sought(Side::Question);
    for Phrase { concept, .. } in lexicon.matcher.find(&words(&query), sought) {
        take_concept(lexicon, Group::QuestionConcepts, concept, sink);
    }
    let plain = unnamed(&query, &lexicon.shapes.not_names, |word| sink.knows(word));
    letters(&plain[..plain.floor_char_boundary(LETTER_BYTES)], sink);
    let known = familiar(&plain, |word| sink.knows(word));
    runs(Group::QuestionWords, &known, QUESTION_RUN, sink);
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

/// Reads the answer, and tells whether it is an apology.
fn read_answer(lexicon: &Lexicon, answer: &str, sink: &mut impl Sink) -> bool {
    let zones = Zones::of(&answer[..answer.floor_char_boundary(ANSWER_BYTES)]);
    let mut counts = vec![0_u32; lexicon.concepts.len()];
    let sought = |index: usize| lexicon.concepts[index].is_sought(Side::Answer);
    for (zone, text) in zones.texts() {
        let group = match zone {
            Zone::Heading => Group::HeadingWords,
            Zone::Body => Group::BodyWords,
            Zone::Table => Group::TableWords,
            // What a query is written with says nothing about who asks.
            Zone::Code => continue,
        };
        runs(group, text, ANSWER_RUN, sink);
        for Phrase { concept, .. } in lexicon.matcher.find(text, sought) {
            counts[concept] += 1;
        }
    }
    answer_shape(lexicon, &zones, sink);
    let mut apology = false;
    for (index, (concept, count)) in lexicon.concepts.iter().zip(counts).enumerate() {
        if count >= concept.at_least.max(1) {
            apology |= concept.apology;
            take_concept(lexicon, Group::AnswerConcepts, index, sink);
        }
    }
    apology
}

fn answer_shape(lexicon: &Lexicon, zones: &Zones, sink: &mut impl Sink) {
    let (mut count, mut figures) = (0, 0);
    for (_, text) in zones.texts().filter(|(zone, _)| *zone != Zone::Code) {
        for word in text.split_ascii_whitespace().filter(|word| *word != ".") {
            count += 1;
            figures += usize::from(matches!(word, "%" | "$"));
        }
    }
    let shapes = &lexicon.shapes;
    let many =
        figures >= shapes.figures_at_least && figures * 100 >= count * shapes.figures_per_hundred_words;
    let mut shape = |sign: &str| sink.take(Group::AnswerShape, sign);
    shape(if count <= shapes.brief_words { "is brief" } else { "is not brief" });
    shape(if many { "has many figures" } else { "has few figures" });
    for (zone, text) in zones.texts().filter(|(_, text)| !text.is_empty()) {
        match zone {
            Zone::Heading => shape("has headings"),
            Zone::Table => shape("has a table"),
            Zone::Code => shape("has code"),
            Zone::Body if text.contains(" subject ") => shape("has a subject line"),
            Zone::Body => {}
        }
    }
}

fn take_concept(lexicon: &Lexicon, group: Group, index: usize, sink: &mut impl Sink) {
    let concept = &lexicon.concepts[index];
    if !concept.is_trap() {
        sink.take(group, &concept.name);
    }
}

/// All runs of one to `longest` words. The end of a sentence is a word, so that a run may start a sentence.
fn runs(group: Group, text: &str, longest: usize, sink: &mut impl Sink) {
    let mut starts = [0_usize; QUESTION_RUN];
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
fn letters(text: &str, sink: &mut impl Sink) {
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

/// The beginning of a question, and the end of a long one.
fn excerpt(query: &str) -> std::borrow::Cow<'_, str> {
    if query.len() <= BEGINNING_BYTES + END_BYTES {
        return query.into();
    }
    let beginning = &query[..query.floor_char_boundary(BEGINNING_BYTES)];
    let end = &query[query.ceil_char_boundary(query.len() - END_BYTES)..];
    format!("{beginning}\n{end}").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::lexicon::lexicon;

    #[derive(Default)]
    struct All(Vec<(Group, String)>);

    impl Sink for All {
        fn knows(&self, word: &str) -> bool {
            word != "corvane"
        }

        fn take(&mut self, group: Group, text: &str) {
            self.0.push((group, text.to_owned()));
        }
    }

    fn features(group: Group, query: &str, answer: Option<&str>) -> Vec<String> {
        let mut all = All::default();
        read(lexicon(), &Texts { query, answer, asked: &[] }, &mut all);
        all.0.into_iter().filter(|(from, _)| *from == group).map(|(_, text)| text).collect()
    }

    #[test]
    fn a_question_is_words_pairs_and_triples_with_its_start_and_end() {
        assert_eq!(
            features(Group::QuestionWords, "is Corvane ok", None),
            ["is", ". is", "N", "is N", ". is N", "ok", "N ok", "is N ok", "ok .", "N ok ."]
        );
    }

    #[test]
    fn the_letters_of_names_are_not_read() {
        assert_eq!(
            features(Group::QuestionLetters, "why Corvane", None),
            [" wh", " why", " why ", "why", "why ", "hy "]
        );
    }

    #[test]
    fn an_answer_is_read_by_zone_and_its_code_is_not() {
        let answer = "# Risk\nsome text\n|a|\n|---|\n```\nselect\n```";
        assert_eq!(features(Group::HeadingWords, "", Some(answer)), ["risk", ". risk", "risk ."]);
        assert!(features(Group::BodyWords, "", Some(answer)).contains(&"some text".to_owned()));
        assert!(!features(Group::BodyWords, "", Some(answer)).contains(&"select".to_owned()));
        assert!(features(Group::AnswerShape, "", Some(answer)).contains(&"has code".to_owned()));
    }

    #[test]
    fn the_end_of_a_long_question_is_read_too() {
        let query = format!("{} translate this", "é ".repeat(40_000));
        assert!(features(Group::QuestionWords, &query, None).contains(&"translate this".to_owned()));
    }
}
