//! Tells somebody without a terminal that the build is getting on.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::console;

/// How often a line is written.
const EVERY: Duration = Duration::from_secs(5);

/// Counts crates. On a terminal it is silent, since cargo draws a bar there.
pub(super) struct Progress {
    on_terminal: bool,
    total: Option<usize>,
    compiled: HashSet<String>,
    ticks: Interval,
    has_shown: bool,
}

impl Progress {
    /// `total` is how many crates there are, where that is known.
    pub(super) fn new(on_terminal: bool, total: Option<usize>) -> Self {
        let mut ticks = interval_at(Instant::now() + EVERY, EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { on_terminal, total, compiled: HashSet::new(), ticks, has_shown: false }
    }

    /// Resolves when it is time for the next line.
    pub(super) async fn tick(&mut self) {
        self.ticks.tick().await;
    }

    /// A crate of `package` is ready.
    pub(super) fn compiled(&mut self, package: String) {
        self.compiled.insert(package);
    }

    /// Writes a line.
    pub(super) fn show(&mut self) {
        if !self.on_terminal {
            self.has_shown = true;
            console::note(&line(self.compiled.len(), self.total));
        }
    }

    /// Says that all is compiled, if anything was said before.
    pub(super) fn finish(&mut self) {
        if self.has_shown {
            console::note("functions built");
        }
    }
}

fn line(compiled: usize, total: Option<usize>) -> String {
    match total {
        // The features of the whole workspace may bring in a few crates more than were counted.
        Some(total) => format!("building the functions: compiled {} of {total} crates", compiled.min(total)),
        None => format!("building the functions: compiled {compiled} crates"),
    }
}
