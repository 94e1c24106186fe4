//! DeleteMessage.

use rusqlite::{OptionalExtension as _, params};

use super::settle::{DELAYED, READY};
use super::{Refusal, Store, StoreError, note};
use crate::receipt::ReceiptHandle;

impl Store {
    /// Deletes the message if `handle` is that of its newest receive, whether or not its visibility
    /// time-out is over. With an older handle, or for a message that is gone, it succeeds and does nothing
    /// (API reference, DeleteMessage).
    pub(crate) fn delete(&mut self, name: &str, handle: &str) -> Result<(), StoreError> {
        let limit = self.in_flight_limit;
        let Self { connection, queues, touched, .. } = self;
        let queue = queues.get_mut(name).ok_or(Refusal::QueueDoesNotExist)?;
        let handle = ReceiptHandle::decode(handle)
            .filter(|handle| handle.queue == queue.id)
            .ok_or(Refusal::ReceiptHandleInvalid)?;
        let state: Option<i64> = connection
            .prepare_cached(
                "DELETE FROM message WHERE id = ?1 AND queue = ?2 AND receipt = ?3 RETURNING state",
            )?
            .query_row(params![handle.message, queue.id, handle.receive.as_bytes().as_slice()], |row| {
                row.get(0)
            })
            .optional()?;
        match state {
            None => {}
            Some(READY) => queue.counts.ready -= 1,
            Some(DELAYED) => queue.counts.delayed -= 1,
            Some(_) => {
                if queue.counts.in_flight == limit {
                    // A waiting receive that found the flight full may go on.
                    note(touched, queue, 1);
                }
                queue.counts.in_flight -= 1;
            }
        }
        Ok(())
    }
}
