//! What lies in the bucket when a conversation has ended: its exports, their schemas and table, and their deletion.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod by_gatewayctl;
mod deletion;
mod endings;
mod house;
mod schemas;
mod states;
mod table;
