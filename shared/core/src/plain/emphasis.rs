//! Marks of emphasis that are signs of the text.
//!
//! CommonMark takes `5*3 and 4*2`, `x**2 + y**2` and the path of `https://x.example/_a_` for emphasis. Without
//! their marks the figures would be other figures and the address would lead elsewhere, so these marks stay.

use std::ops::Range;

/// How far back the start of an address is looked for, in bytes: many marks in one endless word stay cheap.
const ADDRESS_BYTES: usize = 256;

/// The mark at both ends of the emphasis that `range` of `source` spans, where it belongs to the text.
pub(crate) fn sign<'a>(source: &'a str, range: &Range<usize>) -> Option<&'a str> {
    let before = source.get(..range.start)?;
    let after = source.get(range.end..)?;
    let joined = before.ends_with(joins) && after.starts_with(is_word);
    (joined || is_in_address(before)).then(|| mark(source.get(range.clone()).unwrap_or_default()))
}

/// Only letters that are written with spaces between words: `这是*重点*内容` is emphasis.
fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
}

/// What a sign may follow: a word, or what closes one, as in `(5)*3 and 4*2` and `20%*3 and 4*2`.
fn joins(letter: char) -> bool {
    is_word(letter) || matches!(letter, ')' | ']' | '}' | '%' | '$' | '\'')
}

fn is_in_address(before: &str) -> bool {
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(ADDRESS_BYTES))..];
    let word = near.rfind(char::is_whitespace).map_or(near, |space| &near[space..]);
    // A bracket closes the address, as in `[deal](https://x.example)*`.
    word.rfind("://").is_some_and(|at| !word[at..].contains([')', '>', ']', '"']))
}

/// `*`, `**`, `_`, `__`, `~` or `~~`.
fn mark(emphasis: &str) -> &str {
    let Some(first) = emphasis.chars().next() else { return emphasis };
    let length = emphasis.chars().take(2).take_while(|letter| *letter == first).count();
    &emphasis[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, emphasis: &str, after: &str, expected: Option<&str>) {
        let source = format!("{before}{emphasis}{after}");
        let range = before.len()..before.len() + emphasis.len();
        assert_eq!(sign(&source, &range), expected, "{source}");
    }

    #[test]
    fn a_mark_between_two_words_is_a_sign() {
        check("5", "*3 and 4*", "2", Some("*"));
        check("x", "**2 + y**", "2", Some("**"));
        check("(5)", "*3 and 4*", "2", Some("*"));
        check("20%", "*3 and 4*", "2", Some("*"));
        check("a ", "*b*", "c", None);
        check("a", "*b*", " c", None);
        check("是", "*b*", "内", None);
    }

    #[test]
    fn a_mark_in_an_address_is_a_sign() {
        check("see https://x.example/", "_a_", "", Some("_"));
        check("see (https://x.example) ", "_a_", "", None);
        check("[x](https://x.example)", "*a*", "", None);
    }
}
