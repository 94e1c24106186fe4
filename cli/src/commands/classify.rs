//! `gatewayctl classify`: the code that routes answers, on a file or on one question.

use std::io::{BufRead as _, BufReader, Write};
use std::path::Path;

use revops_core::Header;
use revops_core::classify::{Classification, Clue, Collaborators, Evidence, classify, clues};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::args::Classify;
use crate::error::CtlError;

/// How many clues the table of one question shows.
const SHOWN: usize = 12;

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
    writeln!(out, "{header}  (confidence {confidence:.2})\n  {reason}\n")?;
    table(&clues(&evidence(query, &args.answer, &[]), &Collaborators::default()), out)
}

/// What each clue adds to each class, those that speak most for the winner first.
fn table(clues: &[Clue], out: &mut impl Write) -> Result<(), CtlError> {
    let [deal, data, lead, general] = Header::ALL.map(|header| header.as_str());
    writeln!(out, "{:<18} {:<30} {deal:>14} {data:>14} {lead:>14} {general:>8}", "where", "evidence")?;
    for Clue { group, text, adds: [deal, data, lead, general] } in clues.iter().take(SHOWN) {
        let place = group.name();
        writeln!(out, "{place:<18} {text:<30} {deal:>14.2} {data:>14.2} {lead:>14.2} {general:>8.2}")?;
    }
    let more = clues.len().saturating_sub(SHOWN);
    if more > 0 {
        writeln!(out, "and {more} more that weigh less for this class")?;
    }
    Ok(())
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
    classify(&evidence(query, answer, collaborators), &Collaborators::default()).classification
}

fn evidence<'a>(query: &'a str, answer: &'a str, collaborators: &'a [String]) -> Evidence<'a> {
    Evidence { caller_route: None, query, answer, nonce: None, collaborators }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(query: &str, as_json: bool) -> String {
        let args = Classify { query: Some(query.to_owned()), answer: String::new(), file: None };
        let mut out = Vec::new();
        run(&args, as_json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_question_shows_its_evidence_as_a_table() {
        let shown = shown("How many deals did we win in Q3?", false);
        assert!(shown.starts_with("data_analysis  (confidence "), "{shown}");
        assert!(shown.contains("question words ") && shown.contains("\"how\""), "{shown}");
    }

    #[test]
    fn the_table_does_not_repeat_names_from_the_question() {
        assert!(!shown("will Secretname sign this week?", false).contains("ecretname"));
    }

    #[test]
    fn json_is_one_line_of_the_four_fields() {
        let shown: Value = serde_json::from_str(&shown("hi", true)).unwrap();
        assert_eq!(shown.as_object().unwrap().len(), 4);
    }
}
