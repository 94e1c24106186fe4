//! The functions' last lines, kept in memory: what `gatewayctl tail` and the console show.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use local_lambda::FunctionLine;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::json;

/// The oldest lines are forgotten above this many; all are in the log files.
const MOST_KEPT: usize = 20_000;

/// The most lines of one answer.
const MOST_SHOWN: usize = 1_000;

/// The lines. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Recent(Arc<Mutex<Lines>>);

#[derive(Default)]
struct Lines {
    kept: VecDeque<Line>,
    /// How many there were in all: the number of the next one.
    count: u64,
}

/// One line as `GET /_local/logs` shows it.
#[derive(Clone, Debug, Serialize)]
struct Line {
    number: u64,
    function: String,
    pid: u32,
    line: String,
}

/// Which lines are wanted.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// Only lines with at least this number: `next` of the answer before.
    #[serde(default)]
    from: u64,
    /// Only lines in which this occurs, such as a tracking id.
    contains: Option<String>,
}

impl Recent {
    /// Keeps a line.
    pub(super) fn keep(&self, line: &FunctionLine) {
        let mut lines = self.lines();
        let number = lines.count;
        lines.count += 1;
        if lines.kept.len() == MOST_KEPT {
            lines.kept.pop_front();
        }
        let FunctionLine { function, pid, text, .. } = line;
        lines.kept.push_back(Line { number, function: function.clone(), pid: *pid, line: text.clone() });
    }

    /// `GET /_local/logs?from=NUMBER&contains=TEXT`.
    pub(crate) fn routes(&self) -> Router {
        Router::new().route("/_local/logs", get(show)).with_state(self.clone())
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        // Nothing is left half done under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first wanted lines, and the number to ask from next.
    fn wanted(&self, wanted: &Wanted) -> (u64, Vec<Line>) {
        let lines = self.lines();
        let start = lines.kept.partition_point(|line| line.number < wanted.from);
        let is_wanted =
            |line: &&Line| wanted.contains.as_ref().is_none_or(|part| line.line.contains(part.as_str()));
        let found: Vec<Line> =
            lines.kept.range(start..).filter(is_wanted).take(MOST_SHOWN).cloned().collect();
        let is_all = found.len() < MOST_SHOWN;
        let next =
            if is_all { lines.count } else { found.last().map_or(lines.count, |last| last.number + 1) };
        (next, found)
    }
}

async fn show(State(recent): State<Recent>, Query(wanted): Query<Wanted>) -> Response {
    let (next, lines) = recent.wanted(&wanted);
    json::response(StatusCode::OK, &json!({"next": next, "lines": lines}))
}

#[cfg(test)]
mod tests {
    use local_lambda::OutputStream;

    use super::*;

    fn with(count: usize) -> Recent {
        let recent = Recent::default();
        for number in 0..count {
            let text = format!("line {number}.");
            let stream = OutputStream::Stdout;
            recent.keep(&FunctionLine { function: "delivery".to_owned(), pid: 7, stream, text });
        }
        recent
    }

    #[test]
    fn whoever_asks_from_the_number_of_the_last_answer_misses_nothing_and_sees_nothing_twice() {
        let recent = with(2_500);
        let (mut from, mut seen) = (0, Vec::new());
        loop {
            let (next, lines) = recent.wanted(&Wanted { from, contains: None });
            if lines.is_empty() {
                break;
            }
            seen.extend(lines.into_iter().map(|line| line.number));
            from = next;
        }
        assert_eq!(seen, (0..2_500).collect::<Vec<u64>>());
    }

    #[test]
    fn only_what_contains_the_text_is_shown() {
        let (next, lines) = with(30).wanted(&Wanted { from: 0, contains: Some(" 7.".to_owned()) });
        assert_eq!((next, lines.len(), lines[0].line.as_str()), (30, 1, "line 7."));
    }

    #[test]
    fn the_oldest_lines_are_forgotten() {
        let recent = with(MOST_KEPT + 5);
        assert_eq!(recent.wanted(&Wanted::default()).1[0].number, 5);
    }
}
