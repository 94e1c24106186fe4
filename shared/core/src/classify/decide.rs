//! Weighs the evidence: every concept, form and collaborator adds to the classes it speaks for, and the
//! class with the highest sum wins.

use super::lexicon::{Lexicon, Shapes, Weights};
use super::matcher::Phrase;
use super::question::{is_bare_name, names_somebody};
use super::reason::reason;
use super::words::words;
use super::zones::{Zone, Zones};
use super::{Classification, Method};
use crate::header::Header;

/// How many bytes of the question, and of the answer, are read: what a text is about shows by then.
const READ_BYTES: usize = 6 * 1024;

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

/// A phrase that was found, and what it adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finding {
    /// Which phrase.
    pub(crate) phrase: Phrase,
    /// What it adds to each class.
    pub(crate) weights: Weights,
}

/// All that was found; what [`reason`] words.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// In the question.
    pub(crate) question: Vec<Finding>,
    /// In the answer.
    pub(crate) answer: Vec<Finding>,
    /// The question names somebody.
    pub(crate) names_somebody: bool,
    /// The answer is an apology.
    pub(crate) apology: bool,
}

/// Weighs `signals`.
pub(crate) fn decide(lexicon: &Lexicon, signals: &Signals<'_>) -> Classification {
    let mut findings = Findings::default();
    let mut said = Weights::default();
    weigh_question(lexicon, signals.query, &mut findings, &mut said);
    if let Some(answer) = signals.answer {
        weigh_answer(lexicon, answer, &mut findings, &mut said);
    }
    let mut sums = lexicon.bias;
    for header in Header::ALL {
        *sums.of_mut(header) += said.of(header) * damping(lexicon, &findings.question, header);
    }
    weigh_collaborators(lexicon, &signals.asked, &mut sums);
    if let Some(header) = signals.untrusted_route {
        *sums.of_mut(header) += lexicon.untrusted_route;
    }
    let header = best(&sums);
    let silent = findings.question.is_empty() && findings.answer.is_empty() && signals.asked.is_empty();
    let method = if silent && header == Header::General { Method::Default } else { Method::Evidence };
    let confidence = probability(&sums, header, lexicon.temperature);
    Classification { header, method, confidence, reason: reason(lexicon, signals, &findings, header, method) }
}

/// The strongest damping of `header` by what the question says.
fn damping(lexicon: &Lexicon, question: &[Finding], header: Header) -> f64 {
    let factors = question.iter().map(|finding| lexicon.concepts[finding.phrase.concept].damping(header));
    factors.fold(1.0, f64::min)
}

fn weigh_question(lexicon: &Lexicon, query: &str, findings: &mut Findings, sums: &mut Weights) {
    let query = beginning(query);
    let mut found = lexicon.matcher.find(&words(query), |index| lexicon.concepts[index].counts_in_question());
    found.sort_unstable();
    found.dedup_by_key(|phrase| phrase.concept);
    for phrase in found {
        let weights = lexicon.concepts[phrase.concept].question;
        if !weights.is_zero() {
            sums.add(&weights, 1.0);
            findings.question.push(Finding { phrase, weights });
        }
    }
    let not_names = &lexicon.shapes.not_names;
    findings.names_somebody =
        names_somebody(query, not_names) || (findings.question.is_empty() && is_bare_name(query, not_names));
    if findings.names_somebody {
        sums.add(&lexicon.shapes.names_somebody, 1.0);
    }
}

fn weigh_answer(lexicon: &Lexicon, answer: &str, findings: &mut Findings, sums: &mut Weights) {
    let zones = Zones::of(beginning(answer));
    let (found, apology) = answer_findings(lexicon, &zones);
    let mut total = Weights::default();
    for finding in &found {
        total.add(&finding.weights, 1.0);
    }
    weigh_form(&lexicon.shapes, &zones, &mut total);
    let limit = lexicon.answer_limit;
    let factor = if apology { lexicon.apology_factor } else { 1.0 };
    for header in Header::ALL {
        if !(apology && header == Header::General) {
            *sums.of_mut(header) += limit * (factor * total.of(header) / limit).tanh();
        }
    }
    findings.answer = found;
    findings.apology = apology;
}

/// The concepts in the answer, each once and by the zone in which it weighs most, and whether it is an apology.
fn answer_findings(lexicon: &Lexicon, zones: &Zones) -> (Vec<Finding>, bool) {
    let mut seen: Vec<(u32, f64, usize)> = vec![(0, 0.0, 0); lexicon.concepts.len()];
    for (zone, text) in zones.texts() {
        let factor = lexicon.zones.of(zone);
        let counts = |index: usize| lexicon.concepts[index].counts_in_answer();
        for Phrase { concept, phrase } in lexicon.matcher.find(text, counts) {
            let (count, best, shown) = &mut seen[concept];
            *count += 1;
            if factor > *best {
                (*best, *shown) = (factor, phrase);
            }
        }
    }
    let mut apology = false;
    let mut found = Vec::new();
    for (index, (concept, (count, factor, phrase))) in lexicon.concepts.iter().zip(seen).enumerate() {
        if count == 0 || count < concept.at_least {
            continue;
        }
        apology |= concept.apology;
        if !concept.answer.is_zero() {
            let mut weights = Weights::default();
            weights.add(&concept.answer, factor);
            found.push(Finding { phrase: Phrase { concept: index, phrase }, weights });
        }
    }
    (found, apology)
}

/// Adds what the length and the figures of an answer say, code apart.
fn weigh_form(shapes: &Shapes, zones: &Zones, total: &mut Weights) {
    let (mut count, mut figures) = (0, 0);
    for (_, text) in zones.texts().filter(|(zone, _)| *zone != Zone::Code) {
        for word in text.split_ascii_whitespace().filter(|word| *word != ".") {
            count += 1;
            figures += usize::from(matches!(word, "%" | "$"));
        }
    }
    if count <= shapes.brief_words {
        total.add(&shapes.brief_answer, 1.0);
    }
    if figures >= shapes.figures_at_least && figures * 100 >= count * shapes.figures_per_hundred_words {
        total.add(&shapes.many_figures, 1.0);
    }
}

/// Several collaborators share the weight: who asked everybody says little.
fn weigh_collaborators(lexicon: &Lexicon, asked: &[(&str, Header)], sums: &mut Weights) {
    let share = 1.0 / f64::from(u32::try_from(asked.len()).unwrap_or(u32::MAX).max(1));
    for (_, header) in asked {
        *sums.of_mut(*header) += lexicon.collaborators.of(*header) * share;
    }
}

/// The class with the highest sum; `general` where nothing is higher than it.
fn best(sums: &Weights) -> Header {
    let mut best = Header::General;
    for header in Header::ALL {
        if sums.of(header) > sums.of(best) {
            best = header;
        }
    }
    best
}

/// The share of `header` among all classes (softmax).
fn probability(sums: &Weights, header: Header, temperature: f64) -> f64 {
    let temperature = if temperature > 0.0 { temperature } else { 1.0 };
    let top = sums.of(header);
    let all: f64 = Header::ALL.into_iter().map(|class| ((sums.of(class) - top) / temperature).exp()).sum();
    (1000.0 / all).round() / 1000.0
}

/// The first [`READ_BYTES`] of `text`, on a character boundary.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ_BYTES)]
}
