//! What survives the end of the process, and what a failed transaction leaves.

use super::*;

#[test]
fn a_store_that_was_never_closed_loses_nothing() {
    let mut sqs = fixture();
    sqs.send("flying", T0);
    let flying = sqs.receive_one(T0);
    sqs.send("waiting", T0 + 1);
    sqs.store.send("q", &NewMessage { delay_seconds: Some(60), ..message("delayed") }, T0).unwrap();
    let killed = std::mem::replace(&mut sqs.store, open(sqs.folder.path(), 1.0));
    // No close, no checkpoint: what a kill leaves is the database and its write-ahead log.
    std::mem::forget(killed);
    assert_eq!(sqs.counts("q", T0 + SECOND), (1, 1, 1));
    assert_eq!(bodies(&sqs.receive(10, T0 + SECOND)), ["waiting"]);
    sqs.change(&flying.receipt_handle, 45, T0 + 2 * SECOND).unwrap();
    assert_eq!(bodies(&sqs.receive(10, T0 + 60 * SECOND)).len(), 3, "all are back in time");
}

#[test]
fn a_rollback_takes_the_counts_back_too() {
    let mut sqs = fixture();
    sqs.send("kept", T0);
    sqs.store.connection().execute_batch("BEGIN").unwrap();
    sqs.send("lost", T0);
    sqs.receive(1, T0);
    sqs.store.connection().execute_batch("ROLLBACK").unwrap();
    sqs.store.reload().unwrap();
    assert_eq!(sqs.counts("q", T0), (1, 0, 0));
    assert_eq!(bodies(&sqs.receive(10, T0)), ["kept"]);
}

#[test]
fn settings_survive() {
    let mut sqs = fixture();
    let before = sqs.store.queue("q").unwrap().settings.clone();
    sqs.store = open(sqs.folder.path(), 1.0);
    assert_eq!(sqs.store.queue("q").unwrap().settings, before);
}

#[test]
fn a_database_of_another_layout_is_refused() {
    let sqs = fixture();
    sqs.store.connection().pragma_update(None, "user_version", 99).unwrap();
    let path = sqs.folder.path().join("sqs.db");
    assert!(matches!(Store::open(&path, TimeScale::new(1.0).unwrap()), Err(LayoutError::Unknown(99))));
}

/// SQLite must answer what a receive asks from an index, however many messages are hidden.
#[test]
fn no_hot_statement_scans_or_sorts() {
    let sqs = fixture();
    for statement in [
        "SELECT id FROM message WHERE queue = 1 AND state = 0 AND group_id > 'g' ORDER BY group_id, visible_ms, id LIMIT 1",
        "SELECT id FROM message WHERE queue = 1 AND state = 0 ORDER BY group_id, visible_ms, id LIMIT 1",
        "UPDATE message SET state = 0 WHERE queue = 1 AND state <> 0 AND state = 2 AND visible_ms <= 5",
        "SELECT min(visible_ms) FROM message WHERE queue = 1 AND state <> 0 AND state = 2",
        "SELECT min(sent_ms) FROM message WHERE queue = 1",
        "DELETE FROM message WHERE queue = 1 AND sent_ms <= 5 AND +state = 0",
    ] {
        let mut plan = sqs.store.connection().prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let steps: Vec<String> = plan.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        for step in steps {
            let good = step.starts_with("SEARCH") && !step.contains("TEMP B-TREE");
            assert!(good, "{statement}: {step}");
        }
    }
}
