//! What a text weighs: the features that the model knows, each counted once.

use super::{CLASSES, Model, Sums};
use crate::classify::features::{Group, Reading, Sink};
use crate::header::Header;

/// Room for the features of a long text, so that the list is not copied while it grows.
const EXPECTED_FOUND: usize = 512;

/// A feature that was found; its text is the model's own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'m> {
    /// Where it was found.
    pub(crate) group: Group,
    /// Its text in the model.
    pub(crate) text: &'m str,
    weights: [i16; CLASSES],
}

/// What a text weighs so far.
#[derive(Debug)]
pub(crate) struct Weighing<'m> {
    model: &'m Model,
    seen: Vec<u64>,
    found: Vec<Found<'m>>,
    sums: [[i32; CLASSES]; Group::ALL.len()],
    counts: [u32; Group::ALL.len()],
}

impl Model {
    /// Starts to weigh a text.
    pub(crate) fn start(&self) -> Weighing<'_> {
        Weighing {
            model: self,
            seen: vec![0; self.table.len() / 64 + 1],
            found: Vec::with_capacity(EXPECTED_FOUND),
            sums: [[0; CLASSES]; Group::ALL.len()],
            counts: [0; Group::ALL.len()],
        }
    }
}

impl Sink for Weighing<'_> {
    fn knows(&self, word: &str) -> bool {
        self.model.entry(Group::QuestionWords, word).is_some()
    }

    fn take(&mut self, group: Group, text: &str) {
        let model = self.model;
        let Some((number, value)) = model.entry(group, text) else { return };
        let (place, bit) = (&mut self.seen[number / 64], 1 << (number % 64));
        if *place & bit != 0 {
            return;
        }
        *place |= bit;
        self.counts[group as usize] += 1;
        let (weights, text) = model.read(value);
        for (sum, weight) in self.sums[group as usize].iter_mut().zip(weights) {
            *sum += i32::from(weight);
        }
        self.found.push(Found { group, text, weights });
    }
}

impl<'m> Weighing<'m> {
    /// The sum of each class.
    pub(crate) fn sums(&self, reading: &Reading) -> Sums {
        let mut sums = self.model.bias;
        for group in Group::ALL {
            let factor = self.factor(group, reading);
            for (sum, part) in sums.iter_mut().zip(self.sums[group as usize]) {
                *sum += f64::from(part) * factor;
            }
        }
        sums
    }

    /// All that was found.
    pub(crate) fn found(&self) -> &[Found<'m>] {
        &self.found
    }

    /// What a found feature adds to a class.
    pub(crate) fn adds(&self, found: &Found<'_>, reading: &Reading, header: Header) -> f64 {
        f64::from(found.weights[header as usize]) * self.factor(found.group, reading)
    }

    fn factor(&self, group: Group, reading: &Reading) -> f64 {
        value(group, self.counts[group as usize], reading) / self.model.scale
    }
}

/// The value of each of `count` features of a group.
#[must_use]
pub fn value(group: Group, count: u32, reading: &Reading) -> f64 {
    let factor = if group.is_answer() { reading.answer_factor } else { 1.0 };
    factor * group.length() / f64::from(count.max(1)).sqrt()
}
