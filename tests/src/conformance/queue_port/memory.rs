//! The double in memory. It records what was sent and hidden; what a consumer would receive follows from
//! both records.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use revops_core::fake::{MemoryQueues, SentMessage};
use uuid::Uuid;

use super::{Arrived, Queues};
use crate::conformance::{Failure, Verdict};

/// The double, and which receipts were given out for it. A receipt is the message's place among all sent.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    queues: MemoryQueues,
    given_out: Arc<Mutex<BTreeSet<String>>>,
}

impl Memory {
    /// Received, and not given back since.
    fn is_hidden(&self, receipt: &str) -> bool {
        let given_out = self.given_out.lock().unwrap_or_else(PoisonError::into_inner).contains(receipt);
        let seconds = self.queues.hidden().into_iter().rfind(|(hidden, _)| hidden == receipt);
        seconds.map_or(given_out, |(_, seconds)| seconds > 0)
    }
}

impl Queues for Memory {
    type Port = MemoryQueues;

    fn port(&self) -> MemoryQueues {
        self.queues.clone()
    }

    async fn queue(&self) -> Result<String, Failure> {
        Ok(format!("http://memory/{}", Uuid::new_v4()))
    }

    async fn receive(&self, queue_url: &str) -> Result<Option<Arrived>, Failure> {
        let sent = self.queues.sent().into_iter().enumerate();
        let mut sent = sent.map(|(place, sent)| (place.to_string(), sent));
        let next = sent.find(|(receipt, sent)| {
            sent.queue_url == queue_url && sent.message.delay.is_zero() && !self.is_hidden(receipt)
        });
        Ok(next.map(|(receipt, sent)| {
            self.given_out.lock().unwrap_or_else(PoisonError::into_inner).insert(receipt.clone());
            arrived(receipt, sent)
        }))
    }

    async fn delayed(&self, queue_url: &str) -> Result<usize, Failure> {
        let sent = self.queues.sent();
        Ok(sent.iter().filter(|sent| sent.queue_url == queue_url && !sent.message.delay.is_zero()).count())
    }

    async fn delete(&self, _queue_url: &str, _receipt: &str) -> Verdict {
        // Deleting is no capability of these ports: the event source mapping does it.
        Ok(())
    }

    fn out_of_reach(&self) -> MemoryQueues {
        let queues = MemoryQueues::default();
        queues.set_outage(true);
        queues
    }
}

fn arrived(receipt: String, SentMessage { queue_url: _, message }: SentMessage) -> Arrived {
    let attributes = message.attributes.into_iter().map(|(name, value)| (name.to_owned(), value));
    let mut attributes: Vec<(String, String)> = attributes.collect();
    attributes.sort();
    Arrived { body: message.body, group: message.group, attributes, receipt }
}
