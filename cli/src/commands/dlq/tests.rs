//! Replays in memory: what is sent, what is deleted, what stays.

use std::sync::Arc;

use revops_core::Timestamp;
use revops_core::config::Variables;
use revops_core::fake::{FixedClock, MemoryQueues, MemoryRecords};
use revops_core::ports::{OutgoingMessage, PutExports as _, ReceiveMessages as _, SendMessages as _};
use revops_core::records::keys;

use super::args::Manner;
use super::filter::Filter;
use super::hands::with_all_of;
use super::letter::tests::{body, id};
use super::replay::Replayer;
use super::summary::Summary;
use crate::aws::Queues;
use crate::error::CtlError;
use crate::interrupt::Interrupt;

const DEAD: &str = "https://sqs/dead-letter";
const OUTBOUND: &str = "https://sqs/outbound";
/// The conversation whose delivery a newer version wrote.
const UNREADABLE: u32 = 9;
const NOW: Timestamp = Timestamp::from_unix_ms(1_763_840_000_000);

/// Dead letters with these bodies.
async fn dead(bodies: &[String]) -> MemoryQueues {
    let queues = MemoryQueues::default();
    for body in bodies {
        queues
            .send(DEAD, OutgoingMessage { body: body.clone(), ..OutgoingMessage::default() })
            .await
            .unwrap();
    }
    queues
}

async fn replay(queues: &MemoryQueues, filter: &Filter, dry_run: bool) -> Result<Summary, CtlError> {
    let destinations =
        Variables::new([("QUERY_QUEUE_URL", "https://sqs/query"), ("OUTBOUND_WEBHOOK_QUEUE_URL", OUTBOUND)]);
    let (destinations, interrupt) = (Queues::read(&destinations)?, Interrupt::never());
    let records = MemoryRecords::new(Arc::new(FixedClock::at(NOW)));
    records.put(keys::delivery(id(UNREADABLE)).path(), b"{}".to_vec()).await.unwrap();
    let manner = Manner { rate: 1_000, dry_run, ignore_deadline: false };
    let replayer =
        Replayer { records: &records, queues: &destinations, manner, now: NOW, interrupt: &interrupt };
    let work = async |hands: &mut super::hands::Hands<'_, MemoryQueues>| {
        replayer.replay(queues, hands, filter).await
    };
    with_all_of(queues, [DEAD].into_iter(), &interrupt, work).await
}

fn outbound(queues: &MemoryQueues) -> Vec<String> {
    let sent = queues.sent().into_iter().filter(|sent| sent.queue_url == OUTBOUND);
    sent.map(|sent| sent.message.body).collect()
}

/// How many dead letters can be received afterwards.
async fn left(queues: &MemoryQueues) -> usize {
    queues.receive(DEAD, 1).await.unwrap().len()
}

#[tokio::test]
async fn copies_of_a_letter_are_sent_once_and_all_deleted() {
    let queues = dead(&[body(1, 2), body(1, 2), body(2, 2)]).await;
    let summary = replay(&queues, &Filter::default(), false).await.unwrap();
    assert_eq!(outbound(&queues), [body(1, 2), body(2, 2)]);
    assert_eq!((summary.replayed(), left(&queues).await), (2, 0));
    assert!(summary.verdict().is_ok());
}

#[tokio::test]
async fn a_dry_run_sends_nothing_and_gives_everything_back() {
    let queues = dead(&[body(1, 2), body(2, 2)]).await;
    let summary = replay(&queues, &Filter::default(), true).await.unwrap();
    assert_eq!((summary.replayed(), outbound(&queues).len(), left(&queues).await), (2, 0, 2));
}

#[tokio::test]
async fn what_was_not_selected_stays_and_an_id_without_a_letter_is_not_found() {
    let queues = dead(&[body(1, 2), body(2, 2)]).await;
    let filter = Filter { ids: vec![id(2), id(7)], ..Filter::default() };
    let summary = replay(&queues, &filter, false).await.unwrap();
    assert_eq!((outbound(&queues), left(&queues).await), (vec![body(2, 2)], 1));
    assert!(matches!(summary.verdict(), Err(CtlError::NotFound(text)) if text.contains(&id(7).to_string())));
}

#[tokio::test]
async fn what_is_not_understood_stays_and_is_said() {
    let newer = body(1, 2).replace("\"v\":1", "\"v\":2");
    let queues = dead(&[newer, body(2, 2)]).await;
    let summary = replay(&queues, &Filter::default(), false).await.unwrap();
    assert_eq!((summary.replayed(), left(&queues).await), (1, 1));
    assert!(matches!(summary.verdict(), Err(CtlError::Failed(text)) if text.contains('1')));
}

#[tokio::test]
async fn a_record_that_cannot_be_read_keeps_its_letter_and_no_other() {
    let queues = dead(&[body(UNREADABLE, 2), body(2, 2)]).await;
    let summary = replay(&queues, &Filter::default(), false).await.unwrap();
    assert_eq!((outbound(&queues), left(&queues).await), (vec![body(2, 2)], 1));
    assert!(matches!(summary.verdict(), Err(CtlError::Failed(_))));
}

#[tokio::test]
async fn of_two_operators_only_one_has_a_letter() {
    let queues = dead(&[body(1, 2)]).await;
    let held = queues.receive(DEAD, 900).await.unwrap();
    let summary = replay(&queues, &Filter::default(), false).await.unwrap();
    assert_eq!((summary.replayed(), outbound(&queues).len(), held.len()), (0, 0, 1));
}

#[tokio::test]
async fn an_outage_of_the_queues_breaks_the_replay_off_and_sends_nothing() {
    let queues = dead(&[body(1, 2)]).await;
    queues.set_outage(true);
    assert!(matches!(replay(&queues, &Filter::default(), false).await, Err(CtlError::Failed(_))));
    queues.set_outage(false);
    assert_eq!((outbound(&queues).len(), left(&queues).await), (0, 1));
}
