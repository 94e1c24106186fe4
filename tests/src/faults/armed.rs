//! What a proxy waits for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::point::Request;
use super::{FaultPoint, Function, Moment};

/// Whose writes count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Those of the conversation whose idempotency key has this digest.
    Conversation(String),
    /// Anybody's.
    Anybody,
}

/// A fault point that waits, or has fired. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Trap {
    point: FaultPoint,
    aim: Aim,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The conversation, once its ledger entry is written.
    tracking_id: Option<String>,
    seen: u32,
    fired: bool,
}

impl Trap {
    pub(super) fn new(point: FaultPoint, aim: Aim) -> Self {
        Self { point, aim, state: Arc::default() }
    }

    /// Whether it has killed.
    #[must_use]
    pub fn has_fired(&self) -> bool {
        self.state().fired
    }

    pub(super) const fn moment(&self) -> Moment {
        self.point.moment
    }

    pub(super) const fn function(&self) -> Function {
        self.point.function
    }

    /// Whether `request` is one that this waits for.
    pub(super) fn waits_for(&self, request: Request<'_>) -> bool {
        let state = self.state();
        !state.fired && self.point.write.is(request) && self.is_aimed_at(request, &state)
    }

    fn is_aimed_at(&self, request: Request<'_>, state: &State) -> bool {
        let Aim::Conversation(digest) = &self.aim else { return true };
        let names = |needle: &str| request.path.contains(needle) || request.body.contains(needle);
        !self.point.write.names_its_conversation()
            || names(digest)
            || state.tracking_id.as_deref().is_some_and(names)
    }

    /// Counts a request that it waits for; true for exactly one, the one that kills.
    pub(super) fn fires(&self) -> bool {
        let mut state = self.state();
        if state.fired {
            return false;
        }
        state.seen += 1;
        state.fired = state.seen == self.point.nth;
        state.fired
    }

    /// Learns the conversation's id from the ledger entry that binds it.
    pub(super) fn learn(&self, request: Request<'_>) {
        let Aim::Conversation(digest) = &self.aim else { return };
        if super::Write::Object("/idempotency/").is(request) && request.path.contains(digest) {
            let ledger: serde_json::Value = serde_json::from_str(request.body).unwrap_or_default();
            self.state().tracking_id = ledger["tracking_id"].as_str().map(str::to_owned);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
