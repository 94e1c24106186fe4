//! Cross-validation: each example is decided by a table that was trained without it.

use std::collections::BTreeSet;

use revops_core::classify::training::{self, Model, classify_by};

use crate::TrainError;
use crate::examples::Example;
use crate::score::{Outcome, Scores};
use crate::table::{Settings, train};

/// Into how many parts the examples are split.
const FOLDS: usize = 8;

/// The temperatures to choose from.
pub(crate) const TEMPERATURES: [f64; 11] = [0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0];

/// The decisions at one temperature.
#[derive(Clone, Debug, Default)]
pub(crate) struct Validation {
    /// On question and answer.
    pub(crate) whole: Scores,
    /// On the question alone.
    pub(crate) alone: Scores,
}

/// Which part each example belongs to: neighbours in a file are often variants, so that parts are mixed.
pub(crate) fn mixed(examples: &[Example]) -> Vec<usize> {
    (0..examples.len()).map(|at| at % FOLDS).collect()
}

/// The same with a file a part: another hand wrote it, so that it is the stricter test.
pub(crate) fn by_file(examples: &[Example]) -> Vec<usize> {
    let sources: BTreeSet<&str> = examples.iter().map(|example| example.source.as_str()).collect();
    let place = |example: &Example| sources.iter().position(|source| *source == example.source);
    examples.iter().map(|example| place(example).unwrap_or_default()).collect()
}

/// Decides each part by what is learned from the others, at each of [`TEMPERATURES`].
pub(crate) fn validate(
    examples: &[Example],
    settings: &Settings,
    parts: &[usize],
) -> Result<Vec<Validation>, TrainError> {
    let mut validations = vec![Validation::default(); TEMPERATURES.len()];
    for part in BTreeSet::from_iter(parts) {
        let (out, rest): (Vec<_>, Vec<_>) = examples.iter().zip(parts).partition(|(_, of)| *of == part);
        let rest: Vec<&Example> = rest.into_iter().map(|(example, _)| example).collect();
        let mut model = Model::parse(&train(&rest, settings, 1.0))?;
        for (temperature, validation) in TEMPERATURES.iter().zip(&mut validations) {
            model = model.at_temperature(*temperature);
            for (example, _) in &out {
                validation.whole.0.push(outcome(&model, example, &example.whole()));
                validation.alone.0.push(outcome(&model, example, &example.alone()));
            }
        }
    }
    Ok(validations)
}

/// Decides one example.
pub(crate) fn outcome(model: &Model, example: &Example, text: &training::Example<'_>) -> Outcome {
    let decided = classify_by(model, text);
    Outcome {
        source: example.source.clone(),
        id: example.id.clone(),
        query: example.query.clone(),
        expected: example.expected,
        header: decided.header,
        confidence: decided.confidence,
        reason: decided.reason,
    }
}
