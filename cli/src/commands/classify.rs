//! `gatewayctl classify`: the code that routes answers, on a file or on one question.

use std::io::{BufRead as _, BufReader, Write};
use std::path::Path;

use revops_core::classify::{Classification, Collaborators, Evidence, classify};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::args::Classify;
use crate::error::CtlError;

/// One labelled or unlabelled example.
#[derive(Deserialize)]
struct Line {
    id: Value,
    query: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    collaborators: Vec<String>,
}

/// Classifies every line of the file, or the one question.
pub(crate) fn run(args: &Classify, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
    if let Some(file) = &args.file {
        return lines(file, out);
    }
    let query = args.query.as_deref().unwrap_or_default();
    let Classification { header, method, confidence, reason } = decided(query, &args.answer, &[]);
    if as_json {
        let shown = json!({"header": header, "method": method, "confidence": confidence, "reason": reason});
        return Ok(writeln!(out, "{shown}")?);
    }
    Ok(writeln!(out, "{header}  (confidence {confidence:.2})\n  {reason}")?)
}

fn lines(file: &Path, out: &mut impl Write) -> Result<(), CtlError> {
    let unreadable = |cause| CtlError::Usage(format!("{}: {cause}", file.display()));
    let reader = BufReader::new(std::fs::File::open(file).map_err(unreadable)?);
    for (number, text) in (1..).zip(reader.lines()) {
        let text = text.map_err(unreadable)?;
        if text.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&text)
            .map_err(|cause| CtlError::Usage(format!("{}, line {number}: {cause}", file.display())))?;
        let found = decided(&line.query, &line.answer, &line.collaborators);
        let shown = json!({"id": line.id, "header": found.header, "method": found.method,
            "confidence": found.confidence, "reason": found.reason});
        writeln!(out, "{shown}")?;
    }
    Ok(())
}

fn decided(query: &str, answer: &str, collaborators: &[String]) -> Classification {
    let evidence = Evidence { caller_route: None, query, answer, nonce: None, collaborators };
    classify(&evidence, &Collaborators::default()).classification
}
