//! The queues' ports: sending, receiving, hiding and deleting what was received. Run by the double in memory
//! and by the SQS adapter over whatever speaks SQS.

mod memory;
mod sqs;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

use revops_core::ports::{
    DeleteMessages, HideMessages, OutgoingMessage, QueueError, ReceiveMessages, ReceivedMessage, SendMessages,
};

use super::harness::cases;
use super::harness::check::{equal, eventually, holds, refused};
use super::{Case, Failure, Suite, Verdict};

pub use memory::Memory;
pub use sqs::Sqs;

/// The suite's name.
pub const NAME: &str = "queue_port";

/// For how long a received message stays hidden in a case: longer than any case takes.
const HIDDEN_SECONDS: u32 = 600;

/// All ports of queues but counting, whose figures are eventually consistent.
pub trait Ports: SendMessages + ReceiveMessages + HideMessages + DeleteMessages {}

impl<P: SendMessages + ReceiveMessages + HideMessages + DeleteMessages> Ports for P {}

/// A kind of queues, with the ways to look into them that the ports do not have.
pub trait Queues: Clone + Send + Sync + 'static {
    /// The ports.
    type Port: Ports;

    /// The ports.
    fn port(&self) -> Self::Port;

    /// A new, empty queue; its URL.
    fn queue(&self) -> impl Future<Output = Result<String, Failure>> + Send;

    /// How many messages wait for their delay to end.
    fn delayed(&self, queue_url: &str) -> impl Future<Output = Result<usize, Failure>> + Send;

    /// Ports to queues that cannot be reached.
    fn out_of_reach(&self) -> Self::Port;
}

/// The suite for queues of kind `Q`.
#[must_use]
pub fn suite<Q: Queues>() -> Suite<Q> {
    Suite::new(NAME, cases())
}

fn cases<Q: Queues>() -> Vec<Case<Q>> {
    cases![
        a_message_arrives_with_its_body_group_and_attributes,
        a_message_without_group_and_attributes_arrives_without,
        a_delayed_message_waits,
        a_fraction_of_a_seconds_delay_is_a_delay,
        every_queue_has_its_own_messages,
        a_hidden_message_is_not_received,
        a_message_hidden_for_no_time_is_received_again,
        messages_are_hidden_together_and_each_has_its_own_outcome,
        a_receive_takes_ten_messages_at_most_and_none_twice,
        a_message_given_back_keeps_its_name_and_the_time_it_was_sent,
        a_message_received_again_is_no_longer_the_first_receivers,
        a_deleted_message_is_no_longer_ours,
        a_deletion_can_be_repeated,
        an_unknown_queue_is_for_a_person_to_mend,
        queues_out_of_reach_are_unavailable,
    ]
}

fn message(body: &str) -> OutgoingMessage {
    OutgoingMessage { body: body.to_owned(), ..OutgoingMessage::default() }
}

async fn arrives<Q: Queues>(queues: &Q, queue_url: &str) -> Result<ReceivedMessage, Failure> {
    eventually("a message", || async { Ok(receive(queues, queue_url).await?.into_iter().next()) }).await
}

async fn receive<Q: Queues>(queues: &Q, queue_url: &str) -> Result<Vec<ReceivedMessage>, Failure> {
    Ok(queues.port().receive(queue_url, HIDDEN_SECONDS).await?)
}

async fn a_message_arrives_with_its_body_group_and_attributes<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    let attributes = vec![("reason", "destination_disabled".to_owned()), ("header", "general".to_owned())];
    let body = "{\"v\":1,\"type\":\"deliver\",\"note\":\"Grüße ☃\"}";
    let group = Some("tenant-1".to_owned());
    queues.port().send(&queue, OutgoingMessage { group: group.clone(), attributes, ..message(body) }).await?;
    let arrived = arrives(&queues, &queue).await?;
    equal("body and group", (arrived.body.as_str(), arrived.group), (body, group))?;
    let expected = [("header", "general"), ("reason", "destination_disabled")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    equal("the attributes", arrived.attributes, expected.into())
}

async fn a_message_without_group_and_attributes_arrives_without<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, message("{}")).await?;
    let arrived = arrives(&queues, &queue).await?;
    equal("group and attributes", (arrived.group, arrived.attributes), (None, BTreeMap::new()))
}

async fn a_delayed_message_waits<Q: Queues>(queues: Q) -> Verdict {
    waits(&queues, Duration::from_secs(600)).await
}

async fn a_fraction_of_a_seconds_delay_is_a_delay<Q: Queues>(queues: Q) -> Verdict {
    waits(&queues, Duration::from_millis(899_001)).await
}

async fn waits<Q: Queues>(queues: &Q, delay: Duration) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, OutgoingMessage { delay, ..message("later") }).await?;
    eventually("a delayed message", || async { Ok((queues.delayed(&queue).await? == 1).then_some(())) })
        .await?;
    equal("what is received", receive(queues, &queue).await?, Vec::new())
}

async fn every_queue_has_its_own_messages<Q: Queues>(queues: Q) -> Verdict {
    let (one, other) = (queues.queue().await?, queues.queue().await?);
    queues.port().send(&one, message("one")).await?;
    queues.port().send(&other, message("other")).await?;
    equal("the one's", arrives(&queues, &one).await?.body.as_str(), "one")?;
    equal("the other's", arrives(&queues, &other).await?.body.as_str(), "other")
}

