//! The linear model: what each feature weighs for each class, read from `data/model.tsv`.
//!
//! `train-classifier` writes the file. It is embedded and read once. A text's sum for a class is the class's
//! bias, and for each group of features the mean direction of what was found, times the group's length.

mod weighing;

use std::sync::OnceLock;

use super::features::Group;
use super::fingerprint::{Fingerprints, fingerprint};
use crate::header::Header;

pub(crate) use weighing::Weighing;
pub use weighing::value;

const EMBEDDED: &str = include_str!("../../../data/model.tsv");

/// How many classes there are.
pub(crate) const CLASSES: usize = Header::ALL.len();

/// A number for each class, in the order of [`Header::ALL`].
pub(crate) type Sums = [f64; CLASSES];

/// The embedded model.
pub(crate) fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    // A file that does not parse fails the tests, so the empty model (all is `general`) is never shipped.
    MODEL.get_or_init(|| Model::parse(EMBEDDED).unwrap_or_default())
}

/// A line of the table is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("line {0} of the model is wrong")]
pub struct InvalidModel(usize);

#[derive(Clone, Debug)]
struct Entry {
    number: usize,
    text: Box<str>,
    weights: [i16; CLASSES],
}

/// The weights by group and text.
#[derive(Debug)]
pub struct Model {
    /// Divides the sums before they become probabilities: above 1 is more careful.
    pub(crate) temperature: f64,
    scale: f64,
    bias: Sums,
    groups: [Fingerprints<Entry>; Group::ALL.len()],
    entries: usize,
}

impl Default for Model {
    fn default() -> Self {
        let groups = std::array::from_fn(|_| Fingerprints::default());
        Self { temperature: 1.0, scale: 1.0, bias: Sums::default(), groups, entries: 0 }
    }
}

impl Model {
    /// Reads a table.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(table: &str) -> Result<Self, InvalidModel> {
        let mut model = Self::default();
        let mut group = None;
        for (number, line) in (1..).zip(table.lines()) {
            if line.is_empty() || line.starts_with("# ") {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                group = Some(named(name).ok_or(InvalidModel(number))?);
                continue;
            }
            let read = match group {
                Some(group) => model.read_entry(group, line),
                None => model.read_setting(line),
            };
            read.ok_or(InvalidModel(number))?;
        }
        Ok(model)
    }

    /// The same with another temperature.
    #[cfg(feature = "training")]
    #[must_use]
    pub fn at_temperature(self, temperature: f64) -> Self {
        Self { temperature, ..self }
    }

    fn read_setting(&mut self, line: &str) -> Option<()> {
        let (name, value) = line.split_once('\t')?;
        match name {
            "temperature" => self.temperature = value.parse().ok().filter(|value| *value > 0.0)?,
            "scale" => self.scale = value.parse().ok().filter(|value| *value > 0.0)?,
            "bias" => self.bias = numbers(value)?,
            _ => return None,
        }
        Some(())
    }

    fn read_entry(&mut self, group: Group, line: &str) -> Option<()> {
        let (text, weights) = line.split_once('\t')?;
        let entry = Entry { number: self.entries, text: text.into(), weights: numbers(weights)? };
        self.entries += 1;
        let new = self.groups[group as usize].insert(fingerprint(text), entry).is_none();
        new.then_some(())
    }
}

fn named(name: &str) -> Option<Group> {
    Group::ALL.into_iter().find(|group| group.name() == name)
}

/// As many numbers as there are classes, between tabs.
fn numbers<T: std::str::FromStr + Copy + Default>(text: &str) -> Option<[T; CLASSES]> {
    let mut numbers = [T::default(); CLASSES];
    let mut fields = text.split('\t');
    for number in &mut numbers {
        *number = fields.next()?.parse().ok()?;
    }
    fields.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::features::{Reading, Sink};

    const TABLE: &str = "# a comment\ntemperature\t2\nscale\t10\nbias\t0\t0\t0\t1\n\
        [question words]\ndeal\t20\t-5\t-5\t-10\nhow\t0\t0\t0\t0\n";

    fn sums(texts: &[&str]) -> Sums {
        let model = Model::parse(TABLE).unwrap();
        let mut weighing = model.start();
        for text in texts {
            weighing.take(Group::QuestionWords, text);
        }
        weighing.sums(&Reading { answer_factor: 1.0, apology: false })
    }

    #[test]
    fn the_embedded_model_follows_its_schema() {
        let model = Model::parse(EMBEDDED).unwrap();
        assert!(model.entries > 1000 && EMBEDDED.len() < 300_000, "{}", EMBEDDED.len());
    }

    #[test]
    fn a_feature_counts_once_and_an_unknown_one_not_at_all() {
        assert_eq!(sums(&["deal", "deal", "corvane"]), [2.0, -0.5, -0.5, 0.0]);
        assert_eq!(sums(&[]), [0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn many_features_of_a_group_share_its_length() {
        let [deal, ..] = sums(&["deal", "how"]);
        assert!((deal - 2.0 / 2.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_table_with_a_wrong_line_is_refused() {
        for wrong in ["nothing\t1", "deal", "deal\t1\t2\t3", "deal\t1\t2\t3\t4\t5", "deal\t1\t2\t3\t4", "[x]"]
        {
            assert!(Model::parse(&format!("{TABLE}{wrong}\n")).is_err(), "{wrong}");
        }
        assert!(Model::parse("temperature\t0\n").is_err() && Model::parse("heat\t1\n").is_err());
    }
}
