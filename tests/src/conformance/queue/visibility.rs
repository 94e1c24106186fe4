//! The visibility time-out: what hides a received message, and what brings it back.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata as _;
use tokio::time::{Duration, Instant, sleep};

use super::fixture::{TestQueue, receipt, receive_count};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present, refused};
use crate::conformance::{Case, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_received_message_comes_back_when_its_visibility_timeout_ends,
        a_receive_may_choose_its_own_visibility_timeout,
        a_change_of_visibility_extends_the_time,
        a_change_of_visibility_to_zero_returns_the_message_at_once,
        the_receive_count_grows_with_every_receive,
        every_receive_gives_a_receipt_of_its_own,
        an_older_receipt_does_not_return_a_message_that_was_received_again,
        a_message_that_was_returned_refuses_a_change_of_visibility,
        a_deleted_message_refuses_a_change_of_visibility,
        a_receipt_that_never_was_is_refused,
        more_than_twelve_hours_are_refused,
    ]
}

async fn a_received_message_comes_back_when_its_visibility_timeout_ends(client: Client) -> Verdict {
    let queue = TestQueue::hiding_for(&client, 1).await?;
    queue.send("m").send().await?;
    queue.next().await?;
    comes_back_after_a_second(&queue).await
}

async fn a_receive_may_choose_its_own_visibility_timeout(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let received = queue.receive().visibility_timeout(1).wait_time_seconds(3).send().await?;
    present("the message", received.messages().first())?;
    comes_back_after_a_second(&queue).await
}

async fn comes_back_after_a_second(queue: &TestQueue) -> Verdict {
    // The message was hidden some time before its receive was answered.
    let answered = Instant::now();
    queue.is_silent().await?;
    queue.next().await?;
    let after = answered.elapsed();
    holds(after >= Duration::from_millis(700), || format!("the message came back after {after:?}"))
}

async fn a_change_of_visibility_extends_the_time(client: Client) -> Verdict {
    let queue = TestQueue::hiding_for(&client, 1).await?;
    queue.send("m").send().await?;
    let message = queue.next().await?;
    queue.hide(receipt(&message)?, 30).send().await?;
    sleep(Duration::from_millis(1300)).await;
    queue.is_silent().await
}

async fn a_change_of_visibility_to_zero_returns_the_message_at_once(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let message = queue.next().await?;
    queue.hide(receipt(&message)?, 0).send().await?;
    equal("the message id", queue.next().await?.message_id(), message.message_id())
}

async fn the_receive_count_grows_with_every_receive(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    for expected in ["1", "2", "3"] {
        let message = queue.next().await?;
        equal("the receive count", receive_count(&message)?, expected)?;
        queue.hide(receipt(&message)?, 0).send().await?;
    }
    Ok(())
}

async fn every_receive_gives_a_receipt_of_its_own(client: Client) -> Verdict {
    let queue = TestQueue::hiding_for(&client, 0).await?;
    queue.send("m").send().await?;
    let (first, second) = (queue.next().await?, queue.next().await?);
    holds(receipt(&first)? != receipt(&second)?, || "both receives have the same receipt".to_owned())
}

/// Whether the call is refused or does nothing: the message is the second receiver's.
async fn an_older_receipt_does_not_return_a_message_that_was_received_again(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let overtaken = queue.next().await?;
    queue.hide(receipt(&overtaken)?, 0).send().await?;
    queue.next().await?;
    let _ = queue.hide(receipt(&overtaken)?, 0).send().await;
    queue.is_silent().await
}

async fn a_message_that_was_returned_refuses_a_change_of_visibility(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let message = queue.next().await?;
    queue.hide(receipt(&message)?, 0).send().await?;
    let error = refused("the change", queue.hide(receipt(&message)?, 30).send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_message_not_inflight()), || {
        format!("not MessageNotInflight: {error:?}")
    })
}

async fn a_deleted_message_refuses_a_change_of_visibility(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let message = queue.next().await?;
    queue.delete(receipt(&message)?).send().await?;
    let error = refused("the change", queue.hide(receipt(&message)?, 30).send().await)?;
    equal("the status", error.raw_response().map(|answer| answer.status().as_u16()), Some(400))
}

async fn a_receipt_that_never_was_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let error = refused("the change", queue.hide("no-receipt", 30).send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_receipt_handle_is_invalid()), || {
        format!("not ReceiptHandleIsInvalid: {error:?}")
    })?;
    let error = refused("the deletion", queue.delete("no-receipt").send().await)?;
    holds(error.as_service_error().is_some_and(|error| error.is_receipt_handle_is_invalid()), || {
        format!("not ReceiptHandleIsInvalid: {error:?}")
    })
}

async fn more_than_twelve_hours_are_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("m").send().await?;
    let message = queue.next().await?;
    let error = refused("the change", queue.hide(receipt(&message)?, 43_201).send().await)?;
    let code = error.as_service_error().and_then(|error| error.code());
    equal("the code", code, Some("InvalidParameterValue"))
}
