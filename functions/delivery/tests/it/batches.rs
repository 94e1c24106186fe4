//! Batches: what messages that come together share, and that each one's fate is its own.

use std::time::Duration;

use crate::support::{QUEUE, World, record};
use revops_core::messages::Message;
use revops_core::ports::{DeleteMessages as _, OutgoingMessage, ReceiveMessages as _, SendMessages as _};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn messages_that_come_together_read_their_destinations_marker_once() {
    let world = World::new().await;
    world.receiver.answers_status(503);
    assert!(!world.receive(&world.message(), 1).await);
    // Too early for the next attempt: each message is looked at, and nothing else.
    let body = Message::Deliver(world.message()).to_json();
    let records = [record("m-1", &body, 2), record("m-2", &body, 2), record("m-3", &body, 2)];
    let mut reads = Vec::new();
    for batch in [&records[..1], &records[..]] {
        let before = world.records.reads();
        world.batch(batch, MINUTE).await;
        reads.push(world.records.reads() - before);
    }
    assert_eq!(reads, [7, 1 + 3 * 6]);
}

#[tokio::test]
async fn a_message_of_somebody_elses_stays_and_those_that_came_with_it_are_delivered() {
    let world = World::new().await;
    let good = Message::Deliver(world.message()).to_json();
    for _ in 0..2 {
        world.queues.send(QUEUE, OutgoingMessage { body: good.clone(), ..Default::default() }).await.unwrap();
    }
    let received = world.queues.receive(QUEUE, 360).await.unwrap();
    world.queues.delete(QUEUE, &received[0].receipt).await.unwrap();
    let records = received.iter().map(|message| {
        let mut record = record(&message.message_id, &good, 1);
        record["receiptHandle"] = message.receipt.clone().into();
        record
    });
    let staying = world.batch(&records.collect::<Vec<_>>(), MINUTE).await;
    assert_eq!((staying, world.receiver.got().len()), (vec![received[0].message_id.clone()], 1));
}

#[tokio::test]
async fn of_more_messages_than_are_worked_on_at_a_time_each_is_hidden_once_and_done() {
    let world = World::new().await;
    let good = Message::Deliver(world.message()).to_json();
    let names: Vec<String> = (0..25).map(|number| format!("m-{number}")).collect();
    let records: Vec<_> = names.iter().map(|name| record(name, &good, 1)).collect();
    assert_eq!(world.batch(&records, MINUTE).await, Vec::<String>::new());
    let hidden = world.queues.hidden().into_iter().map(|(receipt, seconds)| {
        assert_eq!(seconds, 15, "{receipt}");
        receipt
    });
    let receipts: Vec<String> = names.iter().map(|name| format!("receipt-{name}")).collect();
    assert_eq!(hidden.collect::<Vec<_>>(), receipts);
}

#[tokio::test]
async fn one_poisonous_record_harms_only_itself() {
    let world = World::new().await;
    let good = Message::Deliver(world.message()).to_json();
    let newer = good.replace("\"v\":1", "\"v\":2");
    let nonsense = good.replace("\"run\":1", "\"run\":0");
    let mut other_queue = record("m-5", &good, 1);
    other_queue["eventSourceARN"] = "arn:aws:sqs:us-east-1:1:unknown".into();
    let records = [
        record("m-1", "{", 1),
        record("m-2", &newer, 1),
        record("m-3", &good, 1),
        record("m-4", &nonsense, 1),
        other_queue,
    ];
    let mut staying = world.batch(&records, MINUTE).await;
    staying.sort();
    assert_eq!(staying, ["m-1", "m-2", "m-4", "m-5"]);
    assert_eq!(world.receiver.got().len(), 1);
}

#[tokio::test]
async fn a_panic_keeps_its_message_and_no_other() {
    let world = World::new().await;
    world.receiver.answers(|| panic!("a bug"));
    let good = Message::Deliver(world.message()).to_json();
    let staying = world.batch(&[record("m-1", &good, 1), record("m-2", &good, 1)], MINUTE).await;
    assert_eq!(staying.len(), 1);
}
