//! Sending, receiving and deleting; what a message brings with it.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName};

use super::fixture::{TestQueue, receipt, system, text};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present};
use crate::conformance::{Case, Failure, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_sent_message_is_received_with_its_id_and_body,
        a_deleted_message_does_not_come_back,
        the_md5_of_a_body_is_that_of_its_utf8_bytes,
        the_md5_of_attributes_follows_the_documented_encoding,
        message_attributes_come_back_with_their_types,
        only_the_attributes_asked_for_come_along,
        a_message_group_id_on_a_standard_queue_is_accepted_and_returned,
        a_message_tells_when_it_was_sent_and_first_received,
        one_receive_gives_up_to_ten_messages,
    ]
}

async fn a_sent_message_is_received_with_its_id_and_body(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let body = "{\"query\":\"Grüße, <IXIS> & Söhne ☃ 🚀\"}\n\t";
    let sent = queue.send(body).send().await?;
    let message = queue.next().await?;
    equal("the body", message.body(), Some(body))?;
    equal("the message id", message.message_id(), sent.message_id())?;
    holds(sent.message_id().is_some(), || "the message has no id".to_owned())
}

async fn a_deleted_message_does_not_come_back(client: Client) -> Verdict {
    let queue = TestQueue::hiding_for(&client, 1).await?;
    queue.send("deleted").send().await?;
    let message = queue.next().await?;
    queue.delete(receipt(&message)?).send().await?;
    tokio::time::sleep(std::time::Duration::from_millis(1300)).await;
    queue.is_silent().await
}

// The digests here were computed apart from this code, from the developer guide's description.

async fn the_md5_of_a_body_is_that_of_its_utf8_bytes(client: Client) -> Verdict {
    let expected = Some("0b8664424bd26ccea6d026baa6c144c8");
    let queue = TestQueue::create(&client).await?;
    let sent = queue.send("Grüße, IXIS ☃").send().await?;
    equal("the digest of the body sent", sent.md5_of_message_body(), expected)?;
    equal("the digest of no attributes", sent.md5_of_message_attributes(), None)?;
    equal("the digest of the body received", queue.next().await?.md5_of_body(), expected)
}

/// One attribute of each type, named so that byte order and alphabetic order differ.
fn attributes() -> Result<[(&'static str, MessageAttributeValue); 4], Failure> {
    let bytes = Blob::new([0_u8, 1, 255]);
    Ok([
        ("reason", text("String", "zurückgewiesen")?),
        ("attempts", text("Number", "5")?),
        ("Trace.id", text("String.uuid", "x")?),
        ("digest", MessageAttributeValue::builder().data_type("Binary").binary_value(bytes).build()?),
    ])
}

async fn the_md5_of_attributes_follows_the_documented_encoding(client: Client) -> Verdict {
    let expected = Some("e47cf8fdf179db4a912ceb29cf95bbfb");
    let queue = TestQueue::create(&client).await?;
    let attributes = attributes()?.map(|(name, value)| (name.to_owned(), value));
    let sent = queue.send("m").set_message_attributes(Some(attributes.into())).send().await?;
    equal("the digest of the attributes sent", sent.md5_of_message_attributes(), expected)?;
    let message = queue.next().await?;
    equal("the digest of the attributes received", message.md5_of_message_attributes(), expected)
}

async fn message_attributes_come_back_with_their_types(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let expected = attributes()?.map(|(name, value)| (name.to_owned(), value));
    queue.send("m").set_message_attributes(Some(expected.clone().into())).send().await?;
    equal("the attributes", queue.next().await?.message_attributes, Some(expected.into()))
}

async fn only_the_attributes_asked_for_come_along(client: Client) -> Verdict {
    let queue = TestQueue::hiding_for(&client, 0).await?;
    let request = queue.send("m").message_attributes("reason", text("String", "a")?);
    request.message_attributes("header", text("String", "b")?).send().await?;
    queue.next().await?;
    let bare = queue.client.receive_message().queue_url(&queue.url).send().await?;
    let bare = present("the message", bare.messages().first())?;
    equal("attributes unasked", (bare.attributes(), bare.message_attributes()), (None, None))?;
    let some = queue.client.receive_message().queue_url(&queue.url).message_attribute_names("rea.*");
    let some = some.send().await?;
    let some = present("the message", some.messages().first())?;
    let names: Vec<_> = some.message_attributes().into_iter().flatten().map(|(name, _)| name).collect();
    equal("attributes asked for by prefix", names, ["reason"])
}

async fn a_message_group_id_on_a_standard_queue_is_accepted_and_returned(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").message_group_id("tenant-1!").send().await?;
    let message = queue.next().await?;
    equal("the group", system(&message, MessageSystemAttributeName::MessageGroupId)?, "tenant-1!")
}

async fn a_message_tells_when_it_was_sent_and_first_received(client: Client) -> Verdict {
    let queue = TestQueue::hiding_for(&client, 0).await?;
    queue.send("m").send().await?;
    let times = async || {
        let message = queue.next().await?;
        let sent: u64 = system(&message, MessageSystemAttributeName::SentTimestamp)?.parse()?;
        let first = MessageSystemAttributeName::ApproximateFirstReceiveTimestamp;
        Ok::<_, Failure>((sent, system(&message, first)?.parse::<u64>()?))
    };
    let (sent, received) = times().await?;
    holds(sent > 1_700_000_000_000, || format!("{sent} are no milliseconds since 1970"))?;
    holds((sent..sent + 60_000).contains(&received), || format!("sent at {sent}, received at {received}"))?;
    equal("the times at the second receive", times().await?, (sent, received))
}

async fn one_receive_gives_up_to_ten_messages(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    for number in 0..3 {
        queue.send(&number.to_string()).send().await?;
    }
    let mut bodies = Vec::new();
    // SQS may give fewer at a time than there are.
    while bodies.len() < 3 {
        let received = queue.receive().max_number_of_messages(10).wait_time_seconds(3).send().await?;
        let messages = received.messages.unwrap_or_default();
        holds(!messages.is_empty(), || format!("only {bodies:?} came"))?;
        bodies.extend(messages.into_iter().filter_map(|message| message.body));
    }
    bodies.sort();
    equal("the bodies", bodies, ["0", "1", "2"])
}
