//! Replays, end to end on the shipped binaries: by `gatewayctl`, by a plain redrive, and twice by mistake.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod by_gatewayctl;
mod by_redrive;
mod destinations;
mod house;
mod operators;
