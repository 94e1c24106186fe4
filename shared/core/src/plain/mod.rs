//! The agent's Markdown as readable text: `response_plain`.
//!
//! CommonMark with tables, strikethrough, task lists and footnotes goes through a real parser, so that what only
//! looks like a mark (`deal_analysis_report`, `-5% decline`, `3.5% growth`) stays; what CommonMark does take for a
//! mark, but nobody means as one (`5*3 and 4*2`), stays too. What is kept of the form: list markers and numbers,
//! `> ` before quotes, `a | b` for table rows, `[1]` for footnotes, code as it is, a link's address in
//! parentheses. Marks of emphasis, headings and fences go. HTML elements go but their text stays; what is no
//! HTML element, such as `Vec<String>` or `<first name>`, is text. Output and time are linear in the input.

mod depth;
mod element;
mod emphasis;
mod html;
mod inline;
mod lines;

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use html::Html;
use inline::Target;
use lines::{Gap, Lines};

/// Renders CommonMark as plain text without a line break at the end.
#[must_use]
pub fn render(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let markdown = depth::limit(markdown);
    let mut page = Page::new(&markdown);
    for (event, range) in Parser::new_ext(&markdown, options).into_offset_iter() {
        page.event(event, &range);
    }
    page.lines.finish()
}

/// The state of one rendering.
struct Page<'a> {
    source: &'a str,
    lines: Lines,
    /// Numbers of the open lists, innermost last; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// Open links and images, innermost last.
    targets: Vec<Target>,
    html: Html,
    /// Inside a code block, whose text keeps its blank lines.
    code: bool,
    /// A cell before this one stands in the row.
    cell: bool,
}

impl<'a> Page<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            lines: Lines::default(),
            lists: Vec::new(),
            targets: Vec::new(),
            html: Html::default(),
            code: false,
            cell: false,
        }
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) if self.code => self.lines.block(&text),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.html.shown(&text, &mut self.lines);
            }
            Event::Html(text) | Event::InlineHtml(text) => self.html.read(&text, &mut self.lines),
            Event::FootnoteReference(label) => self.html.shown(&format!("[{label}]"), &mut self.lines),
            Event::SoftBreak | Event::HardBreak => self.lines.gap(Gap::Line),
            Event::Rule => {
                self.lines.gap(Gap::Paragraph);
                self.lines.text("---");
                self.lines.gap(Gap::Paragraph);
            }
            Event::TaskListMarker(done) => self.lines.text(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::Table(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {
                self.lines.gap(Gap::Paragraph);
            }
            Tag::CodeBlock(_) => {
                self.lines.gap(Gap::Paragraph);
                self.code = true;
            }
            Tag::BlockQuote(_) => {
                self.lines.gap(Gap::Paragraph);
                self.lines.open_quote();
            }
            Tag::List(first) => {
                self.lines.gap(if self.lists.is_empty() { Gap::Paragraph } else { Gap::Line });
                self.lists.push(first);
            }
            Tag::Item => self.open_item(range),
            Tag::TableHead | Tag::TableRow => {
                self.lines.open_row();
                self.cell = false;
            }
            Tag::TableCell => {
                let first = !std::mem::replace(&mut self.cell, true);
                self.lines.open_cell(first);
            }
            Tag::Link { link_type, dest_url, .. } => self.open_target(link_type, &dest_url),
            Tag::Image { link_type, dest_url, .. } => self.open_target(link_type, &dest_url),
            Tag::FootnoteDefinition(label) => {
                self.lines.gap(Gap::Paragraph);
                self.lines.open_item(format!("[{label}] "));
            }
            Tag::DefinitionList | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => {
                self.lines.gap(Gap::Line);
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => self.show_mark(range),
            Tag::Superscript | Tag::Subscript => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {
                self.html.end(&mut self.lines);
                self.lines.gap(Gap::Paragraph);
            }
            TagEnd::Table => self.lines.gap(Gap::Paragraph),
            TagEnd::CodeBlock => {
                self.code = false;
                self.lines.gap(Gap::Paragraph);
            }
            TagEnd::BlockQuote(_) => {
                self.lines.close();
                self.lines.gap(Gap::Paragraph);
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.lines.gap(if self.lists.is_empty() { Gap::Paragraph } else { Gap::Line });
            }
            TagEnd::Item => {
                self.html.end(&mut self.lines);
                self.lines.close();
            }
            TagEnd::TableCell => {
                self.html.end(&mut self.lines);
                self.lines.close_cell();
            }
            TagEnd::TableHead | TagEnd::TableRow => self.lines.close_row(),
            TagEnd::Link | TagEnd::Image => self.close_target(),
            TagEnd::FootnoteDefinition => self.lines.close(),
            TagEnd::DefinitionList | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => {
                self.lines.gap(Gap::Line);
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.show_mark(range),
            TagEnd::Superscript | TagEnd::Subscript => {}
        }
    }

    /// A mark of emphasis that is a sign of the text.
    fn show_mark(&mut self, range: &Range<usize>) {
        if let Some(sign) = emphasis::sign(self.source, range) {
            self.html.shown(sign, &mut self.lines);
        }
    }

    /// The marker as written, because `+ 5%` must not become `- 5%`; but `*` is `-`, and numbers count on.
    fn open_item(&mut self, range: &Range<usize>) {
        let written = self.source.get(range.clone()).unwrap_or_default().trim_start();
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let shown = *number;
                *number = number.saturating_add(1);
                let digits = written.trim_start_matches(|c: char| c.is_ascii_digit());
                format!("{shown}{} ", if digits.starts_with(')') { ')' } else { '.' })
            }
            Some(None) | None => (if written.starts_with('+') { "+ " } else { "- " }).to_owned(),
        };
        self.lines.open_item(marker);
    }

    fn open_target(&mut self, kind: LinkType, address: &str) {
        self.targets.push(Target::new(kind, address, self.lines.mark()));
    }

    fn close_target(&mut self) {
        if let Some(target) = self.targets.pop() {
            target.close(&mut self.lines);
        }
    }
}
