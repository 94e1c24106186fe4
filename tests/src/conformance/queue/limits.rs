//! What a queue refuses, and how it says so.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata as _;

use super::fixture::{TestQueue, text};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, refused};
use crate::conformance::{Case, Verdict};

/// The longest message: body and attributes together.
const MEBIBYTE: usize = 1_048_576;

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_message_of_one_mebibyte_is_carried,
        a_message_above_one_mebibyte_is_refused,
        attributes_count_towards_the_size_of_a_message,
        characters_outside_of_xml_are_refused,
        an_empty_body_is_refused,
        a_delay_above_fifteen_minutes_is_refused,
        a_receive_of_more_than_ten_messages_is_refused,
        an_unknown_queue_does_not_exist,
    ]
}

async fn a_message_of_one_mebibyte_is_carried(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send(&"m".repeat(MEBIBYTE)).send().await?;
    equal("the length", queue.next().await?.body().map(str::len), Some(MEBIBYTE))
}

async fn a_message_above_one_mebibyte_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let error = refused("the message", queue.send(&"m".repeat(MEBIBYTE + 1)).send().await)?;
    let code = error.as_service_error().and_then(|error| error.code());
    equal("the code", code, Some("InvalidParameterValue"))
}

async fn attributes_count_towards_the_size_of_a_message(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let request = queue.send(&"m".repeat(MEBIBYTE)).message_attributes("reason", text("String", "x")?);
    let error = refused("the message", request.send().await)?;
    let code = error.as_service_error().and_then(|error| error.code());
    equal("the code", code, Some("InvalidParameterValue"))
}

async fn characters_outside_of_xml_are_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    for character in ["\u{0}", "\u{8}", "\u{1b}", "\u{fffe}"] {
        let error = refused("the message", queue.send(character).send().await)?;
        holds(error.as_service_error().is_some_and(|error| error.is_invalid_message_contents()), || {
            format!("{character:?}: not InvalidMessageContents: {error:?}")
        })?;
    }
    queue.is_silent().await
}

async fn an_empty_body_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let error = refused("the message", queue.send("").send().await)?;
    equal("the status", error.raw_response().map(|answer| answer.status().as_u16()), Some(400))
}

async fn a_delay_above_fifteen_minutes_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let error = refused("the message", queue.send("m").delay_seconds(901).send().await)?;
    let code = error.as_service_error().and_then(|error| error.code());
    equal("the code", code, Some("InvalidParameterValue"))
}

async fn a_receive_of_more_than_ten_messages_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let error = refused("the receive", queue.receive().max_number_of_messages(11).send().await)?;
    equal("the status", error.raw_response().map(|answer| answer.status().as_u16()), Some(400))
}

async fn an_unknown_queue_does_not_exist(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let queue = TestQueue { url: format!("{}-gone", queue.url), ..queue };
    let sent = refused("the message", queue.send("m").send().await)?.into_service_error();
    holds(sent.is_queue_does_not_exist(), || format!("a send: not QueueDoesNotExist: {sent:?}"))?;
    let received = refused("the receive", queue.receive().send().await)?.into_service_error();
    holds(received.is_queue_does_not_exist(), || format!("a receive: not QueueDoesNotExist: {received:?}"))?;
    let name = super::fixture::unique_name();
    let found = refused("the look-up", client.get_queue_url().queue_name(name).send().await)?;
    let found = found.into_service_error();
    holds(found.is_queue_does_not_exist(), || format!("a look-up: not QueueDoesNotExist: {found:?}"))
}
