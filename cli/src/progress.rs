//! Signs of life on standard error, for work that takes long.

use std::cell::Cell;
use std::io::{IsTerminal as _, Write as _};

/// A line for so many listed objects. A page is at most a thousand.
const OBJECTS_A_LINE: usize = 20_000;

/// A line for so many conversations read.
const READS_A_LINE: usize = 500;

/// Counts, and says so now and then.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    objects: Cell<usize>,
    reads: Cell<usize>,
}

impl Progress {
    /// More objects were listed.
    pub(crate) fn listed(&self, count: usize) {
        self.count(&self.objects, count, OBJECTS_A_LINE, "objects listed");
    }

    /// One more conversation was read.
    pub(crate) fn read_one(&self) {
        self.count(&self.reads, 1, READS_A_LINE, "conversations read");
    }

    fn count(&self, counter: &Cell<usize>, count: usize, a_line: usize, what: &str) {
        let (before, now) = (counter.get(), counter.get() + count);
        counter.set(now);
        if before / a_line != now / a_line {
            self.say(&format!("{now} {what}"));
        }
    }

    /// Writes a line.
    #[expect(clippy::unused_self, reason = "whoever has something to say has a progress")]
    pub(crate) fn say(&self, text: &str) {
        // Nothing is left to do about a closed terminal.
        let _closed = writeln!(std::io::stderr(), "gatewayctl: {text}");
    }
}

/// How far a replay is: one line that rewrites itself, where somebody can see it.
#[derive(Debug)]
pub(crate) struct Bar {
    total: usize,
    is_seen: bool,
}

impl Bar {
    /// A bar for `total` letters. It shows only on a terminal.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, is_seen: std::io::stderr().is_terminal() }
    }

    /// `done` are through, of which `stayed` stay.
    pub(crate) fn show(&self, done: usize, stayed: usize) {
        if self.is_seen {
            let end = if done == self.total { "\n" } else { "" };
            let text = line(done, stayed, self.total);
            // Nothing is left to do about a closed terminal.
            let _closed = write!(std::io::stderr(), "\r{text}{end}");
        }
    }
}

/// How wide the bar itself is.
const WIDTH: usize = 30;

fn line(done: usize, stayed: usize, total: usize) -> String {
    let full = (done * WIDTH).checked_div(total).unwrap_or(WIDTH);
    let bar = format!("{}{}", "#".repeat(full), "-".repeat(WIDTH.saturating_sub(full)));
    format!("[{bar}] {done} of {total}, {stayed} stay")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_empty_at_first_and_full_at_last() {
        assert!(line(0, 0, 10).starts_with("[------------------------------] 0 of 10"));
        assert!(line(10, 1, 10).starts_with("[##############################] 10 of 10, 1 stay"));
        assert!(line(0, 0, 0).starts_with("[####"));
    }
}
