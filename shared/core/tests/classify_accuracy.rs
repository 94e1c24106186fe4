//! Accuracy on the labelled examples in `data/labelled.jsonl`. Run with `--nocapture` to see each miss.
//!
//! The lexicon was tuned on these examples, so the floors guard against regressions; they are no estimate of
//! the accuracy on text that nobody has seen.

use std::collections::BTreeMap;

use revops_core::Header;
use revops_core::classify::{Classification, Collaborators, Evidence, classify, expected};
use serde::Deserialize;

const LABELLED: &str = include_str!("../data/labelled.jsonl");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the fields document the examples; a line without one of them is refused")]
struct Example {
    id: String,
    query: String,
    answer: String,
    collaborators: Vec<String>,
    expected: Header,
    why: String,
    hard: bool,
    tags: Vec<String>,
}

#[expect(clippy::unwrap_used, reason = "a line that is no example must fail the tests")]
fn examples() -> Vec<Example> {
    LABELLED.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn classified(example: &Example) -> Classification {
    let evidence = Evidence {
        caller_route: None,
        query: &example.query,
        answer: &example.answer,
        nonce: None,
        collaborators: &example.collaborators,
    };
    classify(&evidence, &Collaborators::default()).classification
}

fn count(value: usize) -> f64 {
    value as f64
}

fn macro_f1(pairs: &[(Header, Header)]) -> f64 {
    let of = |header: Header| {
        let hits = count(pairs.iter().filter(|pair| **pair == (header, header)).count());
        let named = count(pairs.iter().filter(|(wanted, got)| *wanted == header || *got == header).count());
        // True positives over themselves and half of all errors: F1.
        2.0 * hits / (named + hits)
    };
    Header::ALL.into_iter().map(of).sum::<f64>() / 4.0
}

#[test]
fn every_class_has_examples_and_every_id_is_unique() {
    let mut classes: BTreeMap<Header, usize> = BTreeMap::new();
    let mut ids = std::collections::BTreeSet::new();
    for example in examples() {
        *classes.entry(example.expected).or_default() += 1;
        assert!(ids.insert(example.id.clone()), "{}", example.id);
    }
    assert!(classes.len() == 4 && classes.values().all(|many| *many >= 40), "{classes:?}");
}

#[test]
fn labelled_answers_reach_the_accuracy_floor() {
    let mut pairs = Vec::new();
    for example in examples() {
        let got = classified(&example);
        if got.header != example.expected {
            println!(
                "{}: {} for {}, {}: {}",
                example.id, got.header, example.expected, example.query, got.reason
            );
        }
        pairs.push((example.expected, got.header));
    }
    let score = macro_f1(&pairs);
    println!("macro-F1 {score:.3} on {} examples", pairs.len());
    assert!(score >= 0.95, "macro-F1 {score:.3}");
}

#[test]
fn the_question_alone_is_right_in_most_cases() {
    let examples = examples();
    let right = examples.iter().filter(|example| expected(&example.query).header == example.expected).count();
    let share = count(right) / count(examples.len());
    println!("question alone: {share:.3}");
    assert!(share >= 0.85, "{share:.3}");
}

#[test]
fn a_confidence_of_eight_tenths_is_almost_always_right() {
    let mut bands: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    let (mut sure, mut right) = (0, 0);
    for example in examples() {
        let got = classified(&example);
        assert!((0.0..=1.0).contains(&got.confidence));
        let hit = got.header == example.expected;
        let band = (1..10).rev().find(|tenth| got.confidence * 10.0 >= f64::from(*tenth)).unwrap_or(0);
        let entry = bands.entry(band).or_default();
        *entry = (entry.0 + 1, entry.1 + usize::from(hit));
        if got.confidence >= 0.8 {
            (sure, right) = (sure + 1, right + usize::from(hit));
        }
    }
    for (band, (all, hits)) in bands {
        println!("confidence 0.{band}: {hits} of {all} right");
    }
    assert!(count(right) >= 0.97 * count(sure), "{right} of {sure}");
    assert!(sure * 5 >= examples().len() * 2, "only {sure} answers are sure");
}
