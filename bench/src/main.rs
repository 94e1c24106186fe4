//! The measuring harness: what a user waits for, on the stack that `cargo local` runs.
//!
//! It prints what it measured and asserts nothing: figures depend on the machine.

mod overhead;
mod spread;

use std::io::Write as _;

use tests::stack::{Options, Stack};

/// Requests that warm the stack and are not counted.
const WARM_UP: usize = 20;

/// Requests that are counted.
const COUNTED: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let state = tempfile::tempdir()?;
    let started = std::time::Instant::now();
    let stack = Stack::start(state.path(), Options::default()).await;
    let ready = started.elapsed();
    let report = overhead::measure(&stack, WARM_UP, COUNTED).await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "start until ready, binaries checked or built first: {} ms", ready.as_millis())?;
    writeln!(out, "{COUNTED} waiting callers, one after the other, milliseconds:")?;
    writeln!(out, "{:<34} {:>8} {:>8} {:>8} {:>8}", "", "min", "median", "p99", "max")?;
    writeln!(out, "{:<34} {}", "whole answer", report.total)?;
    writeln!(out, "{:<34} {}", "the agent's own time", report.agent)?;
    writeln!(out, "{:<34} {}", "overhead above the agent", report.overhead)
}
