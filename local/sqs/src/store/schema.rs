//! The database file: its layout and how it is opened.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

/// Number of the layout below, kept in the file's `user_version`.
pub(crate) const LAYOUT: i64 = 1;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LayoutError {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error("layout {0}")]
    Unknown(i64),
}

/// The two partial indexes split the messages: `message_ready` has the order in which receives take them
/// (one group after the other, in a group by the time it became visible), `message_hidden` the order in
/// which the rest comes due. A hidden message is thus never touched by a receive.
///
/// `state`: 0 ready, 1 delayed, 2 in flight. Times are milliseconds since the epoch.
const TABLES: &str = "
CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    visibility_ms INTEGER NOT NULL,
    retention_ms INTEGER NOT NULL,
    delay_ms INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    maximum_bytes INTEGER NOT NULL,
    dead_letter_queue TEXT,
    max_receive_count INTEGER,
    created_ms INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL
);
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    state INTEGER NOT NULL,
    visible_ms INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL,
    received_ms INTEGER,
    first_received_ms INTEGER,
    receive_count INTEGER NOT NULL DEFAULT 0,
    receipt BLOB,
    dead_letter_source TEXT,
    trace_header TEXT,
    attributes TEXT,
    body TEXT NOT NULL
);
CREATE INDEX message_ready ON message (queue, group_id, visible_ms, id) WHERE state = 0;
CREATE INDEX message_hidden ON message (queue, state, visible_ms) WHERE state <> 0;
CREATE INDEX message_sent ON message (queue, sent_ms);
CREATE TABLE move_task (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    handle TEXT NOT NULL,
    source TEXT NOT NULL,
    destination TEXT,
    per_second INTEGER,
    status TEXT NOT NULL,
    failure TEXT,
    moved INTEGER NOT NULL DEFAULT 0,
    to_move INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    next_step_ms INTEGER NOT NULL
);
CREATE INDEX move_task_source ON move_task (source, id);
";

/// Opens `database`, and creates the tables in a new file.
///
/// With a write-ahead log, a commit is in the kernel's hands when it returns: it survives the end of the
/// process, however sudden. `synchronous = NORMAL` leaves out the disk flush of each commit, which only
/// matters when the machine itself loses power.
pub(crate) fn open(database: &Path) -> Result<Connection, LayoutError> {
    let connection = Connection::open(database)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    create(&connection)?;
    Ok(connection)
}

fn create(connection: &Connection) -> Result<(), LayoutError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == LAYOUT {
        return Ok(());
    }
    if found != 0 {
        return Err(LayoutError::Unknown(found));
    }
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()?;
    Ok(())
}
