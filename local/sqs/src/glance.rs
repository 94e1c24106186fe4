//! The queues at a glance, for whoever looks after them: more than SQS tells.

use crate::service::Sqs;
use crate::store::StoreError;

/// A queue and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueGlance {
    /// Its name.
    pub queue: String,
    /// Messages that can be received.
    pub waiting: i64,
    /// Messages that somebody holds, or that hide until they are due.
    pub in_flight: i64,
    /// Messages that were sent with a delay that is not over.
    pub delayed: i64,
    /// How long ago the oldest of all was sent, in whole seconds.
    pub oldest_seconds: Option<i64>,
    /// The name of the queue that takes what was received too often.
    pub dead_letter_queue: Option<String>,
}

impl Sqs {
    /// All queues, by name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn glance(&self) -> Result<Vec<QueueGlance>, Box<dyn std::error::Error + Send + Sync>> {
        let look = |store: &mut crate::store::Store, now_ms: i64| {
            let names: Vec<String> = store.queue_names().map(str::to_owned).collect();
            names.iter().map(|name| store.glance(name, now_ms)).collect::<Result<_, StoreError>>()
        };
        self.call(look).await.map_err(|error| error.to_string().into())
    }
}
