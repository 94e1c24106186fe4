//! What `train-classifier` shares with the gateway: the reading of texts, the value of features, and the
//! decision by a table that is not the embedded one.

pub use super::features::{Group, Reading, Sink};
pub use super::model::{InvalidModel, Model, value};

use super::decide::{Signals, decide};
use super::features::{Texts, read};
use super::lexicon::lexicon;
use super::words::append_inside;
use super::{Classification, Collaborators};
use crate::auth::sha256_hex;

const LEXICON: &str = include_str!("../../data/lexicon.json");

/// The digest of everything that a table is made from: the lexicon, and the training text by file name.
#[must_use]
pub fn text_digest(files: &[(String, String)]) -> String {
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let all = files.chain([("lexicon.json", LEXICON)]);
    let all: String = all.map(|(name, text)| format!("{name} {}\n{text}", text.len())).collect();
    sha256_hex(all.as_bytes())
}

/// A question, with the answer once there is one, and the names in the trace.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    /// The question.
    pub query: &'a str,
    /// The answer.
    pub answer: Option<&'a str>,
    /// The collaborators in the trace.
    pub collaborators: &'a [String],
}

/// Gives all features of `example` to `sink`.
pub fn features(example: &Example<'_>, sink: &mut impl Sink) -> Reading {
    let asked = Collaborators::default().asked(example.collaborators);
    read(lexicon(), &Texts { query: example.query, answer: example.answer, asked: &asked }, sink)
}

/// Classifies `example` by `model`.
#[must_use]
pub fn classify_by(model: &Model, example: &Example<'_>) -> Classification {
    let asked = Collaborators::default().asked(example.collaborators);
    let Example { query, answer, .. } = *example;
    decide(lexicon(), model, &Signals { query, answer, untrusted_route: None, asked })
}

/// How a word is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Casing {
    /// In lower case.
    Small,
    /// Capitalised at the start of a sentence, where every word is.
    First,
    /// Capitalised inside a sentence.
    Inside,
}

/// The words of a question in lower case, and how each was written.
#[must_use]
pub fn cased_words(query: &str) -> Vec<(String, Casing)> {
    let mut words = Vec::new();
    let mut starts = true;
    for raw in query.split_whitespace() {
        let mut lower = String::from(" ");
        append_inside(raw, &mut lower);
        let capital = raw.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_uppercase);
        let casing = match (capital, starts) {
            (false, _) => Casing::Small,
            (true, true) => Casing::First,
            (true, false) => Casing::Inside,
        };
        let parts = lower.split_ascii_whitespace().filter(|word| *word != ".");
        words.extend(parts.map(|word| (word.to_owned(), casing)));
        starts = raw.ends_with(['.', '?', '!', ':']);
    }
    words
}
