//! Batches: each entry has its own fate, and a batch as a whole has rules.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::send_message_batch::builders::SendMessageBatchFluentBuilder;
use aws_sdk_sqs::types::{
    BatchResultErrorEntry, ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    SendMessageBatchRequestEntry,
};

use super::fixture::{TestQueue, receipt};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present, refused};
use crate::conformance::{Case, Failure, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_batch_is_sent_and_each_entry_has_its_id_and_digest,
        an_entry_that_is_refused_does_not_harm_the_others,
        a_deletion_that_is_refused_does_not_harm_the_others,
        a_change_of_visibility_that_is_refused_does_not_harm_the_others,
        an_empty_batch_is_refused,
        a_batch_of_eleven_is_refused,
        a_batch_with_an_id_twice_is_refused,
        a_batch_above_one_mebibyte_in_all_is_refused,
    ]
}

fn batch(queue: &TestQueue, entries: &[(&str, &str)]) -> Result<SendMessageBatchFluentBuilder, Failure> {
    let entry = |(id, body): &(&str, &str)| {
        SendMessageBatchRequestEntry::builder().id(*id).message_body(*body).build()
    };
    let entries = entries.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    Ok(queue.client.send_message_batch().queue_url(&queue.url).set_entries(Some(entries)))
}

/// The only failed entry is `id`, and the sender is at fault.
fn only_failure(failed: &[BatchResultErrorEntry], id: &str, code: &str) -> Verdict {
    let failure = present("the failed entry", failed.first())?;
    equal("the number of failed entries", failed.len(), 1)?;
    equal("the failed entry", (failure.id(), failure.sender_fault()), (id, true))?;
    equal("the failed entry's code", failure.code(), code)
}

async fn a_batch_is_sent_and_each_entry_has_its_id_and_digest(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let sent = batch(&queue, &[("a", "first"), ("b", "second")])?.send().await?;
    equal("the failed entries", sent.failed().len(), 0)?;
    let mut digests: Vec<_> = sent.successful().iter().map(|e| (e.id(), e.md5_of_message_body())).collect();
    digests.sort_unstable();
    let expected = [("a", "8b04d5e3775d298e78455efc5ca404d5"), ("b", "a9f0e61a137d86aa9db53465e0801612")];
    equal("the digests", digests, expected)
}

async fn an_entry_that_is_refused_does_not_harm_the_others(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let sent = batch(&queue, &[("bad", "\u{1}"), ("good", "first")])?.send().await?;
    only_failure(sent.failed(), "bad", "InvalidMessageContents")?;
    let successful: Vec<_> = sent.successful().iter().map(|entry| entry.id()).collect();
    equal("the successful entries", successful, ["good"])?;
    equal("the body", queue.next().await?.body(), Some("first"))
}

async fn a_deletion_that_is_refused_does_not_harm_the_others(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let message = queue.next().await?;
    let entry = |id: &str, handle: &str| {
        DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(handle).build()
    };
    let request = queue.client.delete_message_batch().queue_url(&queue.url);
    let request = request.entries(entry("bad", "no-receipt")?).entries(entry("good", receipt(&message)?)?);
    let deleted = request.send().await?;
    only_failure(deleted.failed(), "bad", "ReceiptHandleIsInvalid")?;
    equal("the deleted entries", deleted.successful().len(), 1)
}

async fn a_change_of_visibility_that_is_refused_does_not_harm_the_others(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let message = queue.next().await?;
    let entry = |id: &str, handle: &str| {
        let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(id).receipt_handle(handle);
        entry.visibility_timeout(0).build()
    };
    let request = queue.client.change_message_visibility_batch().queue_url(&queue.url);
    let request = request.entries(entry("bad", "no-receipt")?).entries(entry("good", receipt(&message)?)?);
    let changed = request.send().await?;
    only_failure(changed.failed(), "bad", "ReceiptHandleIsInvalid")?;
    equal("the message id", queue.next().await?.message_id(), message.message_id())
}

async fn an_empty_batch_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let error = refused("the batch", batch(&queue, &[])?.send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_empty_batch_request()), || {
        format!("not EmptyBatchRequest: {error:?}")
    })
}

async fn a_batch_of_eleven_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let ids: Vec<String> = (0..11).map(|number| number.to_string()).collect();
    let entries: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "m")).collect();
    let error = refused("the batch", batch(&queue, &entries)?.send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_too_many_entries_in_batch_request()), || {
        format!("not TooManyEntriesInBatchRequest: {error:?}")
    })
}

async fn a_batch_with_an_id_twice_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let error = refused("the batch", batch(&queue, &[("a", "first"), ("a", "second")])?.send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_batch_entry_ids_not_distinct()), || {
        format!("not BatchEntryIdsNotDistinct: {error:?}")
    })
}

async fn a_batch_above_one_mebibyte_in_all_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let half = "m".repeat(524_288);
    let over = format!("{half}m");
    batch(&queue, &[("a", &half), ("b", &half)])?.send().await?;
    let error = refused("the batch", batch(&queue, &[("a", &half), ("b", &over)])?.send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_batch_request_too_long()), || {
        format!("not BatchRequestTooLong: {error:?}")
    })
}
