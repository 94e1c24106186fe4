//! Trains the classifier's table of weights, and tells how good it is on text that it was not trained on.
//!
//! `train-classifier` reads `shared/core/data/training/*.jsonl`, prints the scores of both kinds of
//! cross-validation and the calibration, and writes `shared/core/data/model.tsv`. With `--errors` it also prints
//! what went wrong; with `--score FILE.jsonl` it only scores the table on a labelled file. Nothing is left to
//! chance: the same text gives the same bytes.

mod examples;
mod fit;
mod folds;
mod report;
mod score;
mod table;
mod vocabulary;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use revops_core::classify::training::{InvalidModel, Model, text_digest};

use folds::{TEMPERATURES, Validation};
use table::Settings;

/// Where text and table are.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/core/data");

/// How often a sure decision must be right in cross-validation: the promise is 0.97, and other people's text is
/// harder than one's own.
const RIGHT_WHEN_SURE: f64 = 0.98;

/// The training failed.
#[derive(Debug, thiserror::Error)]
enum TrainError {
    #[error("{file}, line {line}: {cause}")]
    Line { file: String, line: usize, cause: serde_json::Error },
    #[error("the table cannot be read: {0}")]
    Table(#[from] InvalidModel),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => train(false),
        ["--errors"] => train(true),
        ["--score", file] => score(Path::new(file)),
        _ => return complain("usage: train-classifier [--errors | --score FILE.jsonl]"),
    };
    done.map_or_else(|cause| complain(&cause.to_string()), |()| ExitCode::SUCCESS)
}

fn complain(message: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::FAILURE
}

/// Validates, chooses the temperature, and writes the table.
fn train(errors: bool) -> Result<(), TrainError> {
    let files = examples::files(&Path::new(DATA).join("training"))?;
    let examples = examples::parse(&files)?;
    let settings = Settings::default();
    let mixed = folds::validate(&examples, &settings, &folds::mixed(&examples))?;
    let by_file = folds::validate(&examples, &settings, &folds::by_file(&examples))?;
    let place = coolest(&mixed, &by_file);
    report::validations(&mixed[place], &by_file[place], TEMPERATURES[place], errors)?;
    let all: Vec<_> = examples.iter().collect();
    let table = table::train(&all, &settings, TEMPERATURES[place]);
    Model::parse(&table)?;
    let heading = "# Written by `cargo run --release -p train-classifier`; do not edit.";
    let digest = text_digest(&files);
    Ok(std::fs::write(
        Path::new(DATA).join("model.tsv"),
        format!("{heading}\n# training text: {digest}\n{table}"),
    )?)
}

/// The place of the lowest temperature at which both validations keep the promise.
fn coolest(mixed: &[Validation], by_file: &[Validation]) -> usize {
    let keeps = |validation: &Validation| validation.whole.right_when_sure() >= RIGHT_WHEN_SURE;
    let both = mixed.iter().zip(by_file).position(|(mixed, by_file)| keeps(mixed) && keeps(by_file));
    both.unwrap_or(TEMPERATURES.len() - 1)
}

/// Prints how the table does on one labelled file.
fn score(file: &Path) -> Result<(), TrainError> {
    let model = Model::parse(&std::fs::read_to_string(Path::new(DATA).join("model.tsv"))?)?;
    let examples = examples::parse(&[(file.display().to_string(), std::fs::read_to_string(file)?)])?;
    let decided = examples.iter().map(|example| folds::outcome(&model, example, &example.whole()));
    Ok(report::scores(&score::Scores(decided.collect()))?)
}
