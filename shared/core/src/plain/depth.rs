//! Bounds how deep a line of Markdown can nest quotes and lists.
//!
//! For every line the parser walks the containers that are open, so that a line of 100,000 `>` followed by
//! 100,000 lines would take minutes. Nobody writes a hundred levels: the marker after them is made text.

use std::borrow::Cow;

/// How many markers of quotes and lists a line can start with.
const MARKERS: usize = 100;

/// `markdown`, with the first marker beyond [`MARKERS`] of each line escaped.
pub(crate) fn limit(markdown: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut start = 0;
    for line in markdown.split_inclusive('\n') {
        if let Some(at) = excess(line.as_bytes()) {
            out.push_str(&markdown[copied..start + at]);
            out.push('\\');
            copied = start + at;
        }
        start += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(markdown);
    }
    out.push_str(&markdown[copied..]);
    Cow::Owned(out)
}

/// Where the first marker too many can be escaped: before its only or last character.
fn excess(line: &[u8]) -> Option<usize> {
    let mut markers = 0;
    let mut at = 0;
    loop {
        at += line[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let end = marker(&line[at..]).map(|length| at + length)?;
        markers += 1;
        if markers > MARKERS {
            return Some(end - 1);
        }
        at = end;
    }
}

/// The length of the marker of a quote or list item at the start of `line`.
fn marker(line: &[u8]) -> Option<usize> {
    let digits = line.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    let spaced = |at: usize| line.get(at).is_none_or(u8::is_ascii_whitespace);
    match line.get(digits)? {
        b'>' if digits == 0 => Some(1),
        b'-' | b'*' | b'+' if digits == 0 && spaced(1) => Some(1),
        b'.' | b')' if digits > 0 && spaced(digits + 1) => Some(digits + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_as_people_write_it_is_left_alone() {
        for text in ["", "> > - 1. a\n- b\n", "-----", "a\n\n> b", &"> ".repeat(MARKERS)] {
            assert!(matches!(limit(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn the_first_marker_too_many_becomes_text() {
        let deep = ">".repeat(MARKERS);
        assert_eq!(limit(&format!("a\n{deep}>>b\n{deep}1. c")), format!("a\n{deep}\\>>b\n{deep}1\\. c"));
    }
}
