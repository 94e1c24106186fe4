//! How findings are printed.

use std::io::Write;

use serde_json::json;

use super::finding::{Finding, Severity};
use crate::error::CtlError;
use crate::terminal::Terminal;

/// Prints all findings, the worst first.
pub(super) fn print(
    findings: &[Finding],
    as_json: bool,
    on: &Terminal,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    if as_json {
        return Ok(writeln!(out, "{}", json!({"findings": findings, "errors": errors(findings)}))?);
    }
    for Finding { severity, place, reason, fix } in findings {
        writeln!(out, "{}  {}\n  {reason}\n  {} {fix}", word(*severity, on), on.bold(place), on.dim("fix:"))?;
    }
    let of = |wanted| findings.iter().filter(|finding| finding.severity == wanted).count();
    let (warnings, notes) = (of(Severity::Warning), of(Severity::Note));
    let counts = [counted(errors(findings), "error"), counted(warnings, "warning"), counted(notes, "note")];
    Ok(writeln!(out, "{}", counts.join(", "))?)
}

/// `1 error`, `2 errors`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How many findings keep a template from being deployed.
pub(super) fn errors(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

fn word(severity: Severity, on: &Terminal) -> String {
    match severity {
        Severity::Error => on.red("error"),
        Severity::Warning => on.bold("warning"),
        Severity::Note => on.dim("note"),
    }
}
