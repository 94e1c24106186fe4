//! What CloudWatch would count of a function in the namespace `AWS/Lambda`.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// A function's invocations since the stack started (Lambda Developer Guide, "Types of metrics").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Those that were begun.
    pub invocations: u64,
    /// Those of them that ended in a function error: reported by the function, a crash, or its time-out.
    pub errors: u64,
    /// Those that were refused, since every process was busy.
    pub throttles: u64,
}

/// The same, being counted.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    invocations: AtomicU64,
    errors: AtomicU64,
    throttles: AtomicU64,
}

impl Counters {
    pub(crate) fn ended(&self, failed: bool) {
        self.invocations.fetch_add(1, Ordering::Relaxed);
        self.errors.fetch_add(u64::from(failed), Ordering::Relaxed);
    }

    pub(crate) fn throttled(&self) {
        self.throttles.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            invocations: of(&self.invocations),
            errors: of(&self.errors),
            throttles: of(&self.throttles),
        }
    }
}
