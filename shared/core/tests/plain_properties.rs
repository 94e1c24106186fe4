//! `response_plain` never loses a word, never panics, and stays linear on hostile input.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use revops_core::plain::render;

/// Formatting around a word, as agents write it.
const INLINE: [(&str, &str); 10] = [
    ("", ""),
    ("**", "**"),
    ("*", "*"),
    ("_", "_"),
    ("~~", "~~"),
    ("`", "`"),
    ("***", "***"),
    ("[", "](https://x.example)"),
    ("<b>", "</b>"),
    ("\"", "\""),
];

/// Formatting around a line.
const BLOCK: [(&str, &str); 9] = [
    ("", "\n\n"),
    ("# ", "\n\n"),
    ("- ", "\n"),
    ("  - ", "\n"),
    ("1. ", "\n\n"),
    ("> ", "\n\n"),
    ("```\n", "\n```\n"),
    ("| ", " | x |\n|---|---|\n| y | z |\n\n"),
    ("<div>", "</div>\n\n"),
];

proptest! {
    #[test]
    fn no_word_of_the_visible_text_is_lost(
        lines in prop::collection::vec(
            (0..BLOCK.len(), prop::collection::vec((0..INLINE.len(), "[a-z]{2,8}[0-9]?"), 1..6)),
            1..8,
        )
    ) {
        let mut markdown = String::new();
        let mut words = Vec::new();
        for (block, pieces) in lines {
            let line: Vec<String> = pieces
                .iter()
                .map(|(inline, word)| format!("{}{word}{}", INLINE[*inline].0, INLINE[*inline].1))
                .collect();
            markdown.push_str(&format!("{}{}{}", BLOCK[block].0, line.join(" "), BLOCK[block].1));
            words.extend(pieces.into_iter().map(|(_, word)| word));
        }
        let plain = render(&markdown);
        let mut rest = plain.as_str();
        for word in words {
            let at = rest.find(&word);
            prop_assert!(at.is_some(), "{word:?} of {markdown:?} is not in order in {plain:?}");
            rest = &rest[at.unwrap() + word.len()..];
        }
    }

    #[test]
    fn any_text_is_rendered(text in any::<String>()) {
        prop_assert!(render(&text).len() <= 40 * text.len() + 40);
    }

    #[test]
    fn any_mix_of_marks_is_rendered(text in "([-*_~`#>|<!\\[\\]() &;0-9a.+\\\\/]|\n|  |\t|<b>|<!--|-->|```){0,80}") {
        let plain = render(&text);
        prop_assert!(plain.len() <= 40 * text.len() + 40);
    }
}

/// Generous, since a test machine may be busy; a quadratic renderer would need minutes.
const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn hostile_input_takes_linear_time_and_space() {
    let many = 100_000;
    let quotes = format!("{}a\n{}", ">".repeat(many), "lazy\n".repeat(many));
    let lists = format!("{}a", "- ".repeat(many / 4));
    let columns = format!("|{}\n|{}\n{}", "a|".repeat(2_000), "-|".repeat(2_000), "|b\n".repeat(2_000));
    let references = format!("[a]: /{}\n\n{}", "u".repeat(50_000), "[a] ".repeat(many));
    let notes = format!("{}\n\n[^a]: b\n", "[^a]".repeat(many));
    let nested_notes: String = (0..many / 20).map(|number| format!("[^{number}]: ")).collect();
    for text in [
        notes,
        nested_notes,
        format!("https://{}", "/_a_".repeat(many)),
        "a*b*c**d**e~f~".repeat(many / 4),
        "[".repeat(many),
        "![[](".repeat(many),
        "*a_ ".repeat(many),
        "`".repeat(many) + "a",
        "<".repeat(many),
        "<!--".repeat(many),
        "<b ".repeat(many),
        "&".repeat(many),
        quotes,
        lists,
        columns,
        references,
    ] {
        let start = Instant::now();
        let plain = render(&text);
        assert!(start.elapsed() < LIMIT, "{:?}… took {:?}", &text[..20], start.elapsed());
        assert!(plain.len() <= 20 * text.len(), "{:?}… became {} bytes", &text[..20], plain.len());
    }
}
