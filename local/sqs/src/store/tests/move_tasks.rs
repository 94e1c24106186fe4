//! StartMessageMoveTask.

use super::*;

fn start(source: &str, destination: Option<&str>, per_second: Option<i64>) -> StartMove {
    StartMove {
        source: source.into(),
        destination: destination.map(str::to_owned),
        per_second,
        handle: "task".into(),
    }
}

/// Messages that the policy moved from `q` to `dead`.
fn dead_lettered(sqs: &mut Fixture, count: i64) -> i64 {
    (0..count).for_each(|number| sqs.send(&number.to_string(), T0));
    for receive in 0..=3 {
        while !sqs.receive(10, T0 + receive * 30 * SECOND).is_empty() {}
    }
    T0 + 90 * SECOND
}

/// Steps until no step is due before `until_ms`.
fn run(sqs: &mut Fixture, until_ms: i64) {
    while let Some(next_ms) = sqs.store.next_move_ms().filter(|next_ms| *next_ms <= until_ms) {
        sqs.store.step_moves(next_ms).unwrap();
    }
}

fn status(sqs: &Fixture) -> MoveTaskStatus {
    sqs.store.list_moves("dead", 1).unwrap().remove(0)
}

#[test]
fn without_a_destination_messages_return_to_their_source_as_new_ones() {
    let mut sqs = fixture();
    let now = dead_lettered(&mut sqs, 3);
    sqs.store.start_move(&start("dead", None, None), now).unwrap();
    run(&mut sqs, now);
    let task = status(&sqs);
    assert_eq!((task.status.as_str(), task.moved, task.to_move), ("COMPLETED", 3, 3));
    let back = sqs.receive(10, now);
    assert_eq!(back.len(), 3);
    for message in back {
        assert_eq!((message.receive_count, message.sent_ms, message.first_received_ms), (1, now, now));
        assert_eq!(message.dead_letter_source, None);
        assert_ne!(message.message_id, message.body, "it has a new id");
    }
    assert_eq!(sqs.counts("dead", now), (0, 0, 0));
}

#[test]
fn a_message_that_was_sent_to_the_dead_letter_queue_directly_has_no_way_back() {
    let mut sqs = fixture();
    sqs.store.send("dead", &message("direct"), T0).unwrap();
    sqs.store.start_move(&start("dead", None, None), T0).unwrap();
    run(&mut sqs, T0);
    let task = status(&sqs);
    assert_eq!((task.status.as_str(), task.moved), ("FAILED", 0));
    assert_eq!(task.failure.as_deref(), Some("CouldNotDetermineMessageSource"));
    assert_eq!(sqs.counts("dead", T0), (1, 0, 0), "nothing is lost");
}

#[test]
fn with_a_destination_every_message_moves() {
    let mut sqs = fixture();
    sqs.store.create_queue("other", &Settings::default(), T0).unwrap();
    (0..450).for_each(|number| sqs.store.send("dead", &message(&number.to_string()), T0).unwrap());
    sqs.store.start_move(&start("dead", Some("other"), None), T0).unwrap();
    run(&mut sqs, T0);
    assert_eq!((status(&sqs).status.as_str(), status(&sqs).moved), ("COMPLETED", 450));
    assert_eq!(sqs.counts("other", T0), (450, 0, 0));
}

#[test]
fn a_rate_is_kept() {
    let mut sqs = fixture();
    (0..100).for_each(|number| sqs.store.send("dead", &message(&number.to_string()), T0).unwrap());
    sqs.store.start_move(&start("dead", Some("q"), Some(25)), T0).unwrap();
    run(&mut sqs, T0 + SECOND - 1);
    let task = status(&sqs);
    assert_eq!((task.status.as_str(), task.per_second), ("RUNNING", Some(25)));
    assert!((24..=26).contains(&task.moved), "{}", task.moved);
    run(&mut sqs, T0 + 5 * SECOND);
    assert_eq!((status(&sqs).status.as_str(), status(&sqs).moved), ("COMPLETED", 100));
}

#[test]
fn one_task_a_source_and_only_from_a_dead_letter_queue() {
    let mut sqs = fixture();
    let refuse = |sqs: &mut Fixture, start: StartMove| refusal(sqs.store.start_move(&start, T0)).unwrap_err();
    assert_eq!(refuse(&mut sqs, start("q", None, None)), Refusal::NotADeadLetterQueue);
    assert_eq!(refuse(&mut sqs, start("no", None, None)), Refusal::NoSuchResource("SourceArn"));
    assert_eq!(refuse(&mut sqs, start("dead", Some("no"), None)), Refusal::NoSuchResource("DestinationArn"));
    assert_eq!(refuse(&mut sqs, start("dead", Some("dead"), None)), Refusal::MoveOntoItself);
    sqs.store.start_move(&start("dead", Some("q"), None), T0).unwrap();
    assert_eq!(refuse(&mut sqs, start("dead", Some("q"), None)), Refusal::MoveTaskRunning);
    run(&mut sqs, T0);
    sqs.store.start_move(&start("dead", Some("q"), None), T0).unwrap();
}

#[test]
fn a_task_survives_a_restart() {
    let mut sqs = fixture();
    (0..10).for_each(|number| sqs.store.send("dead", &message(&number.to_string()), T0).unwrap());
    sqs.store.start_move(&start("dead", Some("q"), Some(1)), T0).unwrap();
    run(&mut sqs, T0);
    sqs.store = open(sqs.folder.path(), 1.0);
    run(&mut sqs, T0 + 20 * SECOND);
    assert_eq!((status(&sqs).status.as_str(), status(&sqs).moved), ("COMPLETED", 10));
}
