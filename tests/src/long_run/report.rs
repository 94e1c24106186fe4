//! What a long run has come to.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// How far a run is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Conversations whose caller has a 2xx.
    pub accepted: usize,
    /// Conversations with an outcome.
    pub ended: usize,
    /// Processes that were killed.
    pub kills: u64,
    /// Since the first question.
    pub elapsed: Duration,
}

/// What a run has come to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Conversations whose caller has a 2xx.
    pub accepted: usize,
    /// Those that ended delivered.
    pub delivered: usize,
    /// Those that ended failed, as their receivers had it.
    pub failed: usize,
    /// Those that never ended.
    pub lost: usize,
    /// POSTs that the receivers saw.
    pub posts: u32,
    /// POSTs that they answered with something else than a 2xx.
    pub failed_posts: u32,
    /// POSTs that came although an earlier one of the same conversation was taken: the price of at-least-once.
    pub duplicates: u32,
    /// Conversations in the dead-letter queue.
    pub dead_letters: usize,
    /// Messages there that say the same as another one.
    pub dead_letter_copies: usize,
    /// How often the agent was asked.
    pub agent_calls: u64,
    /// Processes that were killed.
    pub kills: u64,
    /// Calls of AWS services that were throttled, failed, hung, or lost their answer.
    pub mishaps: u64,
    /// From the first question to the last empty queue.
    pub seconds: f64,
    /// Promises that were broken, in words; empty on a good and on a bad day.
    pub broken: Vec<String>,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, ended, kills, elapsed } = self;
        write!(f, "{:>5} s  {accepted} accepted  {ended} ended  {kills} kills", elapsed.as_secs())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_conversation = f64::from(self.duplicates) / (self.accepted.max(1) as f64);
        for (name, value) in [
            ("conversations accepted", self.accepted.to_string()),
            ("delivered", self.delivered.to_string()),
            ("failed, as their receivers had it", self.failed.to_string()),
            ("lost", self.lost.to_string()),
            ("POSTs", self.posts.to_string()),
            ("answered with a failure", self.failed_posts.to_string()),
            ("duplicates", format!("{} ({per_conversation:.4} a conversation)", self.duplicates)),
            ("dead letters", self.dead_letters.to_string()),
            ("copies among them", self.dead_letter_copies.to_string()),
            ("calls of the agent", self.agent_calls.to_string()),
            ("functions killed", self.kills.to_string()),
            ("AWS calls that suffered", self.mishaps.to_string()),
            ("seconds", format!("{:.0}", self.seconds)),
            ("promises broken", self.broken.len().to_string()),
        ] {
            writeln!(f, "{name:<36} {value}")?;
        }
        self.broken.iter().take(20).try_for_each(|what| writeln!(f, "  {what}"))
    }
}
