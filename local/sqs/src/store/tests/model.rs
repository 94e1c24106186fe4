//! Whatever is done in whatever order: the counts are those of the table, and a message exists until it
//! is deleted.

use proptest::prelude::*;

use super::*;

/// One step of a history. Handles are picked from all that were ever issued, old ones too.
#[derive(Clone, Debug)]
enum Step {
    Send { group: u8, delay_seconds: i64 },
    Receive { maximum: usize, visibility_seconds: i64 },
    Delete { handle: usize },
    Change { handle: usize, seconds: i64 },
    Wait { ms: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_u8..3, prop_oneof![Just(0_i64), 0_i64..20])
            .prop_map(|(group, delay_seconds)| Step::Send { group, delay_seconds }),
        (1_usize..=10, 0_i64..20)
            .prop_map(|(maximum, visibility_seconds)| Step::Receive { maximum, visibility_seconds }),
        any::<prop::sample::Index>().prop_map(|index| Step::Delete { handle: index.index(1000) }),
        (any::<prop::sample::Index>(), 0_i64..20)
            .prop_map(|(index, seconds)| Step::Change { handle: index.index(1000), seconds }),
        (1_i64..15_000).prop_map(|ms| Step::Wait { ms }),
    ]
}

/// A queue under test with what the test knows of it.
struct History {
    sqs: Fixture,
    now_ms: i64,
    sent: i64,
    deleted: i64,
    handles: Vec<String>,
}

impl History {
    fn total(&mut self) -> i64 {
        let mut total = 0;
        for queue in ["q", "dead"] {
            let (ready, delayed, in_flight) = self.sqs.counts(queue, self.now_ms);
            total += ready + delayed + in_flight;
        }
        total
    }

    fn apply(&mut self, step: &Step) {
        let handle = |index: &usize| self.handles.get(index % self.handles.len().max(1)).cloned();
        match step {
            Step::Send { group, delay_seconds } => {
                let message = NewMessage {
                    group: format!("{group}"),
                    delay_seconds: Some(*delay_seconds),
                    ..message(&self.sent.to_string())
                };
                self.sqs.store.send("q", &message, self.now_ms).unwrap();
                self.sent += 1;
            }
            Step::Receive { maximum, visibility_seconds } => {
                let receive = Receive { maximum: *maximum, visibility_ms: Some(visibility_seconds * SECOND) };
                let received = self.sqs.store.receive("q", receive, self.now_ms).unwrap();
                self.handles.extend(received.into_iter().map(|message| message.receipt_handle));
            }
            Step::Delete { handle: index } => {
                let Some(handle) = handle(index) else { return };
                let before = self.total();
                self.sqs.store.delete("q", &handle).unwrap();
                self.deleted += before - self.total();
            }
            Step::Change { handle: index, seconds } => {
                let Some(handle) = handle(index) else { return };
                let _ = self.sqs.change(&handle, *seconds, self.now_ms);
            }
            Step::Wait { ms } => self.now_ms += ms,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_history_loses_or_doubles_a_message(steps in prop::collection::vec(step(), 1..80)) {
        let mut history =
            History { sqs: fixture(), now_ms: T0, sent: 0, deleted: 0, handles: Vec::new() };
        for step in &steps {
            history.apply(step);
            prop_assert_eq!(history.total(), history.sent - history.deleted);
        }
    }
}
