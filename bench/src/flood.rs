//! A backlog: deliveries of the class `general`, stored and queued as the gateway does it.

use std::io;
use std::path::Path;

use aws_sdk_sqs::types::SendMessageBatchRequestEntry as Entry;
use futures_util::{StreamExt as _, stream};
use revops_aws::{OsRandom, SystemClock};
use revops_core::messages::{Deliver, Message, Version};
use revops_core::ports::Clock as _;
use revops_core::records::{DeliveryRecord, Run, VERSION, keys};
use revops_core::{Header, TrackingId};
use tests::stack::Stack;

/// What SQS takes in one call.
const BATCH: usize = 10;

/// How many calls are made at a time.
const AT_A_TIME: usize = 4;

/// Stores and queues so many deliveries. The records go straight to where the local object store keeps them.
pub(crate) async fn flood(stack: &Stack, messages: u32) -> io::Result<()> {
    let bucket = stack.state().join("s3").join(&stack.ready.bucket);
    let bodies: io::Result<Vec<String>> = (0..messages).map(|_| store(&bucket)).collect();
    let (client, url) = (stack.sqs(), &stack.ready.queue_urls["general"]);
    let bodies = bodies?;
    let sending = stream::iter(bodies.chunks(BATCH)).map(|batch| {
        let entry = |(number, body): (usize, &String)| {
            Entry::builder().id(number.to_string()).message_body(body).build().ok()
        };
        let entries: Vec<Entry> = batch.iter().enumerate().filter_map(entry).collect();
        client.send_message_batch().queue_url(url).set_entries(Some(entries)).send()
    });
    let refused = sending.buffer_unordered(AT_A_TIME).filter_map(async |sent| sent.err());
    let refused: Vec<_> = refused.collect().await;
    refused.into_iter().next().map_or(Ok(()), |cause| Err(io::Error::other(cause)))
}

/// Stores one delivery; its message.
fn store(bucket: &Path) -> io::Result<String> {
    let now = SystemClock.now();
    let tracking_id = TrackingId::new(now, &OsRandom);
    let record = DeliveryRecord {
        v: VERSION,
        tracking_id,
        delivery_id: tracking_id.delivery_id(),
        header: Header::General,
        target: Header::General,
        classification: None,
        expected: None,
        queued_at: now,
        deliver_before: None,
        failure_notice: false,
        failure_reason: None,
        envelope: "{}".to_owned(),
    };
    let path = bucket.join(keys::delivery(tracking_id).path());
    std::fs::create_dir_all(path.parent().unwrap_or(bucket))?;
    std::fs::write(path, serde_json::to_vec(&record)?)?;
    let deliver = Deliver {
        v: Version,
        tracking_id,
        delivery_id: tracking_id.delivery_id(),
        header: Header::General,
        run: Run::FIRST,
        copy: false,
        ignore_deadline: false,
    };
    Ok(Message::Deliver(deliver).to_json())
}
