//! The model's file, `data/model.tsv`: settings, then each group of features with what every one weighs.

use super::super::feature_key::{key, numbers, salt};
use super::super::table::{Value, check};
use super::table::{Made, TooLarge, place, table};

/// A line of the file, from 1, that is not what it should be; 0 where there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrongLine(pub(crate) usize);

/// The file, ready to be looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weights {
    /// The lines before the first group; comments are empty ones here, so that a line keeps its number.
    pub(crate) settings: String,
    /// The groups' names with their lines.
    pub(crate) groups: Vec<(usize, String)>,
    /// By [`key`]: the weights, and the place of the text.
    pub(crate) table: Made,
    /// The features' texts, one after the other.
    pub(crate) texts: String,
}

impl Weights {
    /// Reads a file.
    pub(crate) fn read(file: &str) -> Result<Self, WrongLine> {
        let mut read = Self::default();
        let mut entries = Vec::new();
        for (number, line) in (1..).zip(file.lines()) {
            if line.is_empty() || line.starts_with("# ") {
                read.settings.push_str(if read.groups.is_empty() { "\n" } else { "" });
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                read.groups.push((number, name.to_owned()));
                continue;
            }
            match read.groups.last() {
                Some((_, group)) => {
                    let salt = salt(group);
                    let entry = entry(salt, line, &mut read.texts).ok_or(WrongLine(number))?;
                    entries.push((entry, number));
                }
                None => read.settings.extend([line, "\n"]),
            }
        }
        refuse_twins(&mut entries)?;
        let entries = entries.into_iter().map(|(entry, _)| entry).collect();
        read.table = table(entries).map_err(|TooLarge| WrongLine(0))?;
        Ok(read)
    }
}

fn entry(salt: u64, line: &str, texts: &mut String) -> Option<(u64, Value)> {
    let (text, weights) = line.split_once('\t')?;
    let weights = numbers::<i16>(weights)?.map(i16::to_le_bytes);
    let place = place(text, texts).ok()?;
    let bytes = weights.as_flattened().iter().chain(&place);
    let mut value = Value::default();
    value.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    Some((key(salt, text), value))
}

/// Two features with the same key would be one.
fn refuse_twins(entries: &mut [((u64, Value), usize)]) -> Result<(), WrongLine> {
    entries.sort_by_key(|((key, _), number)| (check(*key), *number));
    let twins = entries.windows(2).find(|pair| check(pair[0].0.0) == check(pair[1].0.0));
    twins.map_or(Ok(()), |pair| Err(WrongLine(pair[1].1)))
}
