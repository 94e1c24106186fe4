//! ReceiveMessage: messages are picked fairly and go in flight.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::queues::Queue;
use super::{Refusal, Store, StoreError, note, redrive, row, settle};
use crate::message::ReceivedMessage;
use crate::receipt::ReceiptHandle;

/// How much to receive, and for how long to hide it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receive {
    /// Most messages wanted. The API allows ten, the event source mapping its batch size.
    pub(crate) maximum: usize,
    /// The queue's own time-out when absent. Never scaled.
    pub(crate) visibility_ms: Option<i64>,
}

/// A ready message, before it is known whether it may be handed out.
struct Candidate {
    row: i64,
    message: ReceivedMessage,
}

impl Store {
    /// Takes up to `receive.maximum` ready messages, one group after the other, beginning after the group
    /// that was served last. Those received too often go to the dead-letter queue instead.
    pub(crate) fn receive(
        &mut self,
        name: &str,
        receive: Receive,
        now_ms: i64,
    ) -> Result<Vec<ReceivedMessage>, StoreError> {
        self.settled(name, now_ms)?;
        let limit = self.in_flight_limit;
        let target = self.redrive_target(name)?;
        let Self { connection, queues, touched, .. } = self;
        let queue = queues.get_mut(name).ok_or(Refusal::QueueDoesNotExist)?;
        let room = usize::try_from(limit - queue.counts.in_flight).unwrap_or(0);
        if room == 0 {
            return Err(Refusal::OverLimit.into());
        }
        let visible_ms = now_ms.saturating_add(receive.visibility_ms.unwrap_or(queue.settings.visibility_ms));
        let mut received = Vec::new();
        let mut dead = redrive::Moved::default();
        while received.len() < receive.maximum.min(room) && queue.counts.ready > 0 {
            let Some(candidate) = next_candidate(connection, queue)? else { break };
            queue.last_group.clone_from(&candidate.message.group);
            match &target {
                Some(target) if candidate.message.receive_count >= target.max_receive_count => {
                    dead.take(connection, queue, target, candidate.row, candidate.message.sent_ms, now_ms)?;
                }
                Some(_) | None => received.push(take(connection, queue, candidate, now_ms, visible_ms)?),
            }
        }
        note(touched, queue, 0);
        if let Some(target) = target {
            self.dead_lettered(&target, dead);
        }
        Ok(received)
    }
}

const CANDIDATE: &str = "SELECT id, message_id, group_id, sent_ms, first_received_ms, receive_count,
    dead_letter_source, trace_header, attributes, body FROM message
    WHERE queue = ?1 AND state = 0 AND group_id > ?2 ORDER BY group_id, visible_ms, id LIMIT 1";

const FIRST_CANDIDATE: &str = "SELECT id, message_id, group_id, sent_ms, first_received_ms, receive_count,
    dead_letter_source, trace_header, attributes, body FROM message
    WHERE queue = ?1 AND state = 0 ORDER BY group_id, visible_ms, id LIMIT 1";

/// The message that has been ready longest in the group after the last one served; round and round.
fn next_candidate(connection: &Connection, queue: &Queue) -> rusqlite::Result<Option<Candidate>> {
    let next = connection
        .prepare_cached(CANDIDATE)?
        .query_row(params![queue.id, queue.last_group], candidate)
        .optional()?;
    if next.is_some() {
        return Ok(next);
    }
    connection.prepare_cached(FIRST_CANDIDATE)?.query_row([queue.id], candidate).optional()
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let attributes: Option<String> = row.get(8)?;
    Ok(Candidate {
        row: row.get(0)?,
        message: ReceivedMessage {
            message_id: row.get(1)?,
            receipt_handle: String::new(),
            body: row.get(9)?,
            attributes: row::read_attributes(attributes.as_deref(), 8)?,
            trace_header: row.get(7)?,
            group: row.get(2)?,
            sent_ms: row.get(3)?,
            first_received_ms: row.get::<_, Option<i64>>(4)?.unwrap_or(0),
            receive_count: row.get(5)?,
            dead_letter_source: row.get(6)?,
            visible_ms: 0,
        },
    })
}

/// Puts the candidate in flight until `visible_ms`.
fn take(
    connection: &Connection,
    queue: &mut Queue,
    candidate: Candidate,
    now_ms: i64,
    visible_ms: i64,
) -> rusqlite::Result<ReceivedMessage> {
    let Candidate { row, mut message } = candidate;
    let receive = Uuid::new_v4();
    message.receipt_handle = ReceiptHandle { queue: queue.id, message: row, receive }.encode();
    message.visible_ms = visible_ms;
    if message.receive_count == 0 {
        message.first_received_ms = now_ms;
    }
    message.receive_count += 1;
    connection
        .prepare_cached(
            "UPDATE message SET state = ?2, visible_ms = ?3, received_ms = ?4, first_received_ms = ?5,
                 receive_count = ?6, receipt = ?7 WHERE id = ?1",
        )?
        .execute(params![
            row,
            settle::IN_FLIGHT,
            visible_ms,
            now_ms,
            message.first_received_ms,
            message.receive_count,
            receive.as_bytes().as_slice(),
        ])?;
    queue.counts.ready -= 1;
    queue.counts.in_flight += 1;
    queue.next_visible_ms = queue.next_visible_ms.min(visible_ms);
    Ok(message)
}
