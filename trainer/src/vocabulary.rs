//! Which words are known, and which features are worth a weight.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use revops_core::classify::training::{self, Casing, Group, Reading, Sink, cased_words, value};

use crate::examples::Example;

/// A word is known that so many questions write in lower case,
const KNOWN_IN: usize = 2;
/// or so many begin a sentence with, when it is never capitalised inside one, as names are.
const KNOWN_FIRST_IN: usize = 3;

/// The words that are neither names nor rare.
#[derive(Debug, Default)]
pub(crate) struct Known(pub(crate) BTreeSet<String>);

impl Known {
    /// The known words of `examples`.
    pub(crate) fn of(examples: &[&Example]) -> Self {
        let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
        for example in examples {
            let words: BTreeSet<(String, Casing)> = cased_words(&example.query).into_iter().collect();
            for (word, casing) in words {
                counts.entry(word).or_default()[casing as usize] += 1;
            }
        }
        let known = |[small, first, inside]: [usize; 3]| {
            small >= KNOWN_IN || (inside == 0 && small + first >= KNOWN_FIRST_IN)
        };
        Self(counts.into_iter().filter(|(_, count)| known(*count)).map(|(word, _)| word).collect())
    }
}

/// Takes all features of one text, each once.
struct All<'a> {
    known: &'a Known,
    seen: BTreeSet<(Group, String)>,
}

impl Sink for All<'_> {
    fn knows(&self, word: &str) -> bool {
        self.known.0.contains(word)
    }

    fn take(&mut self, group: Group, text: &str) {
        self.seen.insert((group, text.to_owned()));
    }
}

/// The features of one text, each once.
#[derive(Debug)]
pub(crate) struct Seen {
    features: BTreeSet<(Group, String)>,
    reading: Reading,
}

/// Reads one text.
pub(crate) fn seen(known: &Known, example: &training::Example<'_>) -> Seen {
    let mut all = All { known, seen: BTreeSet::new() };
    let reading = training::features(example, &mut all);
    Seen { features: all.seen, reading }
}

/// The features that have a weight, by number.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// Group and text of each.
    pub(crate) features: Vec<(Group, String)>,
    numbers: HashMap<(Group, String), usize>,
}

/// In how many examples a feature must occur.
fn at_least(group: Group) -> usize {
    match group {
        Group::QuestionWords => 2,
        Group::QuestionLetters => 6,
        Group::HeadingWords | Group::BodyWords | Group::TableWords => 5,
        Group::QuestionConcepts
        | Group::QuestionShape
        | Group::AnswerConcepts
        | Group::AnswerShape
        | Group::Collaborators => 1,
    }
}

impl Vocabulary {
    /// The features that occur in enough texts, in the order of groups and texts.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a Seen>) -> Self {
        let mut counts: BTreeMap<&(Group, String), usize> = BTreeMap::new();
        for seen in texts {
            for feature in &seen.features {
                *counts.entry(feature).or_default() += 1;
            }
        }
        let often = counts.into_iter().filter(|((group, _), count)| *count >= at_least(*group));
        Self::from_features(often.map(|(feature, _)| feature.clone()))
    }

    /// These features.
    pub(crate) fn from_features(features: impl Iterator<Item = (Group, String)>) -> Self {
        let features: Vec<_> = features.collect();
        let numbers = features.iter().cloned().zip(0..).collect();
        Self { features, numbers }
    }

    /// The vector of a text: numbers and values.
    pub(crate) fn vector(&self, seen: &Seen) -> Vec<(usize, f64)> {
        let known = |feature: &(Group, String)| self.numbers.get(feature).map(|number| (feature.0, *number));
        let found: Vec<(Group, usize)> = seen.features.iter().filter_map(known).collect();
        let mut counts = [0_u32; Group::ALL.len()];
        for (group, _) in &found {
            counts[*group as usize] += 1;
        }
        let valued =
            |(group, number): (Group, usize)| (number, value(group, counts[group as usize], &seen.reading));
        found.into_iter().map(valued).collect()
    }
}
