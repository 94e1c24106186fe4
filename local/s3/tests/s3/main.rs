//! The store on the wire, used as its clients use it.
#![expect(unreachable_pub, reason = "tests")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod conditional_writes;
mod killed;
mod listing;
mod objects;
mod support;
mod wire;
