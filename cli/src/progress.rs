//! Signs of life on standard error, for work that takes long.

use std::cell::Cell;
use std::io::Write as _;

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
