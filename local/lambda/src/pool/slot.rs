//! One of the places that a function's processes may take.

use super::Pool;
use serde::Serialize;
use std::sync::Weak;

/// What a process is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProcessState {
    /// It has not asked for its first event.
    #[default]
    Starting,
    /// It waits for an event.
    Idle,
    /// It serves an invocation.
    Busy,
}

/// A process of a function, as `GET /_local/functions` lists it: `{"function","pid","state"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProcessInfo {
    /// The function's name.
    pub function: String,
    /// The process id.
    pub pid: u32,
    /// What it is doing.
    pub state: ProcessState,
}

/// What is known of a slot's process.
#[derive(Default)]
pub(super) struct Entry {
    pid: Option<u32>,
    state: ProcessState,
}

impl Entry {
    /// None while the process is not started yet.
    pub(super) fn info(&self, function: &str) -> Option<ProcessInfo> {
        self.pid.map(|pid| ProcessInfo { function: function.to_owned(), pid, state: self.state })
    }
}

/// A taken place; dropping it frees the place. Never drop one under the pool's lock.
pub(crate) struct Slot {
    pool: Weak<Pool>,
    id: u64,
}

impl Slot {
    pub(super) const fn new(pool: Weak<Pool>, id: u64) -> Self {
        Self { pool, id }
    }

    pub(super) const fn id(&self) -> u64 {
        self.id
    }

    /// The process exists now.
    pub(crate) fn started(&self, pid: u32) {
        self.change(|entry| entry.pid = Some(pid));
    }

    /// The process does something else now.
    pub(super) fn set(&self, state: ProcessState) {
        self.change(|entry| entry.state = state);
    }

    fn change(&self, change: impl FnOnce(&mut Entry)) {
        if let Some(pool) = self.pool.upgrade() {
            pool.with_entry(self.id, change);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.free(self.id);
        }
    }
}
