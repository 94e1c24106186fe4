//! The features of an answer.

use super::runs::runs;
use super::{Group, Sink, take_concept};
use crate::classify::lexicon::{Lexicon, Side};
use crate::classify::phrases::Phrase;
use crate::classify::zones::{Zone, Zones};

/// How much of an answer is read, in bytes: what it is about shows by then.
const BYTES: usize = 1024;
/// The most words in a row that are one feature.
const LONGEST_RUN: usize = 2;

/// Reads the answer, and tells whether it is an apology.
pub(super) fn read(lexicon: &Lexicon, answer: &str, sink: &mut impl Sink) -> bool {
    let zones = Zones::of(&answer[..answer.floor_char_boundary(BYTES)]);
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
        runs(group, text, LONGEST_RUN, sink);
        for Phrase { concept, .. } in lexicon.matcher.find(text, sought) {
            counts[usize::from(concept)] += 1;
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
