//! What time alone does to a queue: delays and visibility time-outs end, messages expire.

use rusqlite::{Connection, params};

use super::queues::{Counts, Queue};

/// A message that a receive may take.
pub(super) const READY: i64 = 0;
/// A message whose delay runs.
pub(super) const DELAYED: i64 = 1;
/// A message that was received and whose visibility time-out runs.
pub(super) const IN_FLIGHT: i64 = 2;

/// Brings `queue` up to `now_ms`; says how many messages became ready.
pub(super) fn settle(connection: &Connection, queue: &mut Queue, now_ms: i64) -> rusqlite::Result<usize> {
    if now_ms >= queue.oldest_sent_ms.saturating_add(queue.settings.retention_ms) {
        expire(connection, queue, now_ms)?;
    }
    if now_ms < queue.next_visible_ms {
        return Ok(0);
    }
    let delayed = surface(connection, queue.id, DELAYED, now_ms)?;
    let returned = surface(connection, queue.id, IN_FLIGHT, now_ms)?;
    queue.counts.delayed -= count(delayed);
    queue.counts.in_flight -= count(returned);
    queue.counts.ready += count(delayed + returned);
    queue.next_visible_ms = next_visible(connection, queue.id)?;
    Ok(delayed + returned)
}

/// Makes the hidden messages of one state ready whose time has come.
fn surface(connection: &Connection, queue: i64, state: i64, now_ms: i64) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "UPDATE message SET state = 0
             WHERE queue = ?1 AND state <> 0 AND state = ?2 AND visible_ms <= ?3",
        )?
        .execute(params![queue, state, now_ms])
}

fn next_visible(connection: &Connection, queue: i64) -> rusqlite::Result<i64> {
    let mut statement = connection.prepare_cached(
        "SELECT min(visible_ms) FROM message WHERE queue = ?1 AND state <> 0 AND state = ?2",
    )?;
    let mut of = |state: i64| statement.query_row(params![queue, state], |row| row.get::<_, Option<i64>>(0));
    Ok(of(DELAYED)?.unwrap_or(i64::MAX).min(of(IN_FLIGHT)?.unwrap_or(i64::MAX)))
}

fn oldest_sent(connection: &Connection, queue: i64) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT min(sent_ms) FROM message WHERE queue = ?1")?
        .query_row([queue], |row| row.get::<_, Option<i64>>(0))
        .map(|oldest| oldest.unwrap_or(i64::MAX))
}

/// Removes the messages whose retention is over, in flight or not.
fn expire(connection: &Connection, queue: &mut Queue, now_ms: i64) -> rusqlite::Result<()> {
    let sent_before = now_ms.saturating_sub(queue.settings.retention_ms);
    let mut statement = connection
        .prepare_cached("DELETE FROM message WHERE queue = ?1 AND sent_ms <= ?2 AND +state = ?3")?;
    let mut drop_all = |state: i64| statement.execute(params![queue.id, sent_before, state]).map(count);
    queue.counts.ready -= drop_all(READY)?;
    queue.counts.delayed -= drop_all(DELAYED)?;
    queue.counts.in_flight -= drop_all(IN_FLIGHT)?;
    queue.oldest_sent_ms = oldest_sent(connection, queue.id)?;
    Ok(())
}

/// `queue` with its counts and times read from the database.
pub(super) fn counted(connection: &Connection, mut queue: Queue) -> rusqlite::Result<Queue> {
    let ready = connection
        .prepare_cached("SELECT count(*) FROM message WHERE queue = ?1 AND state = 0")?
        .query_row([queue.id], |row| row.get(0))?;
    let mut hidden = connection
        .prepare_cached("SELECT count(*) FROM message WHERE queue = ?1 AND state <> 0 AND state = ?2")?;
    let mut of = |state: i64| hidden.query_row(params![queue.id, state], |row| row.get(0));
    queue.counts = Counts { ready, delayed: of(DELAYED)?, in_flight: of(IN_FLIGHT)? };
    queue.next_visible_ms = next_visible(connection, queue.id)?;
    queue.oldest_sent_ms = oldest_sent(connection, queue.id)?;
    Ok(queue)
}

/// Rows as SQLite counts them, in the type that the counts have.
pub(super) fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
