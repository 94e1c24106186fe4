//! From examples to the table that the gateway reads.

use std::fmt::Write as _;

use revops_core::classify::training::Group;

use crate::examples::Example;
use crate::fit::{CLASSES, Row, Sums, fit};
use crate::vocabulary::{Known, Seen, Vocabulary, seen};

/// The weights in the table are whole numbers of so many parts of one.
const SCALE: f64 = 64.0;
/// How much the question alone counts, next to the question with its answer.
const ALONE: f64 = 0.4;

/// What can be chosen about the training.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// How strongly weights are drawn to zero.
    pub(crate) decay: f64,
    /// How many features are kept.
    pub(crate) features: usize,
}

impl Default for Settings {
    /// Chosen by cross-validation; the scores hardly change from half to twice the decay. More features than
    /// this do not help, and would pass the limit of the table's size.
    fn default() -> Self {
        Self { decay: 2e-4, features: 9000 }
    }
}

struct Text<'a> {
    seen: Seen,
    example: &'a Example,
    weight: f64,
}

/// Trains on `examples` and writes the table; `temperature` is what the gateway divides sums by.
pub(crate) fn train(examples: &[&Example], settings: &Settings, temperature: f64) -> String {
    let known = Known::of(examples);
    let texts = texts(&known, examples);
    let all = Vocabulary::of(texts.iter().filter(|text| text.weight >= 1.0).map(|text| &text.seen));
    let weights = fit(&rows(&all, &texts), all.features.len(), settings.decay);
    let kept = strongest(&all, &weights, &known, settings.features);
    let weights = fit(&rows(&kept, &texts), kept.features.len(), settings.decay);
    table(&kept, &weights, temperature)
}

fn texts<'a>(known: &Known, examples: &[&'a Example]) -> Vec<Text<'a>> {
    let mut texts = Vec::new();
    for example in examples {
        let answered = example.answered();
        let alone = if answered.is_some() { ALONE } else { 1.0 };
        if let Some(answered) = answered {
            texts.push(Text { seen: seen(known, &answered), example, weight: 1.0 });
        }
        texts.push(Text { seen: seen(known, &example.alone()), example, weight: alone });
    }
    texts
}

fn rows(vocabulary: &Vocabulary, texts: &[Text<'_>]) -> Vec<Row> {
    let row = |text: &Text<'_>| Row {
        features: vocabulary.vector(&text.seen),
        class: text.example.expected as usize,
        weight: text.weight,
    };
    texts.iter().map(row).collect()
}

/// The features with the largest weights, and all known words, which tell names apart.
fn strongest(all: &Vocabulary, weights: &[Sums], known: &Known, many: usize) -> Vocabulary {
    let strength =
        |number: usize| weights[number].iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let mut order: Vec<usize> = (0..all.features.len()).collect();
    order.sort_by(|a, b| strength(*b).total_cmp(&strength(*a)).then(a.cmp(b)));
    let mut keep = vec![false; all.features.len()];
    for number in order.into_iter().take(many) {
        keep[number] = true;
    }
    let features =
        all.features.iter().zip(keep).filter(|((group, text), keep)| {
            *keep || (*group == Group::QuestionWords && known.0.contains(text))
        });
    Vocabulary::from_features(features.map(|(feature, _)| feature.clone()))
}

fn table(vocabulary: &Vocabulary, weights: &[Sums], temperature: f64) -> String {
    let mut table = format!("temperature\t{temperature}\nscale\t{SCALE}\n");
    let mut group = None;
    let bias = weights.last().copied().unwrap_or([0.0; CLASSES]).map(|weight| format!("{weight:.3}"));
    let _ = writeln!(table, "bias\t{}", bias.join("\t"));
    for ((from, text), weights) in vocabulary.features.iter().zip(weights) {
        if group != Some(from) {
            let _ = writeln!(table, "[{}]", from.name());
            group = Some(from);
        }
        let whole = weights.map(|weight| ((weight * SCALE).round() as i16).to_string());
        let _ = writeln!(table, "{text}\t{}", whole.join("\t"));
    }
    table
}
