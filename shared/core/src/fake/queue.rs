//! Queues in memory: what was sent, and for how long receipts were hidden.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ports::{CountMessages, HideMessages, OutgoingMessage, QueueError, SendMessages};

/// A message and the queue that took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// The queue.
    pub queue_url: String,
    /// The message.
    pub message: OutgoingMessage,
}

/// Everything that was sent and hidden. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryQueues(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sent: Vec<SentMessage>,
    hidden: Vec<(String, u32)>,
    outage: bool,
    in_flight: u64,
}

impl MemoryQueues {
    /// From now on every call fails as unavailable, or none does.
    pub fn set_outage(&self, outage: bool) {
        self.state().outage = outage;
    }

    /// From now on, so many messages of every queue are in flight.
    pub fn set_in_flight(&self, count: u64) {
        self.state().in_flight = count;
    }

    /// What was sent so far, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<SentMessage> {
        self.state().sent.clone()
    }

    /// Receipts and the seconds for which they were hidden, in order.
    #[must_use]
    pub fn hidden(&self) -> Vec<(String, u32)> {
        self.state().hidden.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn available(&self) -> Result<MutexGuard<'_, State>, QueueError> {
        let state = self.state();
        if state.outage { Err(QueueError::Unavailable("an outage was asked for".into())) } else { Ok(state) }
    }
}

impl SendMessages for MemoryQueues {
    async fn send(&self, queue_url: &str, message: OutgoingMessage) -> Result<(), QueueError> {
        self.available()?.sent.push(SentMessage { queue_url: queue_url.to_owned(), message });
        Ok(())
    }
}

impl HideMessages for MemoryQueues {
    async fn hide(&self, _queue_url: &str, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        self.available()?.hidden.push((receipt.to_owned(), seconds));
        Ok(())
    }
}

impl CountMessages for MemoryQueues {
    /// Nothing is received from queues in memory: it is what a test says.
    async fn in_flight(&self, _queue_url: &str) -> Result<u64, QueueError> {
        self.available().map(|state| state.in_flight)
    }
}
