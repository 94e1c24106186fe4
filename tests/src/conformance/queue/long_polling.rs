//! Receives that wait.

use aws_sdk_sqs::Client;
use tokio::time::{Duration, Instant, sleep};

use super::fixture::TestQueue;
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds, present};
use crate::conformance::{Case, Failure, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_long_poll_ends_as_soon_as_a_message_comes,
        a_long_poll_ends_when_a_hidden_message_comes_back,
        a_long_poll_that_finds_nothing_ends_when_its_time_is_over,
    ]
}

async fn a_long_poll_ends_as_soon_as_a_message_comes(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let began = Instant::now();
    let send = async {
        sleep(Duration::from_millis(300)).await;
        Ok::<_, Failure>(queue.send("m").send().await?)
    };
    let (polled, sent) = tokio::join!(queue.receive().wait_time_seconds(12).send(), send);
    sent?;
    equal("the number of messages", polled?.messages().len(), 1)?;
    let after = began.elapsed();
    holds(after < Duration::from_secs(6), || format!("the poll ended only after {after:?}"))
}

async fn a_long_poll_ends_when_a_hidden_message_comes_back(client: Client) -> Verdict {
    let queue = TestQueue::hiding_for(&client, 1).await?;
    queue.send("m").send().await?;
    queue.next().await?;
    let began = Instant::now();
    let polled = queue.receive().wait_time_seconds(12).send().await?;
    present("the message", polled.messages().first())?;
    let after = began.elapsed();
    holds(after < Duration::from_secs(6), || format!("the poll ended only after {after:?}"))
}

async fn a_long_poll_that_finds_nothing_ends_when_its_time_is_over(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let began = Instant::now();
    let polled = queue.receive().wait_time_seconds(1).send().await?;
    equal("the number of messages", polled.messages().len(), 0)?;
    let after = began.elapsed();
    holds(after >= Duration::from_millis(900), || format!("the poll ended after {after:?}"))
}
