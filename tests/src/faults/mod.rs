//! Killing a function at a chosen point of its work, exactly there and in every run.
//!
//! A [`Proxy`] stands between the shipped binaries and the embedded AWS services, which the stack allows by
//! `AWS_ENDPOINT_URL_<SERVICE>`. What it is [armed](Proxy::arm) with says: when this function makes this write
//! for that conversation, kill it, before the write is passed on or after it took effect and before the
//! function hears of it. The functions are not changed, and know nothing of it. The same proxy makes bad
//! [`Weather`]: services that throttle, fail, hang, or lose their answers, at random.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod armed;
mod point;
mod proxy;
mod victim;
mod weather;

pub use armed::{Aim, Trap};
pub use point::{FaultPoint, Function, Moment, Write};
pub use proxy::Proxy;
pub use weather::Weather;

use std::path::{Path, PathBuf};

use crate::stack::workspace;

/// The shipped template with two numbers of its own, as a file in `folder`: queues hide a message that nobody
/// has touched for `visibility_seconds` only, and hand over `batch_size` messages at a time. With one, a killed
/// process takes nobody else's message with it.
///
/// # Panics
/// The shipped template is not as this function knows it.
#[must_use]
pub fn impatient_template(folder: &Path, visibility_seconds: u32, batch_size: u32) -> PathBuf {
    let shipped = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let mut text = shipped;
    for (from, to) in [
        ("VisibilityTimeout: 1080", format!("VisibilityTimeout: {visibility_seconds}")),
        ("VisibilityTimeout: 360", format!("VisibilityTimeout: {visibility_seconds}")),
        ("BatchSize: 10", format!("BatchSize: {batch_size}")),
    ] {
        assert!(text.contains(from), "template.yaml has no {from}");
        text = text.replace(from, &to);
    }
    let path = folder.join("template.yaml");
    std::fs::write(&path, text).unwrap();
    path
}
