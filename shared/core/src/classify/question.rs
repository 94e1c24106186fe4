//! Whether a question names a person or company: deals and leads have names, figures and how-to questions
//! seldom do.

use std::collections::BTreeSet;

/// Whether `query` has a capitalised word that does not start a sentence and is not one of `not_names`.
/// A question in capital letters tells nothing.
pub(crate) fn names_somebody(query: &str, not_names: &BTreeSet<String>) -> bool {
    if shouts(query) {
        return false;
    }
    let mut starts_sentence = true;
    for word in query.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !starts_sentence && is_name(bare, not_names) {
            return true;
        }
        starts_sentence = word.ends_with(['.', '?', '!', ':', '¿', '¡', '-', '–']);
    }
    false
}

/// Whether `query` is nothing but a name of up to three words, such as `Nimbus Row?`.
pub(crate) fn is_bare_name(query: &str, not_names: &BTreeSet<String>) -> bool {
    let mut words = query.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let named = words.next().is_some_and(|word| is_name(word, not_names));
    named && !shouts(query) && words.count() < 3
}

fn is_name(word: &str, not_names: &BTreeSet<String>) -> bool {
    let stem = word.split(['\'', '’', '-', '/']).next().unwrap_or(word);
    let lower = stem.to_lowercase();
    stem.chars().next().is_some_and(char::is_uppercase)
        && stem.chars().count() > 1
        && !stem.contains(|c: char| c.is_ascii_digit())
        && !not_names.contains(&lower)
        && !lower.strip_suffix('s').is_some_and(|singular| not_names.contains(singular))
}

fn shouts(query: &str) -> bool {
    !query.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capitalised_word_inside_a_sentence_is_a_name() {
        let not_names: BTreeSet<String> = ["crm", "mql"].map(str::to_owned).into();
        for query in ["How is Bexley Foods doing?", "status for IXIS", "who's at Roque's", "Nimbus Row?"] {
            assert!(names_somebody(query, &not_names), "{query}");
        }
        for query in
            ["How do I log in?", "Hi! Thanks", "what are MQLs in Q3", "our CRM", "SHOW ME COVERAGE", ""]
        {
            assert!(!names_somebody(query, &not_names), "{query}");
        }
    }

    #[test]
    fn a_question_can_be_a_name_alone() {
        let not_names: BTreeSet<String> = ["crm".to_owned()].into();
        assert!(is_bare_name("Corvane??", &not_names) && is_bare_name("Moss & Hale", &not_names));
        for query in ["CRM", "corvane", "HELP", "Corvane did not answer us", ""] {
            assert!(!is_bare_name(query, &not_names), "{query}");
        }
    }
}
