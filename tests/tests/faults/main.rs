//! What was promised is kept when functions die: killed at every durable step of their work, before it and
//! after it, and while forty callers race for one key; and when the agent fails in every way that it can.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod agent;
mod case;
mod house;
mod kills;
mod racers;
mod reconciled;
