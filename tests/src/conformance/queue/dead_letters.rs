//! The redrive policy: what it moves to the dead-letter queue, and what stays of the message.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use super::fixture::{TestQueue, receipt, system, text};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, eventually};
use crate::conformance::{Case, Failure, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_message_moves_to_the_dead_letter_queue_when_it_was_received_too_often,
        a_dead_letter_keeps_its_body_attributes_and_digests,
        a_dead_letter_keeps_its_id_and_the_time_it_was_sent,
        a_dead_letter_names_the_queue_it_came_from,
        a_deleted_message_never_becomes_a_dead_letter,
    ]
}

/// A queue whose messages may be received `receives` times, and its dead-letter queue.
pub(super) async fn with_dead_letters(
    client: &Client,
    receives: u32,
) -> Result<(TestQueue, TestQueue), Failure> {
    let dead = TestQueue::create(client).await?;
    let policy = serde_json::json!({ "deadLetterTargetArn": dead.arn().await?, "maxReceiveCount": receives });
    let queue = TestQueue::with(client, [(QueueAttributeName::RedrivePolicy, policy.to_string())]).await?;
    Ok((queue, dead))
}

/// Receives the queue's only message `times` times, giving it back each time; the last receive.
pub(super) async fn exhaust(queue: &TestQueue, times: u32) -> Result<Message, Failure> {
    let mut message = queue.next().await?;
    for _ in 1..times {
        queue.hide(receipt(&message)?, 0).send().await?;
        message = queue.next().await?;
    }
    queue.hide(receipt(&message)?, 0).send().await?;
    Ok(message)
}

/// The message that the redrive policy moves. Some implementations move it only when the source is asked
/// for it once more, as AWS's documentation describes it, so the source is asked.
pub(super) async fn dead_letter(queue: &TestQueue, dead: &TestQueue) -> Result<Message, Failure> {
    eventually("a dead letter", || async {
        queue.is_silent().await?;
        let received = dead.receive().send().await?;
        Ok(received.messages.and_then(|messages| messages.into_iter().next()))
    })
    .await
}

async fn a_message_moves_to_the_dead_letter_queue_when_it_was_received_too_often(client: Client) -> Verdict {
    let (queue, dead) = with_dead_letters(&client, 2).await?;
    queue.send("poison").send().await?;
    let last = exhaust(&queue, 2).await?;
    equal("the receive count before", super::fixture::receive_count(&last)?, "2")?;
    equal("the body", dead_letter(&queue, &dead).await?.body(), Some("poison"))
}

async fn a_dead_letter_keeps_its_body_attributes_and_digests(client: Client) -> Verdict {
    let (queue, dead) = with_dead_letters(&client, 1).await?;
    queue.send("{\"run\":2}").message_attributes("reason", text("String", "crash_loop")?).send().await?;
    let before = exhaust(&queue, 1).await?;
    let after = dead_letter(&queue, &dead).await?;
    equal("the body", after.body(), before.body())?;
    equal("the attributes", after.message_attributes(), before.message_attributes())?;
    equal("the digest of the body", after.md5_of_body(), before.md5_of_body())?;
    equal(
        "the digest of the attributes",
        after.md5_of_message_attributes(),
        before.md5_of_message_attributes(),
    )
}

/// On standard queues the clock of the retention period goes on (developer guide, "dead-letter queues").
async fn a_dead_letter_keeps_its_id_and_the_time_it_was_sent(client: Client) -> Verdict {
    let (queue, dead) = with_dead_letters(&client, 1).await?;
    queue.send("m").send().await?;
    let before = exhaust(&queue, 1).await?;
    let after = dead_letter(&queue, &dead).await?;
    equal("the message id", after.message_id(), before.message_id())?;
    let sent = MessageSystemAttributeName::SentTimestamp;
    equal("the time it was sent", system(&after, sent.clone())?, system(&before, sent)?)
}

async fn a_dead_letter_names_the_queue_it_came_from(client: Client) -> Verdict {
    let (queue, dead) = with_dead_letters(&client, 1).await?;
    queue.send("m").send().await?;
    exhaust(&queue, 1).await?;
    let letter = dead_letter(&queue, &dead).await?;
    let source = system(&letter, MessageSystemAttributeName::DeadLetterQueueSourceArn)?;
    equal("the source", source, queue.arn().await?.as_str())
}

async fn a_deleted_message_never_becomes_a_dead_letter(client: Client) -> Verdict {
    let (queue, dead) = with_dead_letters(&client, 1).await?;
    queue.send("done").send().await?;
    let message = queue.next().await?;
    queue.delete(receipt(&message)?).send().await?;
    queue.is_silent().await?;
    dead.is_silent().await
}
