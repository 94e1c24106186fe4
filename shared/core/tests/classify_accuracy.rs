//! The training text, the table made from it, and what the table does with it. Run with `--nocapture` to see
//! each miss.
//!
//! The table was trained on these examples, so their floors guard the gateway's reading of it; they are no estimate of
//! the accuracy on text that nobody has seen. That is what the held-out examples are for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use revops_core::Header;
use revops_core::classify::training::text_digest;
use revops_core::classify::{Classification, Collaborators, Evidence, classify, expected};
use serde::Deserialize;

const TABLE: &str = include_str!("../data/model.tsv");

#[derive(Debug, Deserialize)]
struct Example {
    id: String,
    query: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    collaborators: Vec<String>,
    expected: Header,
}

#[expect(clippy::unwrap_used, reason = "training text that cannot be read must fail the tests")]
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/training");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = paths.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut files: Vec<_> = texts.map(|path| (name(&path), std::fs::read_to_string(path).unwrap())).collect();
    files.sort();
    files
}

fn examples() -> Vec<Example> {
    files().iter().flat_map(|(_, text)| parsed(text)).collect()
}

#[expect(clippy::unwrap_used, reason = "a line that is no example must fail the tests")]
fn parsed(text: &str) -> impl Iterator<Item = Example> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
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
    let mut ids = BTreeSet::new();
    for example in examples() {
        *classes.entry(example.expected).or_default() += 1;
        assert!(ids.insert(example.id.clone()), "{}", example.id);
    }
    assert!(classes.len() == 4 && classes.values().all(|many| *many >= 300), "{classes:?}");
}

#[test]
fn the_table_was_made_from_this_text() {
    let digest = format!("\n# training text: {}\n", text_digest(&files()));
    assert!(TABLE.contains(&digest), "run `cargo run --release -p train-classifier`");
}

#[test]
fn the_table_decides_the_text_it_was_made_from() {
    let mut pairs = Vec::new();
    for example in examples() {
        let got = classified(&example);
        if got.header != example.expected {
            println!("{}: {}, not {}: {}", example.id, got.header, example.expected, got.reason);
        }
        pairs.push((example.expected, got.header));
    }
    let score = macro_f1(&pairs);
    println!("macro-F1 {score:.3} on {} examples", pairs.len());
    assert!(score >= 0.94, "macro-F1 {score:.3}");
}

#[test]
fn held_out_text_is_decided_as_a_careful_person_does() {
    let trained = examples().into_iter().map(|example| (example.query, example.answer));
    let trained: BTreeSet<(String, String)> = trained.collect();
    let is_new = |example: &Example| !trained.contains(&(example.query.clone(), example.answer.clone()));
    let held_out: Vec<Example> = parsed(include_str!("../data/heldout.jsonl")).collect();
    assert!(held_out.len() == 240 && held_out.iter().all(is_new));
    let decided = held_out.iter().map(|example| (example.expected, classified(example)));
    let decided: Vec<(Header, Classification)> = decided.collect();
    let pairs: Vec<_> = decided.iter().map(|(expected, got)| (*expected, got.header)).collect();
    let sure: Vec<_> = decided.iter().filter(|(_, got)| got.confidence >= 0.8).collect();
    let right = sure.iter().filter(|(expected, got)| *expected == got.header).count();
    println!("held out: macro-F1 {:.3}; {right} of {} sure ones are right", macro_f1(&pairs), sure.len());
    assert!(macro_f1(&pairs) >= 0.92, "macro-F1 {:.3}", macro_f1(&pairs));
    assert!(count(right) >= 0.97 * count(sure.len()) && sure.len() * 2 >= held_out.len());
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
    let all: Vec<(bool, f64)> = examples()
        .iter()
        .map(|example| (classified(example), example.expected))
        .map(|(got, expected)| (got.header == expected, got.confidence))
        .collect();
    assert!(all.iter().all(|(_, confidence)| (0.0..=1.0).contains(confidence)));
    let sure = all.iter().filter(|(_, confidence)| *confidence >= 0.8);
    let (sure, right) = sure.fold((0, 0), |(sure, right), (hit, _)| (sure + 1, right + usize::from(*hit)));
    assert!(count(right) >= 0.97 * count(sure), "{right} of {sure}");
    assert!(sure * 2 >= all.len(), "only {sure} answers are sure");
}
