//! Lines of output inside quotes and list items.

/// Beyond this depth quotes and lists are no longer indented: a line's prefix would otherwise grow with the
/// depth, and the output with the square of the input.
const SHOWN_DEPTH: usize = 8;

/// What stands between two pieces of text, weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing.
    #[default]
    None,
    /// A new line.
    Line,
    /// An empty line.
    Paragraph,
}

#[derive(Debug)]
enum Container {
    Quote,
    Item(String),
}

/// The text so far, and what the next line has to start with.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    out: String,
    containers: Vec<Container>,
    /// How many containers have begun: the markers of the others are still to be written.
    begun: usize,
    gap: Gap,
    /// The next text starts a line.
    fresh: bool,
    /// The open cell of a table: where its text starts, and whether a break inside it is due.
    cell: Option<(usize, bool)>,
    /// Where the last cell with text ends.
    row_end: usize,
}

impl Lines {
    /// Asks for at least this gap before the next text. Nothing comes between an item's marker and its text.
    /// A cell stays on its line.
    pub(crate) fn gap(&mut self, gap: Gap) {
        if let Some((_, break_due)) = &mut self.cell {
            *break_due = true;
            return;
        }
        let marker_waits = self.begun < self.containers.len();
        let gap = if marker_waits { gap.min(self.gap) } else { gap };
        self.gap = self.gap.max(gap);
    }

    /// Opens a quote.
    pub(crate) fn open_quote(&mut self) {
        self.containers.push(Container::Quote);
    }

    /// Opens a list item, with its marker and a space.
    pub(crate) fn open_item(&mut self, marker: String) {
        self.gap(Gap::Line);
        self.containers.push(Container::Item(marker));
    }

    /// Closes the innermost quote or item; one without text is shown by its marker alone.
    pub(crate) fn close(&mut self) {
        if self.begun < self.containers.len() && matches!(self.containers.last(), Some(Container::Item(_))) {
            self.begin_line();
            self.out.truncate(self.out.trim_end_matches(' ').len());
        }
        self.containers.pop();
        self.begun = self.begun.min(self.containers.len());
        self.gap(Gap::Line);
    }

    /// Writes text of one line.
    pub(crate) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.begin_line();
        if let Some((start, break_due)) = &mut self.cell
            && std::mem::take(break_due)
            && self.out.len() > *start
        {
            self.out.push_str("; ");
        }
        self.out.push_str(text);
    }

    /// Opens a cell of a table row.
    pub(crate) fn open_cell(&mut self, first: bool) {
        if !first {
            self.text(" | ");
        }
        self.cell = Some((self.mark(), false));
    }

    /// Closes it.
    pub(crate) fn close_cell(&mut self) {
        if let Some((start, _)) = self.cell.take()
            && self.out.len() > start
        {
            self.row_end = self.out.len();
        }
    }

    /// Opens a row.
    pub(crate) fn open_row(&mut self) {
        self.gap(Gap::Line);
        self.row_end = self.mark();
    }

    /// Closes it: empty cells at its end are not shown, since the parser fills short rows with them.
    pub(crate) fn close_row(&mut self) {
        self.out.truncate(self.row_end);
        self.gap(Gap::Line);
    }

    /// Writes lines as they are, blank ones too.
    pub(crate) fn block(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            self.text(line.trim_end_matches(['\n', '\r']));
            if line.ends_with('\n') {
                self.break_line();
            }
        }
    }

    /// A place in the text, after the gap that is due.
    pub(crate) fn mark(&mut self) -> usize {
        self.begin_line();
        self.out.len()
    }

    /// The text since a mark.
    pub(crate) fn since(&self, mark: usize) -> &str {
        self.out.get(mark..).unwrap_or_default()
    }

    /// Replaces the text since a mark.
    pub(crate) fn rewrite(&mut self, mark: usize, text: &str) {
        self.out.truncate(mark);
        self.out.push_str(text);
    }

    /// Whether the text so far ends with a space or starts a line.
    pub(crate) fn is_apart(&self) -> bool {
        self.gap > Gap::None || self.out.is_empty() || self.out.ends_with([' ', '\n'])
    }

    /// The text without blank ends.
    pub(crate) fn finish(self) -> String {
        let end = self.out.trim_end().len();
        let mut out = self.out;
        out.truncate(end);
        out
    }

    /// One more line break, also after an empty line.
    fn break_line(&mut self) {
        if self.gap > Gap::None && !self.out.is_empty() {
            self.end_line();
            self.empty_line();
        }
        self.gap = Gap::Line;
    }

    fn begin_line(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if !self.out.is_empty() && gap > Gap::None {
            self.end_line();
            if gap == Gap::Paragraph {
                self.empty_line();
                self.end_line();
            }
            self.fresh = true;
        }
        if self.out.is_empty() || self.fresh || self.begun < self.containers.len() {
            self.prefix();
        }
    }

    fn end_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// An empty line, which inside a quote still shows the quote.
    fn empty_line(&mut self) {
        let start = self.out.len();
        self.indent();
        self.out.truncate(start + self.since(start).trim_end().len());
    }

    fn prefix(&mut self) {
        if self.fresh || self.out.is_empty() {
            self.indent();
        }
        self.fresh = false;
        for (depth, container) in self.containers.iter().enumerate().skip(self.begun) {
            match container {
                Container::Quote if depth < SHOWN_DEPTH => self.out.push_str("> "),
                Container::Quote => {}
                Container::Item(marker) => self.out.push_str(marker),
            }
        }
        self.begun = self.containers.len();
    }

    /// What the containers that have begun put before a line.
    fn indent(&mut self) {
        for container in self.containers.iter().take(self.begun.min(SHOWN_DEPTH)) {
            match container {
                Container::Quote => self.out.push_str("> "),
                Container::Item(marker) => self.out.extend(marker.chars().map(|_| ' ')),
            }
        }
    }
}
