//! Scripted failures of the agent, for tests of whoever calls it.

mod control;
mod script;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

pub use control::control_router;
pub(crate) use script::{Fault, Script};

/// Sessions of this many last invocations are shown.
const RECENT: usize = 200;

/// The script that is in force, and the count of invocations. Clones share both.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    inner: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    invocations: u64,
    answered: u64,
    recent: VecDeque<String>,
    script: Option<Script>,
}

/// What the control endpoint shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    /// Valid invocations since the start.
    invocations: u64,
    /// Those of them that were answered without a fault.
    answered: u64,
    /// Session ids of the last ones, oldest first.
    recent_sessions: Vec<String>,
    /// What is in force.
    fault: Option<Script>,
}

impl Faults {
    /// Counts an invocation and takes its fault, if one is in force.
    pub(crate) fn next(&self, session_id: &str) -> Option<Fault> {
        let mut state = self.state();
        state.invocations += 1;
        state.recent.push_back(session_id.to_owned());
        if state.recent.len() > RECENT {
            state.recent.pop_front();
        }
        let fault = state.script.as_mut().and_then(Script::take);
        if state.script.as_ref().is_some_and(Script::is_over) {
            state.script = None;
        }
        if fault.is_none() {
            state.answered += 1;
        }
        fault
    }

    pub(crate) fn set(&self, script: Option<Script>) {
        self.state().script = script.filter(|script| !script.is_over());
    }

    pub(crate) fn report(&self) -> Report {
        let state = self.state();
        Report {
            invocations: state.invocations,
            answered: state.answered,
            recent_sessions: state.recent.iter().cloned().collect(),
            fault: state.script.clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
