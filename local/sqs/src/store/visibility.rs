//! ChangeMessageVisibility.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::queues::Queue;
use super::settle::{IN_FLIGHT, READY};
use super::{Refusal, Store, StoreError, note};
use crate::receipt::ReceiptHandle;

/// Longest time from a receive to the end of its visibility (developer guide, "Visibility timeout").
const LIMIT_MS: i64 = 43_200_000;

impl Store {
    /// Hides the message for `seconds` from now, divided by the time scale as the 12 hour limit is;
    /// 0 makes it ready at once. Only the newest receive may do so, and only while it is in flight.
    pub(crate) fn change_visibility(
        &mut self,
        name: &str,
        handle: &str,
        seconds: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.settled(name, now_ms)?;
        let (wait_ms, limit_ms) = (self.scale.shorten_ms(seconds * 1000), self.scale.shorten_ms(LIMIT_MS));
        let Self { connection, queues, touched, .. } = self;
        let queue = queues.get_mut(name).ok_or(Refusal::QueueDoesNotExist)?;
        let handle = ReceiptHandle::decode(handle)
            .filter(|handle| handle.queue == queue.id)
            .ok_or(Refusal::ReceiptHandleInvalid)?;
        let (state, received_ms) = find(connection, queue, handle)?.ok_or(Refusal::MessageNotAvailable)?;
        if state != IN_FLIGHT {
            return Err(Refusal::MessageNotInflight.into());
        }
        if now_ms.saturating_sub(received_ms).saturating_add(wait_ms) > limit_ms {
            return Err(Refusal::VisibilityBeyondLimit.into());
        }
        let visible_ms = now_ms.saturating_add(wait_ms);
        let state = if wait_ms > 0 { IN_FLIGHT } else { READY };
        connection
            .prepare_cached("UPDATE message SET state = ?2, visible_ms = ?3 WHERE id = ?1")?
            .execute(params![handle.message, state, visible_ms])?;
        if state == READY {
            queue.counts.in_flight -= 1;
            queue.counts.ready += 1;
            note(touched, queue, 1);
        } else {
            queue.next_visible_ms = queue.next_visible_ms.min(visible_ms);
            note(touched, queue, 0);
        }
        Ok(())
    }
}

/// State and time of the newest receive of a message, if `handle` is that receive.
fn find(
    connection: &Connection,
    queue: &Queue,
    handle: ReceiptHandle,
) -> rusqlite::Result<Option<(i64, i64)>> {
    connection
        .prepare_cached(
            "SELECT state, received_ms FROM message WHERE id = ?1 AND queue = ?2 AND receipt = ?3",
        )?
        .query_row(params![handle.message, queue.id, handle.receive.as_bytes().as_slice()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
}
