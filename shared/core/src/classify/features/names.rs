//! The words of a question without the names in it: deals and leads have names, figures and how-to questions
//! seldom do, and which name it is must not matter.

use std::collections::BTreeSet;

use crate::classify::words;

/// Stands for one or more words that name a person or company.
pub(crate) const NAME: &str = "N";
/// Stands for any other word that the model does not know.
pub(crate) const RARE: &str = "U";

/// The words of `query` as [`words::words`] gives them, with [`NAME`] for names. A capitalised word is a name
/// unless it is `known` or one of `not_names`. A question in capital letters tells no names.
pub(crate) fn unnamed(query: &str, not_names: &BTreeSet<String>, known: impl Fn(&str) -> bool) -> String {
    let shouts = !query.chars().any(char::is_lowercase);
    let mut out = String::with_capacity(query.len() + 8);
    out.push_str(" . ");
    for raw in query.split_whitespace() {
        let bare = raw.trim_matches(|c: char| !c.is_alphanumeric());
        if !shouts && is_name(bare, not_names, &known) {
            push_name(&mut out);
        } else {
            words::append_inside(raw, &mut out);
        }
        if raw.ends_with(['.', '?', '!', ':']) && !out.ends_with(" . ") {
            out.push_str(". ");
        }
    }
    if !out.ends_with(" . ") {
        out.push_str(". ");
    }
    out
}

/// `unnamed` with [`RARE`] for each word that is not `known`.
pub(crate) fn familiar(unnamed: &str, known: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(unnamed.len());
    out.push(' ');
    for word in unnamed.split_ascii_whitespace() {
        let signs = matches!(word, "." | NAME);
        out.push_str(if signs || known(word) { word } else { RARE });
        out.push(' ');
    }
    out
}

fn push_name(out: &mut String) {
    if !out.ends_with(" N ") {
        out.push_str("N ");
    }
}

fn is_name(word: &str, not_names: &BTreeSet<String>, known: impl Fn(&str) -> bool) -> bool {
    if !word.chars().next().is_some_and(char::is_uppercase) {
        return false;
    }
    let stem = word.split(['\'', '’', '-', '/']).next().unwrap_or(word);
    let mut lower = String::from(" ");
    words::append_inside(stem, &mut lower);
    let lower = lower.trim();
    stem.chars().count() > 1
        && !stem.contains(|c: char| c.is_ascii_digit())
        && !known(lower)
        && !not_names.contains(lower)
        && !lower.strip_suffix('s').is_some_and(|singular| not_names.contains(singular))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expected: &str) {
        let not_names: BTreeSet<String> = ["crm", "mql"].map(str::to_owned).into();
        let known = |word: &str| matches!(word, "how" | "is" | "doing" | "the" | "deal" | "with");
        let plain = unnamed(query, &not_names, known);
        assert_eq!(familiar(&plain, known).trim(), expected, "{query}");
    }

    #[test]
    fn names_are_one_sign_wherever_they_stand() {
        check("How is Bexley Foods doing?", ". how is N doing .");
        check("Corvane's deal", ". N deal .");
        check("Nimbus Row?", ". N .");
        check("Moss & Hale - the deal", ". N the deal .");
    }

    #[test]
    fn words_that_are_known_or_no_names_stay() {
        check("How is the Deal doing? With MQLs", ". how is the deal doing . with U .");
        check("is CRM", ". is U .");
        check("HOW IS THE DEAL", ". how is the deal .");
        check("", ".");
    }

    #[test]
    fn an_unknown_word_in_lower_case_is_rare() {
        check("how is corvane doing", ". how is U doing .");
    }
}
