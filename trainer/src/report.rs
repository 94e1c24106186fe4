//! What a person who changes text, lexicon or settings wants to see.

use std::io::{self, Write};

use crate::folds::Validation;
use crate::score::Scores;

/// Prints both validations.
pub(crate) fn validations(
    mixed: &Validation,
    by_file: &Validation,
    temperature: f64,
    errors: bool,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "temperature {temperature}")?;
    for (name, Validation { whole, alone }) in [("mixed folds", mixed), ("a file left out", by_file)] {
        writeln!(out, "\n{name}\n  {whole}\n  question alone: {alone}")?;
        for (source, part) in whole.by_source() {
            writeln!(out, "  {source}: {part}")?;
        }
        write!(out, "{}", whole.calibration())?;
        if errors {
            wrong(&mut out, whole)?;
        }
    }
    Ok(())
}

/// Prints the scores on one file.
pub(crate) fn scores(scores: &Scores) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{scores}")?;
    write!(out, "{}", scores.calibration())
}

fn wrong(out: &mut impl Write, scores: &Scores) -> io::Result<()> {
    for outcome in scores.errors() {
        writeln!(
            out,
            "  {}: {} for {} ({:.2}), {:?}: {}",
            outcome.id, outcome.header, outcome.expected, outcome.confidence, outcome.query, outcome.reason
        )?;
    }
    Ok(())
}
