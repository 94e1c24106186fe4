//! Words the evidence for on-call. Only the model's and the lexicon's own texts and configured names are quoted,
//! so that no reason repeats what a question or an answer says.

use super::Method;
use super::decide::{Decision, Signals};
use super::features::Group;
use super::features::{NAME, RARE};
use crate::header::Header;

/// How many features of a text are named.
const SHOWN: usize = 3;
/// What adds less than this to a class is not worth naming.
const WORTH_NAMING: f64 = 0.04;

/// One feature or collaborator, and what it adds to each class.
#[derive(Clone, Debug, PartialEq)]
pub struct Clue {
    /// Where it was found.
    pub group: Group,
    /// What was found, in the model's words.
    pub text: String,
    /// What it adds to each class, in the order of [`Header::ALL`].
    pub adds: [f64; Header::ALL.len()],
}

/// Why the class won, such as `question says "close date", names somebody; DealAnalysisAgent was asked`.
pub(crate) fn reason(signals: &Signals<'_>, decision: &Decision<'_>) -> String {
    if decision.method == Method::Default {
        return "nothing in the texts or the trace speaks for another class".to_owned();
    }
    let header = decision.header;
    let mut clauses = Vec::new();
    clauses.extend(clause("question", decision, |group| !group.is_answer()));
    clauses.extend(clause("answer", decision, Group::is_answer));
    if decision.reading.apology {
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

/// Everything that was found, strongest for the winning class first.
pub(crate) fn clues(decision: &Decision<'_>) -> Vec<Clue> {
    let Decision { weighing, reading, header, .. } = decision;
    let adds = |found| Header::ALL.map(|class| weighing.adds(found, reading, class));
    let clue = |found| (found, adds(found));
    let mut found: Vec<_> = weighing.found().iter().map(clue).collect();
    found.sort_by(|(_, a), (_, b)| b[*header as usize].total_cmp(&a[*header as usize]));
    let worded = found.into_iter().map(|(found, adds)| (found.group, worded(found.group, found.text), adds));
    worded.map(|(group, text, adds)| Clue { group, text, adds }).collect()
}

/// A feature's text as a person reads it.
fn worded(group: Group, text: &str) -> String {
    let words = text.split_ascii_whitespace().map(|word| match word {
        NAME => "<name>",
        RARE => "<other word>",
        word => word,
    });
    match group {
        Group::QuestionWords | Group::HeadingWords | Group::BodyWords | Group::TableWords => {
            format!("\"{}\"", words.filter(|word| *word != ".").collect::<Vec<_>>().join(" "))
        }
        Group::QuestionLetters => format!("…{text}…"),
        Group::QuestionConcepts | Group::AnswerConcepts => format!("({text})"),
        Group::QuestionShape | Group::AnswerShape | Group::Collaborators => text.to_owned(),
    }
}

/// The features of one text that add most to the winning class. Only what is shown is put into words.
fn clause(subject: &str, decision: &Decision<'_>, of: impl Fn(Group) -> bool) -> Option<String> {
    let Decision { weighing, reading, header, .. } = decision;
    let said = |group| of(group) && !matches!(group, Group::QuestionLetters | Group::Collaborators);
    let adds = |found| (weighing.adds(found, reading, *header), found);
    let found = weighing.found().iter().filter(|found| said(found.group)).map(adds);
    let mut worth: Vec<_> = found.filter(|(adds, _)| *adds >= WORTH_NAMING).collect();
    worth.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut shown: Vec<String> = Vec::new();
    for text in worth.iter().map(|(_, found)| worded(found.group, found.text)) {
        let inside = |other: &String| other.contains(text.trim_matches('"'));
        if shown.len() == SHOWN {
            break;
        }
        if !shown.iter().any(inside) {
            shown.push(text);
        }
    }
    let (words, shapes): (Vec<String>, _) = shown.into_iter().partition(|text| text.starts_with(['"', '(']));
    let said = (!words.is_empty()).then(|| format!("says {}", words.join(", ")));
    let parts: Vec<String> = said.into_iter().chain(shapes).collect();
    (!parts.is_empty()).then(|| format!("{subject} {}", parts.join(" and ")))
}
