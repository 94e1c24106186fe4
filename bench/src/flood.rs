//! A backlog: deliveries, stored and queued as the gateway does it.

use std::io;
use std::path::Path;

use aws_sdk_sqs::types::SendMessageBatchRequestEntry as Entry;
use futures_util::{StreamExt as _, stream};
use revops_core::Header;
use tests::stack::Stack;

use crate::conversation::Conversation;

/// What SQS takes in one call.
const BATCH: usize = 10;

/// Bytes of an answer and of an envelope, about.
const ENVELOPE: usize = 2_000;

/// How many calls are made at a time.
const AT_A_TIME: usize = 4;

/// Stores so many conversations and queues their deliveries, in equal parts to the classes named. The records go
/// straight to where the local object store keeps them.
pub(crate) async fn flood(stack: &Stack, classes: &[&str], messages: u32) -> io::Result<()> {
    for (number, class) in classes.iter().enumerate() {
        let (share, parts) = (messages as usize, classes.len());
        flood_class(stack, class, (share + number) / parts).await?;
    }
    Ok(())
}

async fn flood_class(stack: &Stack, class: &str, messages: usize) -> io::Result<()> {
    let bucket = stack.state().join("s3").join(&stack.ready.bucket);
    let header: Header = class.parse().map_err(|_| io::Error::other(format!("no class {class}")))?;
    let bodies: Vec<String> = (0..messages).map(|_| store(&bucket, header)).collect::<io::Result<_>>()?;
    let queue = class.replace('_', "-");
    let url =
        stack.ready.queue_urls.get(&queue).ok_or_else(|| io::Error::other(format!("no queue {queue}")))?;
    let client = stack.sqs();
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

/// Stores one conversation up to its delivery; its message.
fn store(bucket: &Path, header: Header) -> io::Result<String> {
    let conversation = Conversation::new(header);
    for (key, body) in conversation.records(ENVELOPE) {
        let path = bucket.join(key);
        std::fs::create_dir_all(path.parent().unwrap_or(bucket))?;
        std::fs::write(path, body)?;
    }
    Ok(conversation.deliver())
}
