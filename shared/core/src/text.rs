//! Texts from outside where a person reads them: a terminal, the log of a console.

/// `text` on one line, such that it commands no terminal and does not change the direction in which the rest is read:
/// a space for each character that would.
///
/// Source: Unicode Standard Annex #9, "Explicit Directional Embeddings, Overrides and Isolates" and their terminators.
#[must_use]
pub fn harmless(text: &str) -> String {
    text.chars().map(|one| if commands(one) { ' ' } else { one }).collect()
}

/// The first `most` characters of `text` without the space around it, [`harmless`]; a cut is shown.
#[must_use]
pub fn excerpt(text: &str, most: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", harmless(&text[..end])),
        None => harmless(text),
    }
}

fn commands(one: char) -> bool {
    one.is_control() || matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_outside_is_cut_and_commands_no_terminal() {
        assert_eq!(excerpt(" busy\n", 160), "busy");
        let hostile = excerpt(&format!("\u{1b}[2J{}", "x".repeat(1_000)), 160);
        assert!(!hostile.contains('\u{1b}') && hostile.ends_with('…'), "{hostile}");
        assert_eq!(hostile.chars().count(), 161);
        assert_eq!(excerpt("äöü", 3), "äöü");
    }

    #[test]
    fn a_text_from_outside_does_not_turn_the_direction_of_reading() {
        for one in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            assert_eq!(harmless(&format!("a{one}b")), "a b", "{:x}", u32::from(one));
        }
        assert_eq!(harmless("שלום \u{200f}3%"), "שלום \u{200f}3%", "marks and letters stay");
    }
}
