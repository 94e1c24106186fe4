//! The store's semantics, with time as a number. Nothing here sleeps.

mod dead_letter;
mod durability;
mod fair;
mod lifecycle;
mod model;
mod move_tasks;
mod visibility;

use std::path::Path;

use super::*;
use crate::message::{Attributes, NewMessage, ReceivedMessage};
use crate::options::RedrivePolicy;

/// A point in time to count from.
pub(super) const T0: i64 = 1_700_000_000_000;
pub(super) const SECOND: i64 = 1000;

/// A store in a folder that lives as long as it.
pub(super) struct Fixture {
    pub(super) store: Store,
    pub(super) folder: tempfile::TempDir,
}

pub(super) fn open(folder: &Path, scale: f64) -> Store {
    Store::open(&folder.join("sqs.db"), TimeScale::new(scale).unwrap()).unwrap()
}

pub(super) fn fixture() -> Fixture {
    scaled(1.0)
}

/// Queue `q` (visibility 30 s), and `dead`, its dead-letter queue after three receives.
pub(super) fn scaled(scale: f64) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path(), scale);
    store.create_queue("dead", &Settings::default(), T0).unwrap();
    let policy = RedrivePolicy { dead_letter_queue: "dead".into(), max_receive_count: 3 };
    store.create_queue("q", &Settings { redrive: Some(policy), ..Settings::default() }, T0).unwrap();
    Fixture { store, folder }
}

pub(super) fn message(body: &str) -> NewMessage {
    NewMessage {
        message_id: body.to_owned(),
        body: body.to_owned(),
        attributes: Attributes::new(),
        trace_header: None,
        group: String::new(),
        delay_seconds: None,
    }
}

impl Fixture {
    pub(super) fn send(&mut self, body: &str, now_ms: i64) {
        self.store.send("q", &message(body), now_ms).unwrap();
    }

    pub(super) fn receive(&mut self, maximum: usize, now_ms: i64) -> Vec<ReceivedMessage> {
        self.store.receive("q", Receive { maximum, visibility_ms: None }, now_ms).unwrap()
    }

    pub(super) fn receive_from(&mut self, queue: &str, now_ms: i64) -> Vec<ReceivedMessage> {
        self.store.receive(queue, Receive { maximum: 10, visibility_ms: None }, now_ms).unwrap()
    }

    /// The one message that there is.
    pub(super) fn receive_one(&mut self, now_ms: i64) -> ReceivedMessage {
        let mut messages = self.receive(10, now_ms);
        assert_eq!(messages.len(), 1);
        messages.remove(0)
    }

    pub(super) fn change(&mut self, handle: &str, seconds: i64, now_ms: i64) -> Result<(), Refusal> {
        refusal(self.store.change_visibility("q", handle, seconds, now_ms))
    }

    /// Ready, delayed, in flight; checked against the rows.
    pub(super) fn counts(&mut self, queue: &str, now_ms: i64) -> (i64, i64, i64) {
        let kept = self.store.settled(queue, now_ms).unwrap().clone();
        let counted = settle::counted(self.store.connection(), kept.clone()).unwrap();
        assert_eq!(kept.counts, counted.counts, "the counts in memory are those of the table");
        (kept.counts.ready, kept.counts.delayed, kept.counts.in_flight)
    }
}

/// The refusal of an outcome; a database error fails the test.
pub(super) fn refusal<T>(outcome: Result<T, StoreError>) -> Result<T, Refusal> {
    outcome.map_err(|error| match error {
        StoreError::Refused(refusal) => refusal,
        other @ (StoreError::Database(_) | StoreError::RolledBack | StoreError::Closed) => panic!("{other}"),
    })
}

pub(super) fn bodies(messages: &[ReceivedMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_str()).collect()
}
