//! The built-in receiver of webhooks: what a newcomer's deliveries arrive at, with a signature check of its own
//! and faults on demand.

mod fault;
mod hostile;
mod received;
mod routes;
mod signature;
#[cfg(test)]
mod tests;

pub(crate) use routes::routes;
pub(crate) use signature::SigningSecrets;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fault::{Fault, Misbehaviour};
use received::Received;

/// The oldest deliveries are forgotten above this many.
const MOST_KEPT: usize = 10_000;

/// What was received, and what to do to the next ones. Clones share it.
#[derive(Clone)]
pub(crate) struct Inbox {
    secrets: Arc<SigningSecrets>,
    contents: Arc<Mutex<Contents>>,
}

#[derive(Default)]
struct Contents {
    received: VecDeque<Received>,
    faults: BTreeMap<String, Fault>,
}

impl Inbox {
    /// An empty inbox that checks signatures with `secrets`.
    pub(crate) fn new(secrets: SigningSecrets) -> Self {
        Self { secrets: Arc::new(secrets), contents: Arc::default() }
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        // Nothing is left half done under this lock.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, received: Received) {
        let mut contents = self.contents();
        if contents.received.len() == MOST_KEPT {
            contents.received.pop_front();
        }
        contents.received.push_back(received);
    }

    /// What the next delivery for `header` suffers; `roll` is a random number from 0 up to 1.
    fn misbehave(&self, header: &str, roll: f64) -> Misbehaviour {
        let mut contents = self.contents();
        let Some(fault) = contents.faults.get_mut(header) else {
            return Misbehaviour::default();
        };
        let misbehaviour = fault.strike(roll);
        if fault.is_spent() {
            contents.faults.remove(header);
        }
        misbehaviour
    }
}
