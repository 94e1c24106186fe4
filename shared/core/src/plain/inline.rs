//! Links and images: their text, then their address in parentheses, unless the text is the address.

use pulldown_cmark::LinkType;

use super::lines::Lines;

/// A link or image whose text is being written.
pub(crate) struct Target {
    address: String,
    /// Written in angle brackets: the text is the address.
    bare: bool,
    /// Where its text starts.
    start: usize,
}

impl Target {
    /// A link or image to `address` whose text starts at the mark `start`.
    pub(crate) fn new(kind: LinkType, address: &str, start: usize) -> Self {
        let bare = matches!(kind, LinkType::Autolink | LinkType::Email);
        Self { address: address.to_owned(), bare, start }
    }

    /// Writes what comes after the text.
    pub(crate) fn close(self, lines: &mut Lines) {
        if self.bare {
            // Slack writes `<address|label>`.
            if let Some((address, label)) = self.address.split_once('|')
                && lines.since(self.start) == self.address
            {
                lines.rewrite(self.start, &format!("{label} ({address})"));
            }
            return;
        }
        let text = lines.since(self.start).trim();
        if self.address.is_empty() || is_same(text, &self.address) {
            return;
        }
        let empty = text.is_empty();
        lines.text(&if empty { self.address } else { format!(" ({})", self.address) });
    }
}

/// Whether the text says the address already, with or without its scheme.
fn is_same(text: &str, address: &str) -> bool {
    let bare =
        ["https://", "http://", "mailto:", "tel:"].iter().find_map(|scheme| address.strip_prefix(scheme));
    text == address || bare.is_some_and(|bare| text == bare || text == bare.trim_end_matches('/'))
}
