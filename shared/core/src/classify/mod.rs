//! Which team's webhook an answer belongs to (SPEC 4): a pure function of question, answer and trace.
//!
//! The order is fixed: the caller's own choice; the answer's last line `route: <class> <nonce>` with the
//! nonce of this very call; the evidence, which is the collaborators in the trace weighed together with the
//! words of question and answer; `general`. The words are weighed by a linear model (`data/model.tsv`) that
//! `train-classifier` makes from the text in `data/training` and the lexicon (`data/lexicon.json`).

#![cfg_attr(
    not(feature = "training"),
    allow(unreachable_pub, reason = "the trainer reaches more than the functions")
)]

mod collaborators;
mod decide;
mod feature_key;
mod features;
mod fingerprint;
mod lexicon;
#[cfg(any(test, feature = "training"))]
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "the trainer makes no lexicon"))]
mod making;
mod matcher;
mod model;
mod phrases;
mod reason;
mod route_line;
mod table;
#[cfg(feature = "training")]
pub mod training;
mod words;
mod zones;

use serde::{Deserialize, Serialize};

use crate::header::Header;

pub use collaborators::{Collaborators, InvalidCollaborators};
pub use features::Group;
pub use reason::Clue;

use decide::Signals;
use lexicon::lexicon;
use model::model;
use route_line::RouteLine;

/// What is known about one answered question.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The request's `route`: the caller's own choice, which wins.
    pub caller_route: Option<Header>,
    /// The question as asked.
    pub query: &'a str,
    /// The agent's answer in Markdown, with its route line if it wrote one.
    pub answer: &'a str,
    /// The nonce that the agent was asked to repeat; `None` when it was not asked for a route line.
    pub nonce: Option<&'a str>,
    /// Names of the collaborators in the trace. Names that are not mapped to a class say nothing.
    pub collaborators: &'a [String],
}

/// The class of an answer, and why. On the wire `{header, method, confidence, reason}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Classification {
    /// The class.
    pub header: Header,
    /// Which kind of evidence decided.
    pub method: Method,
    /// How sure the decision is, 0..1. At 0.8 and above the evidence is clear and uncontradicted.
    pub confidence: f64,
    /// The evidence in words that on-call can read. It quotes the model and the
    /// lexicon, never the question or the answer.
    pub reason: String,
}

/// Which kind of evidence decided the class, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The request named the class.
    CallerRoute,
    /// The answer's last line named it, with the right nonce.
    AgentRoute,
    /// Collaborators and words, weighed together.
    Evidence,
    /// Nothing spoke for any class: `general`.
    Default,
}

impl Method {
    /// The name on the wire, such as `agent_route`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CallerRoute => "caller_route",
            Self::AgentRoute => "agent_route",
            Self::Evidence => "evidence",
            Self::Default => "default",
        }
    }
}

/// A classified answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Classified {
    /// The class and why.
    pub classification: Classification,
    /// The answer without the route line; otherwise the bytes that the agent sent.
    pub answer: String,
}

/// Classifies an answered question. Only the beginning of a long answer, and the beginning and end of a long
/// question are read, so that length costs no more than the search for the route line and the copy.
#[must_use]
pub fn classify(evidence: &Evidence<'_>, collaborators: &Collaborators) -> Classified {
    let (route, answer) = route_line::split(evidence.answer, evidence.nonce);
    let classification = match (evidence.caller_route, route) {
        (Some(header), _) => certain(header, Method::CallerRoute, 1.0, "the caller chose the route"),
        (None, RouteLine::Trusted(header)) => certain(
            header,
            Method::AgentRoute,
            lexicon().agent_route_confidence,
            "the answer's route line, with the right nonce, names the class",
        ),
        (None, RouteLine::Absent | RouteLine::Unknown | RouteLine::Untrusted(_)) => decide::decide(
            lexicon(),
            model(),
            &Signals {
                query: evidence.query,
                answer: Some(answer),
                untrusted_route: route.untrusted(),
                asked: collaborators.asked(evidence.collaborators),
            },
        ),
    };
    Classified { classification, answer: answer.to_owned() }
}

/// The class to expect from the question alone, before the agent is asked.
#[must_use]
pub fn expected(query: &str) -> Classification {
    decide::decide(
        lexicon(),
        model(),
        &Signals { query, answer: None, untrusted_route: None, asked: Vec::new() },
    )
}

/// Everything that the texts and the trace say, strongest for the class they lead to first. What
/// [`classify`] weighs when neither caller nor agent chose the route.
#[must_use]
pub fn clues(evidence: &Evidence<'_>, collaborators: &Collaborators) -> Vec<Clue> {
    let (route, answer) = route_line::split(evidence.answer, evidence.nonce);
    let asked = collaborators.asked(evidence.collaborators);
    let signals =
        Signals { query: evidence.query, answer: Some(answer), untrusted_route: route.untrusted(), asked };
    reason::clues(&decide::weigh(lexicon(), model(), &signals))
}

fn certain(header: Header, method: Method, confidence: f64, reason: &str) -> Classification {
    Classification { header, method, confidence, reason: format!("{reason}: {header}") }
}
