//! Reading an answer's body to a bound.

use tokio::time::{Instant, timeout_at};

/// What is read at most, but for the rest of the piece with which it is reached.
pub(super) const READ: u32 = 16 * 1024;

/// What is kept at most.
const KEPT: usize = 1024;

/// The first KiB of the body, lossily decoded: what came until `deadline`, the end, an error, or 16 KiB,
/// whichever is first. The status has told what the answer means; a body that breaks off changes nothing.
pub(super) async fn read_until(response: &mut reqwest::Response, deadline: Instant) -> String {
    let mut kept = Vec::new();
    let mut wanted = READ as usize;
    while let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await {
        let room = KEPT.saturating_sub(kept.len()).min(chunk.len());
        kept.extend_from_slice(&chunk[..room]);
        wanted = wanted.saturating_sub(chunk.len());
        if wanted == 0 {
            break;
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}
