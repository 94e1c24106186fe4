//! The log of the one-machine stack.

use reqwest::Method;
use revops_core::TrackingId;
use serde::Deserialize;

use super::Line;
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::target::Target;

/// Reads on from where it stopped.
pub(super) struct Reader {
    from: u64,
    contains: Option<TrackingId>,
}

#[derive(Deserialize)]
struct Page {
    next: u64,
    lines: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    function: String,
    line: String,
}

impl Reader {
    pub(super) const fn new(contains: Option<TrackingId>) -> Self {
        Self { from: 0, contains }
    }

    /// What is new since the last call.
    pub(super) async fn next(&mut self, target: &Target) -> Result<Vec<Line>, CtlError> {
        let mut lines = Vec::new();
        loop {
            let contains = self.contains.map(|id| format!("&contains={id}")).unwrap_or_default();
            let path = format!("/_local/logs?from={}{contains}", self.from);
            let answer = call(target, Method::GET, &path, &[], None).await?;
            if answer.status != 200 {
                return Err(refused(&answer));
            }
            let page: Page = serde_json::from_value(answer.body).map_err(|cause| {
                CtlError::Failed(format!("the stack's log is not understood: {cause}; restart `cargo local`"))
            })?;
            self.from = page.next;
            if page.lines.is_empty() {
                return Ok(lines);
            }
            lines.extend(page.lines.iter().map(|written| Line::new(&written.function, &written.line)));
        }
    }
}
