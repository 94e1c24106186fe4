//! HTML inside Markdown: elements go, their text stays.

use super::element::{Effect, effect};
use super::lines::{Gap, Lines};

/// Reads raw HTML piece by piece; a tag may span several pieces.
#[derive(Debug, Default)]
pub(crate) struct Html {
    /// A tag, comment or declaration that has not ended yet.
    open: String,
    /// Inside an element whose text is not shown: its name.
    hidden: Option<&'static str>,
}

impl Html {
    /// Writes the text of Markdown, unless an element hides it.
    pub(crate) fn shown(&self, text: &str, lines: &mut Lines) {
        if self.hidden.is_none() {
            lines.text(text);
        }
    }

    /// Reads the next piece of HTML and writes its text.
    pub(crate) fn read(&mut self, html: &str, lines: &mut Lines) {
        let mut rest = html;
        while !rest.is_empty() {
            rest =
                if self.open.is_empty() { self.read_text(rest, lines) } else { self.read_tag(rest, lines) };
        }
    }

    /// The block ends: what never became a tag is text.
    pub(crate) fn end(&mut self, lines: &mut Lines) {
        let open = std::mem::take(&mut self.open);
        write(&open, lines);
        self.hidden = None;
    }

    fn read_text<'a>(&mut self, html: &'a str, lines: &mut Lines) -> &'a str {
        let end = html.find('<').unwrap_or(html.len());
        let (text, rest) = html.split_at(end);
        if self.hidden.is_none() {
            write(text, lines);
        }
        match rest.strip_prefix('<') {
            Some(rest) => {
                self.open.push('<');
                rest
            }
            None => rest,
        }
    }

    fn read_tag<'a>(&mut self, html: &'a str, lines: &mut Lines) -> &'a str {
        let end = html.find('>').map_or(html.len(), |end| end + 1);
        let (piece, rest) = html.split_at(end);
        self.open.push_str(piece);
        let comment = self.open.starts_with("<!--");
        let ended = if comment { self.open.ends_with("-->") } else { self.open.ends_with('>') };
        if ended {
            let tag = std::mem::take(&mut self.open);
            self.close_tag(&tag, lines);
        }
        rest
    }

    fn close_tag(&mut self, tag: &str, lines: &mut Lines) {
        let closing = tag.starts_with("</");
        match effect(tag) {
            Effect::Hide(name) => self.hidden = (!closing).then_some(name),
            _ if self.hidden.is_some() => {}
            Effect::Text => lines.text(tag),
            Effect::Nothing => {}
            Effect::Space => {
                if !lines.is_apart() {
                    lines.text(" ");
                }
            }
            Effect::Line => lines.gap(Gap::Line),
        }
    }
}

/// Writes text with its entities decoded, line by line.
fn write(text: &str, lines: &mut Lines) {
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        if shown.trim().is_empty() && lines.is_apart() {
            continue;
        }
        lines.text(&decode(shown));
        if line.ends_with('\n') {
            lines.gap(Gap::Line);
        }
    }
}

/// Decodes the entities that escape HTML's own signs, and the space; others stay as written.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&quot;", '"'),
            ("&apos;", '\''),
            ("&#39;", '\''),
            ("&nbsp;", ' '),
            ("&amp;", '&'),
        ];
        let found = known.iter().find(|(entity, _)| rest.starts_with(entity));
        let (length, letter) = found.map_or((1, '&'), |(entity, letter)| (entity.len(), *letter));
        out.push(letter);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}
