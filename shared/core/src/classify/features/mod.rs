//! What a text shows: the one reading that both the trainer and the gateway use.
//!
//! A feature is a group and a short text of the words as [`super::words`] writes them. The asker's intent
//! decides, so that the question is read most closely: words, pairs, triples, and the letters inside words, for
//! typing errors and other languages. Names are read as one sign, so that no customer becomes a feature.

mod answer;
mod group;
mod names;
mod question;
mod runs;
#[cfg(test)]
mod tests;

use super::lexicon::Lexicon;
use crate::header::Header;

pub use group::Group;
pub(crate) use names::{NAME, RARE};

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
    let short = question::read(lexicon, texts.query, sink);
    let apology = texts.answer.is_some_and(|answer| answer::read(lexicon, answer, sink));
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

fn take_concept(lexicon: &Lexicon, group: Group, index: usize, sink: &mut impl Sink) {
    let concept = &lexicon.concepts[index];
    if !concept.is_trap() {
        sink.take(group, &concept.name);
    }
}
