//! Queues in memory: what was sent, who holds what, and for how long receipts were hidden.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Timestamp;
use crate::ports::{
    CountMessages, DeleteMessages, HideMessages, OutgoingMessage, QueueError, ReceiveMessages,
    ReceivedMessage, SendMessages,
};

/// The most messages of one receive.
const MOST: usize = 10;

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
    /// What became of each that was sent, in the same order.
    fates: Vec<Fate>,
    hidden: Vec<(String, u32)>,
    outage: bool,
    in_flight: u64,
}

/// What became of a message. Nobody's time passes here: what is hidden stays so until it is given back.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    receives: usize,
    is_hidden: bool,
    is_deleted: bool,
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
        let mut state = self.available()?;
        let fate = Fate { is_hidden: !message.delay.is_zero(), ..Fate::default() };
        state.sent.push(SentMessage { queue_url: queue_url.to_owned(), message });
        state.fates.push(fate);
        Ok(())
    }
}

impl ReceiveMessages for MemoryQueues {
    async fn receive(&self, queue_url: &str, _seconds: u32) -> Result<Vec<ReceivedMessage>, QueueError> {
        let mut state = self.available()?;
        let State { sent, fates, .. } = &mut *state;
        let ready = sent.iter().zip(fates).enumerate();
        let ready = ready
            .filter(|(_, (sent, fate))| sent.queue_url == queue_url && !fate.is_hidden && !fate.is_deleted);
        Ok(ready
            .take(MOST)
            .map(|(place, (sent, fate))| {
                fate.receives += 1;
                fate.is_hidden = true;
                received(place, *fate, &sent.message)
            })
            .collect())
    }
}

impl HideMessages for MemoryQueues {
    /// A receipt that was not given out here is a test's own: all that is known of it is that it was hidden.
    async fn hide(&self, _queue_url: &str, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        let mut state = self.available()?;
        if let Some(fate) = state.fate(receipt) {
            if fate.is_deleted || !fate.is_newest(receipt) {
                return Err(QueueError::NotOurs);
            }
            fate.is_hidden = seconds > 0;
        }
        state.hidden.push((receipt.to_owned(), seconds));
        Ok(())
    }

    async fn hide_all(
        &self,
        queue_url: &str,
        receipts: &[&str],
        seconds: u32,
    ) -> Result<Vec<Result<(), QueueError>>, QueueError> {
        self.available().map(drop)?;
        let mut done = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            done.push(self.hide(queue_url, receipt, seconds).await);
        }
        Ok(done)
    }
}

impl DeleteMessages for MemoryQueues {
    async fn delete(&self, _queue_url: &str, receipt: &str) -> Result<(), QueueError> {
        if let Some(fate) = self.available()?.fate(receipt) {
            fate.is_deleted = true;
        }
        Ok(())
    }
}

impl CountMessages for MemoryQueues {
    /// Nothing is received from queues in memory: it is what a test says.
    async fn in_flight(&self, _queue_url: &str) -> Result<u64, QueueError> {
        self.available().map(|state| state.in_flight)
    }
}

impl State {
    /// What became of the message that this receipt was given out for.
    fn fate(&mut self, receipt: &str) -> Option<&mut Fate> {
        let (place, _) = receipt.split_once('.')?;
        self.fates.get_mut(place.parse::<usize>().ok()?)
    }
}

impl Fate {
    fn is_newest(self, receipt: &str) -> bool {
        receipt.split_once('.').is_some_and(|(_, receive)| receive == self.receives.to_string())
    }
}

fn received(place: usize, fate: Fate, message: &OutgoingMessage) -> ReceivedMessage {
    let attributes = message.attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    ReceivedMessage {
        message_id: place.to_string(),
        receipt: format!("{place}.{}", fate.receives),
        body: message.body.clone(),
        group: message.group.clone(),
        attributes: attributes.collect(),
        sent_at: Timestamp::from_unix_ms(0),
    }
}
