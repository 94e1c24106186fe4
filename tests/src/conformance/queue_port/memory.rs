//! The double in memory.

use revops_core::fake::MemoryQueues;
use uuid::Uuid;

use super::Queues;
use crate::conformance::Failure;

/// The double.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    queues: MemoryQueues,
}

impl Queues for Memory {
    type Port = MemoryQueues;

    fn port(&self) -> MemoryQueues {
        self.queues.clone()
    }

    async fn queue(&self) -> Result<String, Failure> {
        Ok(format!("http://memory/{}", Uuid::new_v4()))
    }

    async fn delayed(&self, queue_url: &str) -> Result<usize, Failure> {
        let sent = self.queues.sent();
        Ok(sent.iter().filter(|sent| sent.queue_url == queue_url && !sent.message.delay.is_zero()).count())
    }

    fn out_of_reach(&self) -> MemoryQueues {
        let queues = MemoryQueues::default();
        queues.set_outage(true);
        queues
    }
}
