//! The processes of one function: which exist, which are free, and when a new one is started.

use crate::{
    counts::{Counters, Counts},
    idle::IdleStack,
    invocation::{Call, Invocation, InvokeError},
    process::{self, Process},
    settings::FunctionSettings,
    spawner::Spawner,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{sync::oneshot, time::Instant};

mod slot;

pub(crate) use slot::Slot;
pub use slot::{ProcessInfo, ProcessState};

/// How long an answer is held back for its process to be free again, so that a caller which invokes one
/// after the other finds the process it used before.
const PROMPT: Duration = Duration::from_millis(100);

/// One function.
pub(crate) struct Pool {
    settings: FunctionSettings,
    spawner: Spawner,
    state: Mutex<State>,
    counters: Counters,
}

struct State {
    idle: IdleStack<Process>,
    taken: BTreeMap<u64, slot::Entry>,
    next_slot: u64,
}

/// What an invocation runs on.
pub(crate) enum Place {
    /// A process that waits for an event.
    Warm(Process),
    /// Room for a new process.
    Cold(Slot),
}

impl Pool {
    pub(crate) fn new(settings: FunctionSettings, spawner: Spawner) -> Self {
        let state = State { idle: IdleStack::new(), taken: BTreeMap::new(), next_slot: 0 };
        Self { settings, spawner, state: Mutex::new(state), counters: Counters::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the most recently used idle process, or room for one more.
    pub(crate) fn acquire(self: &Arc<Self>) -> Result<Place, InvokeError> {
        // The lock is free again when a dead process is dropped, which takes the lock to free its slot.
        while let Some(process) = self.pop_idle() {
            if process.is_alive() {
                process.slot().set(ProcessState::Busy);
                return Ok(Place::Warm(process));
            }
        }
        let place = self.reserve().map(Place::Cold).ok_or(InvokeError::Throttled);
        place.inspect_err(|_| self.counters.throttled())
    }

    fn pop_idle(&self) -> Option<Process> {
        self.state().idle.pop()
    }

    fn reserve(self: &Arc<Self>) -> Option<Slot> {
        let mut state = self.state();
        if state.taken.len() >= self.settings.maximum_processes {
            return None;
        }
        let id = state.next_slot;
        state.next_slot += 1;
        state.taken.insert(id, slot::Entry::default());
        Some(Slot::new(Arc::downgrade(self), id))
    }

    /// Runs one invocation to its end, whether or not its caller still waits.
    pub(crate) async fn run(self: Arc<Self>, place: Place, call: Call, reply: oneshot::Sender<Invocation>) {
        let started = match place {
            Place::Warm(process) => Ok(process),
            Place::Cold(slot) => self.start(slot).await,
        };
        match started {
            Ok(process) => self.serve(process, &call, reply).await,
            Err(error) => {
                self.counters.ended(true);
                let _ = reply.send(error.end(&call));
            }
        }
    }

    async fn start(self: &Arc<Self>, slot: Slot) -> Result<Process, process::InitError> {
        let process = Process::start(&self.settings, &self.spawner, slot).await?;
        process.slot().set(ProcessState::Busy);
        tokio::spawn(discard_when_ended(Arc::downgrade(self), process.slot().id(), process.exit()));
        Ok(process)
    }

    async fn serve(&self, mut process: Process, call: &Call, reply: oneshot::Sender<Invocation>) {
        let served = process.serve(call, self.settings.timeout).await;
        self.counters.ended(served.end.function_error.is_some());
        if !served.answered {
            drop(process);
            let _ = reply.send(served.end);
            return;
        }
        if process.ready_by(served.deadline.min(Instant::now() + PROMPT)).await {
            self.release(process);
            let _ = reply.send(served.end);
            return;
        }
        let _ = reply.send(served.end);
        // It answered but still works; it has the rest of its time for that, as on AWS.
        if process.ready_by(served.deadline).await {
            self.release(process);
        }
    }

    fn release(&self, process: Process) {
        process.slot().set(ProcessState::Idle);
        self.state().idle.push(Instant::now(), process);
    }

    /// Stops what has been idle for `limit` or longer.
    pub(crate) fn retire(&self, now: Instant, limit: Duration) {
        let expired = self.state().idle.take_expired(now, limit);
        drop(expired);
    }

    fn discard(&self, slot: u64) {
        let ended = self.state().idle.take_matching(|process| process.slot().id() == slot);
        drop(ended);
    }

    fn with_entry(&self, slot: u64, change: impl FnOnce(&mut slot::Entry)) {
        self.state().taken.entry(slot).and_modify(change);
    }

    fn free(&self, slot: u64) {
        self.state().taken.remove(&slot);
    }

    /// What was invoked so far.
    pub(crate) fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// What lives now.
    pub(crate) fn processes(&self) -> Vec<ProcessInfo> {
        self.state().taken.values().filter_map(|entry| entry.info(&self.settings.name)).collect()
    }
}

/// Forgets an idle process that ended by itself. One that ends while it is busy is dropped by its invocation.
async fn discard_when_ended(
    pool: Weak<Pool>,
    slot: u64,
    mut exit: tokio::sync::watch::Receiver<Option<crate::spawner::Exit>>,
) {
    process::ended(&mut exit).await;
    if let Some(pool) = pool.upgrade() {
        pool.discard(slot);
    }
}
