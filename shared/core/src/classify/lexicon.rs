//! The lexicon: which words speak for which class and how strongly, read from `data/lexicon.json`.
//!
//! The file is data with a schema, and these types are the schema (unknown fields are refused). It is
//! embedded and read once. Weights are log-odds in spirit: 1 is a hint, 2 is strong, 3 decides alone.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

use super::matcher::Matcher;
use super::zones::Zone;
use crate::header::Header;

const EMBEDDED: &str = include_str!("../../data/lexicon.json");

/// The embedded lexicon, ready to match.
pub(crate) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    // A file that does not parse fails the tests, so the empty lexicon (all is `general`) is never shipped.
    LEXICON.get_or_init(|| Lexicon::parse(EMBEDDED).unwrap_or_default())
}

/// A number for each class; a class that is not named has 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Weights {
    deal: f64,
    data: f64,
    lead: f64,
    general: f64,
}

impl Weights {
    /// The number for one class.
    pub(crate) const fn of(&self, header: Header) -> f64 {
        match header {
            Header::DealAnalysis => self.deal,
            Header::DataAnalysis => self.data,
            Header::LeadAnalysis => self.lead,
            Header::General => self.general,
        }
    }

    /// The same, to change.
    pub(crate) const fn of_mut(&mut self, header: Header) -> &mut f64 {
        match header {
            Header::DealAnalysis => &mut self.deal,
            Header::DataAnalysis => &mut self.data,
            Header::LeadAnalysis => &mut self.lead,
            Header::General => &mut self.general,
        }
    }

    /// Adds `other`, scaled.
    pub(crate) fn add(&mut self, other: &Self, scale: f64) {
        for header in Header::ALL {
            *self.of_mut(header) += other.of(header) * scale;
        }
    }

    /// Whether no class has a number.
    pub(crate) fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

/// How much each kind of text in an answer counts.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ZoneWeights {
    heading: f64,
    body: f64,
    table: f64,
    code: f64,
}

impl ZoneWeights {
    /// The factor of one kind of text.
    pub(crate) const fn of(&self, zone: Zone) -> f64 {
        match zone {
            Zone::Heading => self.heading,
            Zone::Body => self.body,
            Zone::Table => self.table,
            Zone::Code => self.code,
        }
    }
}

/// What the form of a text says, whatever its words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shapes {
    /// The question has a capitalised word that is not at the start of a sentence, and not in `not_names`.
    pub(crate) names_somebody: Weights,
    /// The answer has at most [`Shapes::brief_words`] words.
    pub(crate) brief_answer: Weights,
    /// See [`Shapes::brief_answer`].
    pub(crate) brief_words: usize,
    /// The answer has at least [`Shapes::figures_at_least`] percentages and sums of money, and at least
    /// [`Shapes::figures_per_hundred_words`]: an answer about many records, rather than the amount of one.
    pub(crate) many_figures: Weights,
    /// See [`Shapes::many_figures`].
    pub(crate) figures_at_least: usize,
    /// See [`Shapes::many_figures`].
    pub(crate) figures_per_hundred_words: usize,
    /// Words that are capitalised without naming a person or company; lower case.
    pub(crate) not_names: BTreeSet<String>,
}

/// Words that mean the same, counted once however many of them occur.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Concept {
    /// What it is, for who maintains the file.
    #[expect(dead_code, reason = "documents the entry; refused when missing")]
    pub(crate) name: String,
    /// What it says in a question.
    #[serde(default)]
    pub(crate) question: Weights,
    /// What it says in an answer.
    #[serde(default)]
    pub(crate) answer: Weights,
    /// In a question: the factor on everything that speaks for the classes which the concept itself does not
    /// speak for (`general` excepted), because who asks what a deal is, or how many there are, is not asking
    /// about a deal. The strongest factor for each class counts.
    #[serde(default = "unchanged")]
    pub(crate) damps: f64,
    /// How many times it must occur in the answer before it counts there.
    #[serde(default = "once")]
    pub(crate) at_least: u32,
    /// The answer is an apology: it says little about the class, and nothing for `general`.
    #[serde(default)]
    pub(crate) apology: bool,
    /// The words. `^` anchors to the start of a sentence, a final `*` accepts any ending of the word,
    /// ` … ` up to [`super::matcher::GAP_BYTES`] between two parts of one sentence. A longer phrase hides
    /// the shorter ones inside it: that is how "lead time" is not a lead.
    pub(crate) phrases: Vec<String>,
}

impl Concept {
    /// The factor on what else speaks for `header`, where the concept is in the question.
    pub(crate) fn damping(&self, header: Header) -> f64 {
        if header == Header::General || self.question.of(header) > 0.0 { 1.0 } else { self.damps }
    }

