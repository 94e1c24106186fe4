//! Messages that nobody may have yet.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use tokio::time::{Duration, Instant};

use super::fixture::TestQueue;
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, holds};
use crate::conformance::{Case, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_delayed_message_comes_when_its_delay_is_over,
        a_message_without_a_delay_has_the_queues,
        a_messages_own_delay_wins_over_the_queues,
    ]
}

async fn a_delayed_message_comes_when_its_delay_is_over(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let sent = Instant::now();
    queue.send("later").delay_seconds(1).send().await?;
    comes_after_a_second(&queue, sent).await
}

async fn a_message_without_a_delay_has_the_queues(client: Client) -> Verdict {
    let queue = TestQueue::with(&client, [(QueueAttributeName::DelaySeconds, "1".to_owned())]).await?;
    let sent = Instant::now();
    queue.send("later").send().await?;
    comes_after_a_second(&queue, sent).await
}

async fn a_messages_own_delay_wins_over_the_queues(client: Client) -> Verdict {
    let queue = TestQueue::with(&client, [(QueueAttributeName::DelaySeconds, "900".to_owned())]).await?;
    queue.send("now").delay_seconds(0).send().await?;
    equal("the body", queue.next().await?.body(), Some("now"))
}

/// Not before, though the send itself took some of the time.
async fn comes_after_a_second(queue: &TestQueue, sent: Instant) -> Verdict {
    queue.next().await?;
    let after = sent.elapsed();
    holds(after >= Duration::from_millis(950), || format!("the message came after {after:?}"))
}
