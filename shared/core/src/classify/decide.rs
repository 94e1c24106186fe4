//! Weighs the evidence: every feature of the texts and every collaborator adds to the classes it speaks for,
//! and the class with the highest sum wins.

use super::features::{Group, Reading, Texts, read};
use super::lexicon::Lexicon;
use super::model::{Model, Sums, Weighing};
use super::reason::reason;
use super::{Classification, Method, route_line};
use crate::header::Header;

/// What there is to weigh.
#[derive(Debug)]
pub(crate) struct Signals<'a> {
    /// The question.
    pub(crate) query: &'a str,
    /// The answer, once there is one.
    pub(crate) answer: Option<&'a str>,
    /// The class in a route line without the right nonce.
    pub(crate) untrusted_route: Option<Header>,
    /// Collaborators that stand for a class.
    pub(crate) asked: Vec<(&'a str, Header)>,
}

/// What was weighed, and what came of it.
#[derive(Debug)]
pub(crate) struct Decision<'m> {
    /// The features that were found.
    pub(crate) weighing: Weighing<'m>,
    /// What else was read.
    pub(crate) reading: Reading,
    /// The class with the highest sum.
    pub(crate) header: Header,
    /// What decided.
    pub(crate) method: Method,
    confidence: f64,
}

/// Weighs `signals`.
pub(crate) fn decide(lexicon: &Lexicon, model: &Model, signals: &Signals<'_>) -> Classification {
    let decision = weigh(lexicon, model, signals);
    let reason = reason(signals, &decision);
    let Decision { header, method, confidence, .. } = decision;
    Classification { header, method, confidence, reason }
}

/// The same with all that was found.
pub(crate) fn weigh<'m>(lexicon: &Lexicon, model: &'m Model, signals: &Signals<'_>) -> Decision<'m> {
    let answer = signals.answer.map(|answer| own_words(signals, answer));
    let answer = answer.filter(|answer| answer.chars().any(|letter| !letter.is_whitespace()));
    let mut weighing = model.start();
    let texts = Texts { query: signals.query, answer, asked: &signals.asked };
    let reading = read(lexicon, &texts, &mut weighing);
    let mut sums = weighing.sums(&reading);
    if let Some(header) = signals.untrusted_route {
        sums[header as usize] += lexicon.untrusted_route;
    }
    for (_, header) in &signals.asked {
        sums[*header as usize] += lexicon.collaborators / signals.asked.len() as f64;
    }
    let silent = signals.untrusted_route.is_none() && signals.asked.is_empty() && is_silent(&weighing);
    let (header, method) = match silent {
        true => (Header::General, Method::Default),
        false => (best(&sums), Method::Evidence),
    };
    let confidence = probability(&sums, header, model.temperature);
    Decision { weighing, reading, header, method, confidence }
}

/// The answer without an untrusted route line, which counts by its class and not by its words too.
fn own_words<'a>(signals: &Signals<'_>, answer: &'a str) -> &'a str {
    if signals.untrusted_route.is_some() { route_line::before(answer) } else { answer }
}

/// Whether no words were found that the model knows.
fn is_silent(weighing: &Weighing<'_>) -> bool {
    let shapes = [Group::QuestionShape, Group::AnswerShape, Group::Collaborators];
    weighing.found().iter().all(|found| shapes.contains(&found.group))
}

/// The class with the highest sum; `general` where nothing is higher than it.
fn best(sums: &Sums) -> Header {
    let mut best = Header::General;
    for header in Header::ALL {
        if sums[header as usize] > sums[best as usize] {
            best = header;
        }
    }
    best
}

/// The share of `header` among all classes (softmax).
fn probability(sums: &Sums, header: Header, temperature: f64) -> f64 {
    let top = sums[header as usize];
    let all: f64 = sums.iter().map(|sum| ((sum - top) / temperature).exp()).sum();
    (1000.0 / all).round() / 1000.0
}