    /// Whether it counts in a question. One without any weight is a trap, which only hides shorter phrases.
    pub(crate) fn counts_in_question(&self) -> bool {
        !self.question.is_zero() || self.is_trap()
    }

    /// Whether it counts in an answer.
    pub(crate) fn counts_in_answer(&self) -> bool {
        !self.answer.is_zero() || self.apology || self.is_trap()
    }

    fn is_trap(&self) -> bool {
        self.question.is_zero() && self.answer.is_zero() && !self.apology
    }
}

const fn once() -> u32 {
    1
}

const fn unchanged() -> f64 {
    1.0
}

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Where every class starts.
    bias: Weights,
    /// What a collaborator of each class says, shared when several were asked.
    collaborators: Weights,
    /// What a route line without the right nonce says for the class in it.
    untrusted_route: f64,
    /// The confidence of a route line with the right nonce.
    agent_route_confidence: f64,
    /// Factors by kind of text in the answer.
    zones: ZoneWeights,
    /// What all words of an answer can add for one class at most, so that length does not decide.
    answer_limit: f64,
    /// The factor on all words of an answer that is an apology.
    apology_factor: f64,
    /// Divides the sums before they become probabilities: above 1 is more careful.
    temperature: f64,
    /// What form says.
    shapes: Shapes,
    /// What words say.
    concepts: Vec<Concept>,
}

/// The file with its matcher.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub(crate) bias: Weights,
    pub(crate) collaborators: Weights,
    pub(crate) untrusted_route: f64,
    pub(crate) agent_route_confidence: f64,
    pub(crate) zones: ZoneWeights,
    pub(crate) answer_limit: f64,
    pub(crate) apology_factor: f64,
    pub(crate) temperature: f64,
    pub(crate) shapes: Shapes,
    pub(crate) concepts: Vec<Concept>,
    pub(crate) matcher: Matcher,
}

impl Lexicon {
    /// Reads and prepares a lexicon.
    fn parse(json: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(json)?;
        let matcher = Matcher::new(file.concepts.iter().map(|concept| concept.phrases.as_slice()));
        Ok(Self {
            bias: file.bias,
            collaborators: file.collaborators,
            untrusted_route: file.untrusted_route,
            agent_route_confidence: file.agent_route_confidence,
            zones: file.zones,
            answer_limit: file.answer_limit,
            apology_factor: file.apology_factor,
            temperature: file.temperature,
            shapes: file.shapes,
            concepts: file.concepts,
            matcher,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::matcher::STEM_BYTES;
    use crate::classify::words::words;

    #[test]
    fn the_embedded_lexicon_follows_its_schema() {
        let lexicon = Lexicon::parse(EMBEDDED).unwrap();
        assert!(lexicon.temperature > 0.0 && lexicon.answer_limit > 0.0);
        assert!((0.0..=1.0).contains(&lexicon.agent_route_confidence));
        for concept in &lexicon.concepts {
            assert!(!concept.phrases.is_empty(), "{concept:?}");
            assert!(concept.damps > 0.0 && concept.damps <= 1.0, "{concept:?}");
            for header in Header::ALL {
                assert!(concept.question.of(header).abs() <= 6.0, "{concept:?}");
                assert!(concept.answer.of(header).abs() <= 6.0, "{concept:?}");
            }
        }
    }

    #[test]
    fn no_phrase_counts_twice_in_a_question_or_in_an_answer() {
        let mut seen = BTreeSet::new();
        for concept in &Lexicon::parse(EMBEDDED).unwrap().concepts {
            let sides = [("question", concept.counts_in_question()), ("answer", concept.counts_in_answer())];
            for phrase in &concept.phrases {
                let anchors = (phrase.starts_with('^'), phrase.ends_with('*'), phrase.contains(" … "));
                let words = words(&phrase.replace('#', "0"));
                assert!(words.len() > 3, "an empty phrase in {concept:?}");
                let stem = phrase.ends_with('*') && !phrase.contains(' ');
                assert!(!stem || words.len() >= STEM_BYTES + 6, "{phrase:?} is too short a stem");
                for (side, _) in sides.iter().filter(|(_, counts)| *counts) {
                    assert!(
                        seen.insert((words.clone(), anchors, *side)),
                        "{phrase:?} stands twice for the {side}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_lexicon_with_an_unknown_field_is_refused() {
        let json = EMBEDDED.replacen("\"bias\"", "\"unknown\": 1, \"bias\"", 1);
        assert!(Lexicon::parse(&json).is_err());
    }
}
