//! Words the evidence for on-call. Only the lexicon's phrases and configured names are quoted, so that no
//! reason repeats what a question or an answer says.

use super::Method;
use super::decide::{Finding, Findings, Signals};
use super::lexicon::Lexicon;
use crate::header::Header;

/// How many phrases of a text are named.
const SHOWN: usize = 3;
/// What adds less than this to a class is not worth naming.
const WORTH_NAMING: f64 = 0.3;

/// Why `header` won, such as `question says "close date" and names somebody; DealAnalysisAgent was asked`.
pub(crate) fn reason(
    lexicon: &Lexicon,
    signals: &Signals<'_>,
    findings: &Findings,
    header: Header,
    method: Method,
) -> String {
    if method == Method::Default {
        return "nothing in the texts or the trace speaks for another class".to_owned();
    }
    let mut clauses = Vec::new();
    clauses.extend(question_clause(lexicon, findings, header));
    clauses.extend(phrases(lexicon, &findings.answer, header).map(|said| format!("answer says {said}")));
    if findings.apology {
        clauses.push("the answer is an apology and weighs little".to_owned());
    }
    for (name, class) in &signals.asked {
        let doubt = if *class == header { "" } else { ", which weighs less" };
        clauses.push(format!("{name} was asked{doubt}"));
    }
    if let Some(class) = signals.untrusted_route {
        clauses.push(format!("a route line without the right nonce says {class}"));
    }
    if clauses.is_empty() {
        return format!("little evidence; {header} is nearest");
    }
    clauses.join("; ")
}

fn question_clause(lexicon: &Lexicon, findings: &Findings, header: Header) -> Option<String> {
    let names = findings.names_somebody && lexicon.shapes.names_somebody.of(header) >= WORTH_NAMING;
    match (phrases(lexicon, &findings.question, header), names) {
        (Some(said), true) => Some(format!("question says {said} and names somebody")),
        (Some(said), false) => Some(format!("question says {said}")),
        (None, true) => Some("question names somebody".to_owned()),
        (None, false) => None,
    }
}

/// The phrases that add most to `header`, strongest first.
fn phrases(lexicon: &Lexicon, findings: &[Finding], header: Header) -> Option<String> {
    let mut speaking: Vec<&Finding> =
        findings.iter().filter(|finding| finding.weights.of(header) >= WORTH_NAMING).collect();
    speaking.sort_by(|a, b| b.weights.of(header).total_cmp(&a.weights.of(header)));
    let shown = speaking.iter().take(SHOWN).filter_map(|finding| {
        let concept = lexicon.concepts.get(finding.phrase.concept)?;
        let phrase = concept.phrases.get(finding.phrase.phrase)?;
        Some(format!("\"{}\"", phrase.trim_matches(['^', '*'])))
    });
    let shown: Vec<String> = shown.collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}
