//! The linear model: what each feature weighs for each class, read from `data/model.tsv`.
//!
//! `train-classifier` writes the file; `build.rs` makes a table of it that is embedded. A text's sum for a class is the class's
//! bias, and for each group of features the mean direction of what was found, times the group's length.

mod weighing;

use std::borrow::Cow;
use std::sync::OnceLock;

use super::feature_key::{key, numbers, salt};
use super::features::Group;
#[cfg(any(test, feature = "training"))]
use super::making::{Weights, WrongLine};
use super::table::{self, Table, Value};
use crate::header::Header;

pub(crate) use weighing::Weighing;
#[cfg(feature = "training")]
pub use weighing::value;

/// How many classes there are.
pub(crate) const CLASSES: usize = Header::ALL.len();

const SETTINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/model.settings"));
const SLOTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/model.slots"));
const ENTRIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/model.entries"));
const TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/model.texts"));

/// A number for each class, in the order of [`Header::ALL`].
pub(crate) type Sums = [f64; CLASSES];

/// The embedded model.
pub(crate) fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    // Settings that do not parse fail the tests, so the empty model (all is `general`) is never shipped.
    let embedded = || Model::of(SETTINGS, Table::of(SLOTS.into(), ENTRIES.into()), TEXTS.into());
    MODEL.get_or_init(|| embedded().unwrap_or_default())
}

/// A line of the table is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("line {0} of the model is wrong")]
pub struct InvalidModel(usize);

/// The weights by group and text.
#[derive(Debug)]
pub struct Model {
    /// Divides the sums before they become probabilities: above 1 is more careful.
    pub(crate) temperature: f64,
    scale: f64,
    bias: Sums,
    table: Table,
    texts: Cow<'static, str>,
    salts: [u64; Group::ALL.len()],
}

impl Default for Model {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            scale: 1.0,
            bias: Sums::default(),
            table: Table::default(),
            texts: Cow::default(),
            salts: Group::ALL.map(|group| salt(group.name())),
        }
    }
}

impl Model {
    /// Reads a table.
    ///
    /// # Errors
    /// The first line that is wrong.
    #[cfg(any(test, feature = "training"))]
    pub fn parse(file: &str) -> Result<Self, InvalidModel> {
        let weights = Weights::read(file).map_err(|WrongLine(number)| InvalidModel(number))?;
        let known = |name: &str| Group::ALL.iter().any(|group| group.name() == name);
        if let Some((number, _)) = weights.groups.iter().find(|(_, name)| !known(name)) {
            return Err(InvalidModel(*number));
        }
        Self::of(&weights.settings, weights.table.ready(), weights.texts.into())
    }

    fn of(settings: &str, table: Table, texts: Cow<'static, str>) -> Result<Self, InvalidModel> {
        let mut model = Self { table, texts, ..Self::default() };
        for (number, line) in (1..).zip(settings.lines()).filter(|(_, line)| !line.is_empty()) {
            model.read_setting(line).ok_or(InvalidModel(number))?;
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

    /// The number of a feature, and what the table says of it.
    fn entry(&self, group: Group, text: &str) -> Option<(usize, &Value)> {
        self.table.get(key(self.salts[group as usize], text))
    }

    /// What a feature weighs, and its text.
    fn read(&self, value: &Value) -> ([i16; CLASSES], &str) {
        let [a, b, c, d, e, f, g, h, place @ ..] = *value;
        let weights = [[a, b], [c, d], [e, f], [g, h]].map(i16::from_le_bytes);
        (weights, table::text(&self.texts, place))
    }
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
        let read = Model::parse(include_str!("../../../data/model.tsv")).unwrap();
        assert!(read.table.len() > 1000 && read.table.len() < 20_000, "{}", read.table.len());
        let (embedded, read) = (model(), &read);
        assert_eq!(
            (embedded.temperature, embedded.scale, embedded.bias),
            (read.temperature, read.scale, read.bias)
        );
        assert_eq!(embedded.table, read.table);
        assert_eq!(embedded.texts, read.texts);
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
        assert_eq!(Model::parse("# a comment\ntemperature\t0\n").unwrap_err().0, 2, "the file's own line");
        assert!(Model::parse("temperature\t0\n").is_err() && Model::parse("heat\t1\n").is_err());
    }
}
