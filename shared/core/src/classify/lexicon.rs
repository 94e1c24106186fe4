//! The lexicon: words that mean the same, read from `data/lexicon.json`.
//!
//! The file is data with a schema, and these types are the schema (unknown fields are refused). `build.rs` takes its
//! phrases out into tables, which are embedded beside the rest. It says what words mean; what that meaning weighs is
//! learned, and stands in `data/model.tsv`.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

use super::matcher::Matcher;

/// The file without its phrases.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/lexicon.json"));

/// The embedded lexicon, ready to match.
pub(crate) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    // A file that does not parse fails the tests, so the empty lexicon is never shipped.
    LEXICON.get_or_init(|| Lexicon::embedded().unwrap_or_default())
}

/// What tells the form of a text, whatever its words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shapes {
    /// An answer of at most so many words is brief.
    pub(crate) brief_words: usize,
    /// An answer has many figures with at least so many percentages and sums of money, and at least
    /// [`Shapes::figures_per_hundred_words`]: it is about many records, rather than the amount of one.
    pub(crate) figures_at_least: usize,
    /// See [`Shapes::figures_at_least`].
    pub(crate) figures_per_hundred_words: usize,
    /// Words that are capitalised without naming a person or company; lower case.
    pub(crate) not_names: BTreeSet<String>,
}

/// Where a concept counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// In the question.
    Question,
    /// In the answer.
    Answer,
}

/// Words that mean the same, counted once however many of them occur.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Concept {
    /// What it is; the reason of a classification quotes it.
    pub(crate) name: String,
    /// Where it counts. One that counts nowhere is a trap, which only hides shorter phrases.
    #[serde(default, rename = "in")]
    sides: Vec<Side>,
    /// How many times it must occur in the answer before it counts there.
    #[serde(default = "once")]
    pub(crate) at_least: u32,
    /// The answer is an apology: its words say little about the class.
    #[serde(default)]
    pub(crate) apology: bool,
    /// The words. `^` anchors to the start of a sentence, a final `*` accepts any ending of the word,
    /// ` … ` up to [`super::matcher::GAP_BYTES`] between two parts of one sentence. A longer phrase hides
    /// the shorter ones inside it: that is how "lead time" is not a lead. Empty in what is embedded.
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "the schema of the file; the tables have the phrases"))]
    phrases: Vec<String>,
}

impl Concept {
    /// Whether its phrases are looked for on this side.
    pub(crate) fn is_sought(&self, side: Side) -> bool {
        self.is_trap() || self.sides.contains(&side)
    }

    /// Whether it only hides other phrases.
    pub(crate) fn is_trap(&self) -> bool {
        self.sides.is_empty()
    }
}

const fn once() -> u32 {
    1
}

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The confidence of a route line with the right nonce.
    agent_route_confidence: f64,
    /// What a route line without the right nonce adds to the class in it, as log-odds.
    untrusted_route: f64,
    /// What a collaborator adds to the class that it stands for, as log-odds, shared when several were asked. The
    /// training text misleads on purpose more often than an agent does, so that the table alone trusts them too little.
    collaborators: f64,
    /// What tells the form of a text.
    shapes: Shapes,
    /// What words mean.
    concepts: Vec<Concept>,
}

/// The file with its matcher.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub(crate) agent_route_confidence: f64,
    pub(crate) untrusted_route: f64,
    pub(crate) collaborators: f64,
    pub(crate) shapes: Shapes,
    pub(crate) concepts: Vec<Concept>,
    pub(crate) matcher: Matcher,
}

impl Lexicon {
    fn embedded() -> Result<Self, serde_json::Error> {
        let File { agent_route_confidence, untrusted_route, collaborators, shapes, concepts } =
            serde_json::from_str(EMBEDDED)?;
        let matcher = Matcher::embedded();
        Ok(Self { agent_route_confidence, untrusted_route, collaborators, shapes, concepts, matcher })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::phrases::STEM_BYTES;
    use crate::classify::words::words;

    const WHOLE: &str = include_str!("../../data/lexicon.json");

    fn file(json: &str) -> Result<File, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn what_is_embedded_is_the_file_without_its_phrases() {
        let (whole, embedded) = (file(WHOLE).unwrap(), lexicon());
        assert!(embedded.concepts.iter().all(|concept| concept.phrases.is_empty()));
        let bare = |concept: &Concept| Concept { phrases: Vec::new(), ..concept.clone() };
        let expected: Vec<String> = whole.concepts.iter().map(|each| format!("{:?}", bare(each))).collect();
        let found: Vec<String> = embedded.concepts.iter().map(|concept| format!("{concept:?}")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_lexicon_follows_its_schema() {
        let lexicon = file(WHOLE).unwrap();
        assert!((0.0..=1.0).contains(&lexicon.agent_route_confidence));
        let mut names = BTreeSet::new();
        for concept in &lexicon.concepts {
            assert!(!concept.phrases.is_empty(), "{concept:?}");
            assert!(names.insert(&concept.name), "{:?} stands twice", concept.name);
        }
    }

    #[test]
    fn no_phrase_counts_twice_in_a_question_or_in_an_answer() {
        let mut seen = BTreeSet::new();
        for concept in &file(WHOLE).unwrap().concepts {
            let sides = [Side::Question, Side::Answer].map(|side| (side, concept.is_sought(side)));
            for phrase in &concept.phrases {
                let anchors = (phrase.starts_with('^'), phrase.ends_with('*'), phrase.contains(" … "));
                let words = words(&phrase.replace('#', "0"));
                assert!(words.len() > 3, "an empty phrase in {concept:?}");
                let stem = phrase.ends_with('*') && !phrase.contains(' ');
                assert!(!stem || words.len() >= STEM_BYTES + 6, "{phrase:?} is too short a stem");
                for (side, _) in sides.iter().filter(|(_, counts)| *counts) {
                    let new = seen.insert((words.clone(), anchors, format!("{side:?}")));
                    assert!(new, "{phrase:?} stands twice in the {side:?}");
                }
            }
        }
    }

    #[test]
    fn a_lexicon_with_an_unknown_field_is_refused() {
        assert!(file(&WHOLE.replacen("\"shapes\"", "\"unknown\": 1, \"shapes\"", 1)).is_err());
    }
}
