//! The log of the one-machine stack.

use reqwest::Method;
use revops_core::TrackingId;
use serde::Deserialize;

use super::{Line, Looked};
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::target::Target;

/// Reads on from where it stopped.
pub(super) struct Reader {
    from: u64,
    /// Where this look ends: on a busy stack lines come as fast as they are read, and those are for the next look.
    until: Option<u64>,
    contains: Option<TrackingId>,
}

#[derive(Deserialize)]
struct Page {
    next: u64,
    lines: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    number: u64,
    function: String,
    line: String,
}

impl Reader {
    pub(super) const fn new(contains: Option<TrackingId>) -> Self {
        Self { from: 0, until: None, contains }
    }

    /// The next page of this look, which ends with the last line that there was at its first page.
    pub(super) async fn next(&mut self, target: &Target) -> Result<Looked, CtlError> {
        if self.until.is_none() {
            // From beyond the last line: an answer without lines that says how many there were.
            self.until = Some(page(target, u64::MAX, None).await?.next);
        }
        let page = page(target, self.from, self.contains).await?;
        Ok(self.take(page))
    }

    fn take(&mut self, page: Page) -> Looked {
        let until = self.until.unwrap_or_default();
        let written = page.lines.iter().filter(|written| written.number < until);
        let lines = written.map(|written| Line::new(&written.function, &written.line)).collect();
        self.from = page.next.min(until);
        let is_more = !page.lines.is_empty() && self.from < until;
        self.until = self.until.filter(|_| is_more);
        Looked { lines, is_more }
    }
}

async fn page(target: &Target, from: u64, contains: Option<TrackingId>) -> Result<Page, CtlError> {
    let contains = contains.map(|id| format!("&contains={id}")).unwrap_or_default();
    let path = format!("/_local/logs?from={from}{contains}");
    let answer = call(target, Method::GET, &path, &[], None).await?;
    if answer.status != 200 {
        return Err(refused(&answer));
    }
    serde_json::from_value(answer.body).map_err(|cause| {
        CtlError::Failed(format!("the stack's log is not understood: {cause}; restart `cargo local`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(numbers: std::ops::Range<u64>) -> Page {
        let written = |number| Written { number, function: "delivery".to_owned(), line: number.to_string() };
        Page { next: numbers.end, lines: numbers.map(written).collect() }
    }

    #[test]
    fn a_look_ends_with_the_line_that_was_the_last_when_it_began() {
        let mut reader = Reader { until: Some(5), ..Reader::new(None) };
        let first = reader.take(lines(0..3));
        assert_eq!((first.lines.len(), first.is_more, reader.from), (3, true, 3));
        let last = reader.take(lines(3..9));
        assert_eq!((last.lines.len(), last.is_more, reader.from), (2, false, 5));
        assert_eq!(reader.until, None, "the next look sees how far it goes");
    }

    #[test]
    fn a_stack_that_has_started_again_is_no_endless_look() {
        let mut reader = Reader { from: 9, until: Some(4), contains: None };
        assert!(!reader.take(Page { next: 4, lines: Vec::new() }).is_more);
    }
}
