//! A port whose calls take steps, so that a test decides what happens between them.

use std::future::poll_fn;
use std::task::Poll;

use crate::ports::{
    CountMessages, CreateRecords, Created, Etag, OutgoingMessage, QueueError, ReadRecords, ReplaceRecords,
    Replaced, SendMessages, StoreError, Stored,
};

/// A port of which each call is pending once before its effect and once after it: whoever polls it decides
/// what others do in between, and may drop it with the effect done and its result unknown.
#[derive(Clone, Debug)]
pub struct Stepwise<T>(pub T);

/// Pending once.
pub async fn step() {
    let mut waited = false;
    poll_fn(|_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

async fn around<T>(call: impl Future<Output = T>) -> T {
    step().await;
    let result = call.await;
    step().await;
    result
}

impl<R: ReadRecords> ReadRecords for Stepwise<R> {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        around(self.0.get(key)).await
    }
}

impl<R: CreateRecords> CreateRecords for Stepwise<R> {
    async fn create(&self, key: &str, body: Vec<u8>) -> Result<Created, StoreError> {
        around(self.0.create(key, body)).await
    }
}

impl<R: ReplaceRecords> ReplaceRecords for Stepwise<R> {
    async fn replace(&self, key: &str, body: Vec<u8>, expected: &Etag) -> Result<Replaced, StoreError> {
        around(self.0.replace(key, body, expected)).await
    }
}

impl<Q: SendMessages> SendMessages for Stepwise<Q> {
    async fn send(&self, queue_url: &str, message: OutgoingMessage) -> Result<(), QueueError> {
        around(self.0.send(queue_url, message)).await
    }
}

impl<Q: CountMessages> CountMessages for Stepwise<Q> {
    async fn in_flight(&self, queue_url: &str) -> Result<u64, QueueError> {
        around(self.0.in_flight(queue_url)).await
    }
}
