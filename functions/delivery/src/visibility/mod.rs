//! Waiting as message visibility: how long to hide a message, and keeping it ours while it is worked on.

mod heartbeat;
mod wait;

pub(crate) use heartbeat::{Worked, keep_hidden_while, ours};
pub(crate) use wait::{setback, wait_seconds};
