//! A long bad day: thousands of conversations while receivers fail, services throttle, fail and hang, and
//! functions are killed, on scaled time. Afterwards every promise is checked, and what it cost is counted.
//!
//! `cargo run --bin long-run` has ten thousand of them; a short day is a test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod audit;
mod callers;
mod day;
mod fate;
mod killer;
mod receiver;
mod report;

use std::path::PathBuf;
use std::time::Duration;

pub use day::run;
pub use report::{Progress, Report};

use crate::faults::Weather;

/// How long and how bad the day is.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many conversations.
    pub conversations: u32,
    /// What decides which receiver fails how, and which calls suffer.
    pub seed: u64,
    /// How many callers ask at a time.
    pub callers: usize,
    /// `--time-scale` of the stack.
    pub time_scale: f64,
    /// A function is killed this often; none lives undisturbed.
    pub kill_every: Option<Duration>,
    /// How the embedded services behave.
    pub weather: Option<Weather>,
    /// Where the state of the stack and its log go; none for a temporary folder.
    pub folder: Option<PathBuf>,
    /// Nothing has ended for this long: what is open by then is lost.
    pub patience: Duration,
}

impl Settings {
    /// A bad day with so many conversations.
    #[must_use]
    pub fn bad_day(conversations: u32, seed: u64) -> Self {
        let (every, lasts) = (Duration::from_secs(3), Duration::from_millis(700));
        Self {
            conversations,
            seed,
            callers: 12,
            time_scale: 100.0,
            kill_every: Some(Duration::from_millis(500)),
            weather: Some(Weather { calm: 0.005, gust: 0.6, every, lasts }),
            folder: None,
            patience: Duration::from_mins(4),
        }
    }
}