async fn a_hidden_message_is_not_received<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, message("m")).await?;
    let arrived = arrives(&queues, &queue).await?;
    queues.port().hide(&queue, &arrived.receipt, 600).await?;
    equal("what is received", receive(&queues, &queue).await?, Vec::new())
}

async fn a_message_hidden_for_no_time_is_received_again<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, message("m")).await?;
    let arrived = arrives(&queues, &queue).await?;
    queues.port().hide(&queue, &arrived.receipt, 0).await?;
    equal("the body", arrives(&queues, &queue).await?.body.as_str(), "m")
}

async fn messages_are_hidden_together_and_each_has_its_own_outcome<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    let mut receipts = Vec::new();
    for body in ["deleted", "given back"] {
        queues.port().send(&queue, message(body)).await?;
        receipts.push(arrives(&queues, &queue).await?.receipt);
    }
    let [deleted, kept] = [receipts[0].as_str(), receipts[1].as_str()];
    queues.port().delete(&queue, deleted).await?;
    let outcomes = queues.port().hide_all(&queue, &[deleted, kept], 0).await?;
    let as_told = matches!(outcomes[..], [Err(QueueError::NotOurs), Ok(())]);
    holds(as_told, || format!("not NotOurs and done: {outcomes:?}"))?;
    equal("the body", arrives(&queues, &queue).await?.body.as_str(), "given back")
}

async fn a_receive_takes_ten_messages_at_most_and_none_twice<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    for number in 0..12 {
        queues.port().send(&queue, message(&number.to_string())).await?;
    }
    let mut bodies = BTreeSet::new();
    while bodies.len() < 12 {
        let batch = receive(&queues, &queue).await?;
        holds((1..=10).contains(&batch.len()), || format!("{} messages in a receive", batch.len()))?;
        for arrived in batch {
            holds(bodies.insert(arrived.body.clone()), || format!("{} came twice", arrived.body))?;
        }
    }
    Ok(())
}

async fn a_message_given_back_keeps_its_name_and_the_time_it_was_sent<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, message("m")).await?;
    let first = arrives(&queues, &queue).await?;
    queues.port().hide(&queue, &first.receipt, 0).await?;
    let again = arrives(&queues, &queue).await?;
    equal("name and time", (again.message_id, again.sent_at), (first.message_id, first.sent_at))?;
    holds(again.receipt != first.receipt, || "the receipt is the same".to_owned())
}

async fn a_message_received_again_is_no_longer_the_first_receivers<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, message("m")).await?;
    let first = arrives(&queues, &queue).await?;
    queues.port().hide(&queue, &first.receipt, 0).await?;
    arrives(&queues, &queue).await?;
    let error = refused("the hiding", queues.port().hide(&queue, &first.receipt, 30).await)?;
    holds(matches!(error, QueueError::NotOurs), || format!("not NotOurs: {error:?}"))
}

async fn a_deletion_can_be_repeated<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, message("m")).await?;
    let arrived = arrives(&queues, &queue).await?;
    queues.port().delete(&queue, &arrived.receipt).await?;
    queues.port().delete(&queue, &arrived.receipt).await?;
    equal("what is received", receive(&queues, &queue).await?, Vec::new())
}

async fn a_deleted_message_is_no_longer_ours<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    queues.port().send(&queue, message("m")).await?;
    let arrived = arrives(&queues, &queue).await?;
    queues.port().delete(&queue, &arrived.receipt).await?;
    let error = refused("the hiding", queues.port().hide(&queue, &arrived.receipt, 30).await)?;
    holds(matches!(error, QueueError::NotOurs), || format!("not NotOurs: {error:?}"))
}

async fn an_unknown_queue_is_for_a_person_to_mend<Q: Queues>(queues: Q) -> Verdict {
    let queue = format!("{}-gone", queues.queue().await?);
    let sent = refused("the message", queues.port().send(&queue, message("m")).await)?;
    holds(matches!(sent, QueueError::Refused(_)), || format!("a send: not Refused: {sent:?}"))
}

async fn queues_out_of_reach_are_unavailable<Q: Queues>(queues: Q) -> Verdict {
    let queue = queues.queue().await?;
    let sent = refused("the message", queues.out_of_reach().send(&queue, message("m")).await)?;
    holds(matches!(sent, QueueError::Unavailable(_)), || format!("a send: {sent:?}"))?;
    let hidden = refused("the hiding", queues.out_of_reach().hide(&queue, "receipt", 1).await)?;
    holds(matches!(hidden, QueueError::Unavailable(_)), || format!("a hiding: {hidden:?}"))?;
    let hidden = refused("the hidings", queues.out_of_reach().hide_all(&queue, &["receipt"], 1).await)?;
    holds(matches!(hidden, QueueError::Unavailable(_)), || format!("hidings: {hidden:?}"))?;
    let received = refused("the receive", queues.out_of_reach().receive(&queue, 1).await)?;
    holds(matches!(received, QueueError::Unavailable(_)), || format!("a receive: {received:?}"))?;
    let deleted = refused("the deletion", queues.out_of_reach().delete(&queue, "receipt").await)?;
    holds(matches!(deleted, QueueError::Unavailable(_)), || format!("a deletion: {deleted:?}"))
}
