//! What was measured: a table for people, and every sample for whoever wants to look closer.

use std::fmt;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use crate::process;
use crate::spread::Spread;

/// One table: rows of the same unit, next to the first one if that is a control.
pub(crate) struct Section {
    /// What is measured.
    pub(crate) title: String,
    /// Of every sample.
    pub(crate) unit: &'static str,
    /// What it should come to; empty where nothing was promised.
    pub(crate) goal: &'static str,
    /// Whether the first row is what the others are compared with.
    pub(crate) has_control: bool,
    rows: Vec<(String, Vec<f64>)>,
}

impl Section {
    /// An empty one.
    pub(crate) fn new(title: impl Into<String>, unit: &'static str, goal: &'static str) -> Self {
        Self { title: title.into(), unit, goal, has_control: false, rows: Vec::new() }
    }

    /// The same, whose first row is the control.
    pub(crate) fn with_control(self) -> Self {
        Self { has_control: true, ..self }
    }

    /// Adds a sample to the row `name`, which is made where it is missing.
    pub(crate) fn add(&mut self, name: &str, sample: f64) {
        match self.rows.iter_mut().find(|(row, _)| row == name) {
            Some((_, samples)) => samples.push(sample),
            None => self.rows.push((name.to_owned(), vec![sample])),
        }
    }

    fn json(&self) -> Value {
        let rows = self.rows.iter().map(|(name, samples)| json!({"name": name, "samples": samples}));
        json!({"title": self.title, "unit": self.unit, "goal": self.goal, "has_control": self.has_control,
            "rows": rows.collect::<Vec<_>>()})
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{} [{}]", self.title, self.unit)?;
        if !self.goal.is_empty() {
            writeln!(f, "goal: {}", self.goal)?;
        }
        let ratio = if self.has_control { "× control" } else { "" };
        writeln!(
            f,
            "{:<38} {:>6} {:>9} {:>9} {:>9} {:>9} {ratio:>9}",
            "", "n", "min", "median", "p99", "max"
        )?;
        let control = self.rows.first().map(|(_, samples)| Spread::of(samples.clone()).median);
        for (name, samples) in &self.rows {
            let spread = Spread::of(samples.clone());
            write!(
                f,
                "{name:<38} {:>6} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
                samples.len(),
                spread.min,
                spread.median,
                spread.p99,
                spread.max
            )?;
            match control.filter(|control| self.has_control && *control > 0.0) {
                Some(control) => writeln!(f, " {:>9.2}", spread.median / control)?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

/// Writes every sample to `path`, with the machine's name.
///
/// # Errors
/// It cannot be written.
pub(crate) fn write(path: &Path, profile: &str, sections: &[Section]) -> io::Result<()> {
    let sections: Vec<Value> = sections.iter().map(Section::json).collect();
    let all = json!({"machine": process::machine(), "profile": profile, "sections": sections});
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(path, serde_json::to_vec_pretty(&all)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_shown_as_a_multiple_of_the_control_s_median() {
        let mut section = Section::new("time", "ms", "").with_control();
        for (name, sample) in [("control", 2.0), ("ours", 2.0), ("ours", 3.0), ("ours", 7.0)] {
            section.add(name, sample);
        }
        let shown = section.to_string();
        let ours = shown.lines().find(|line| line.starts_with("ours")).unwrap();
        let fields: Vec<&str> = ours.split_whitespace().collect();
        assert_eq!(fields, ["ours", "3", "2.00", "3.00", "7.00", "7.00", "1.50"]);
    }

    #[test]
    fn every_sample_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut section = Section::new("time", "ms", "fast");
        section.add("ours", 1.5);
        section.add("ours", 2.5);
        let path = folder.path().join("new/results.json");
        write(&path, "lambda", &[section]).unwrap();
        let written: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(written["sections"][0]["rows"][0]["samples"], json!([1.5, 2.5]));
    }
}
