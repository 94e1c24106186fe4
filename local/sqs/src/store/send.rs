//! SendMessage: a message enters a queue.

use rusqlite::{Connection, params};

use super::queues::Queue;
use super::settle::{DELAYED, READY};
use super::{Refusal, Store, StoreError, note, row};
use crate::message::NewMessage;

impl Store {
    /// Stores `message`, to be ready at once or when its delay, divided by the time scale, is over.
    pub(crate) fn send(&mut self, queue: &str, message: &NewMessage, now_ms: i64) -> Result<(), StoreError> {
        let scale = self.scale;
        let Self { connection, queues, touched, .. } = self;
        let queue = queues.get_mut(queue).ok_or(Refusal::QueueDoesNotExist)?;
        if message.size() > queue.settings.maximum_bytes {
            return Err(Refusal::MessageTooLong(queue.settings.maximum_bytes).into());
        }
        let delay_ms = message.delay_seconds.map_or(queue.settings.delay_ms, |seconds| seconds * 1000);
        let visible_ms = now_ms.saturating_add(scale.shorten_ms(delay_ms));
        insert(connection, queue, message, now_ms, visible_ms)?;
        queue.oldest_sent_ms = queue.oldest_sent_ms.min(now_ms);
        if visible_ms > now_ms {
            queue.counts.delayed += 1;
            queue.next_visible_ms = queue.next_visible_ms.min(visible_ms);
            note(touched, queue, 0);
        } else {
            queue.counts.ready += 1;
            note(touched, queue, 1);
        }
        Ok(())
    }
}

fn insert(
    connection: &Connection,
    queue: &Queue,
    message: &NewMessage,
    now_ms: i64,
    visible_ms: i64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO message (queue, message_id, group_id, state, visible_ms, sent_ms, trace_header,
                 attributes, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            queue.id,
            message.message_id,
            message.group,
            if visible_ms > now_ms { DELAYED } else { READY },
            visible_ms,
            now_ms,
            message.trace_header,
            row::write_attributes(&message.attributes)?,
            message.body,
        ])?;
    Ok(())
}
