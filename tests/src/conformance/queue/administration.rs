//! Queues as such: making, finding, describing, purging, deleting them.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use super::fixture::{TestQueue, unique_name};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, eventually, holds, present, refused};
use crate::conformance::{Case, Failure, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        the_counts_tell_what_is_visible_in_flight_and_delayed,
        a_purged_queue_is_empty,
        a_queue_has_the_defaults_of_sqs,
        a_queue_is_found_by_its_name_and_listed_by_its_prefix,
        the_same_queue_made_again_is_the_same_queue,
        a_queue_made_again_with_other_settings_is_refused,
        changed_settings_take_effect,
        a_deleted_queue_does_not_exist,
    ]
}

async fn the_counts_tell_what_is_visible_in_flight_and_delayed(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("in flight").send().await?;
    queue.next().await?;
    queue.send("delayed").delay_seconds(600).send().await?;
    queue.send("visible").send().await?;
    queue.send("visible too").send().await?;
    // SQS's own counts are eventually right.
    eventually("the counts 2, 1 and 1", || async {
        let counts = counts(&queue).await?;
        Ok((counts == ["2", "1", "1"]).then_some(()))
    })
    .await
}

/// Visible, in flight, delayed.
async fn counts(queue: &TestQueue) -> Result<[String; 3], Failure> {
    Ok([
        queue.attribute(QueueAttributeName::ApproximateNumberOfMessages).await?,
        queue.attribute(QueueAttributeName::ApproximateNumberOfMessagesNotVisible).await?,
        queue.attribute(QueueAttributeName::ApproximateNumberOfMessagesDelayed).await?,
    ])
}

async fn a_purged_queue_is_empty(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    queue.send("in flight").send().await?;
    queue.next().await?;
    queue.send("delayed").delay_seconds(600).send().await?;
    queue.send("visible").send().await?;
    client.purge_queue().queue_url(&queue.url).send().await?;
    eventually("the counts 0, 0 and 0", || async {
        let counts = counts(&queue).await?;
        Ok((counts == ["0", "0", "0"]).then_some(()))
    })
    .await?;
    queue.is_silent().await
}

async fn a_queue_has_the_defaults_of_sqs(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    for (name, expected) in [
        (QueueAttributeName::VisibilityTimeout, "30"),
        (QueueAttributeName::DelaySeconds, "0"),
        (QueueAttributeName::MessageRetentionPeriod, "345600"),
        (QueueAttributeName::ReceiveMessageWaitTimeSeconds, "0"),
        (QueueAttributeName::MaximumMessageSize, "1048576"),
    ] {
        equal(name.as_str(), queue.attribute(name.clone()).await?.as_str(), expected)?;
    }
    let arn = queue.arn().await?;
    let name = present("the name in the URL", queue.url.rsplit('/').next())?;
    holds(arn.starts_with("arn:aws:sqs:us-east-1:") && arn.ends_with(&format!(":{name}")), || arn.clone())
}

async fn a_queue_is_found_by_its_name_and_listed_by_its_prefix(client: Client) -> Verdict {
    let prefix = unique_name();
    let name = format!("{prefix}-listed");
    let made = client.create_queue().queue_name(&name).send().await?;
    let found = client.get_queue_url().queue_name(&name).send().await?;
    equal("the URL found", found.queue_url(), made.queue_url())?;
    let listed = client.list_queues().queue_name_prefix(&prefix).send().await?;
    equal("the URLs listed", listed.queue_urls(), made.queue_url.map(|url| vec![url]).unwrap_or_default())
}

async fn the_same_queue_made_again_is_the_same_queue(client: Client) -> Verdict {
    let name = unique_name();
    let make = || client.create_queue().queue_name(&name).attributes(QueueAttributeName::DelaySeconds, "7");
    let first = make().send().await?;
    equal("the second URL", make().send().await?.queue_url(), first.queue_url())
}

async fn a_queue_made_again_with_other_settings_is_refused(client: Client) -> Verdict {
    let name = unique_name();
    let make = |delay: &str| {
        client.create_queue().queue_name(&name).attributes(QueueAttributeName::DelaySeconds, delay).send()
    };
    make("7").await?;
    let error = refused("the second queue", make("8").await)?.into_service_error();
    holds(error.is_queue_name_exists(), || format!("not QueueNameExists: {error:?}"))
}

async fn changed_settings_take_effect(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let request = client.set_queue_attributes().queue_url(&queue.url);
    request.attributes(QueueAttributeName::VisibilityTimeout, "0").send().await?;
    equal("the setting", queue.attribute(QueueAttributeName::VisibilityTimeout).await?.as_str(), "0")?;
    queue.send("m").send().await?;
    queue.next().await?;
    queue.next().await.map(|_| ())
}

async fn a_deleted_queue_does_not_exist(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    client.delete_queue().queue_url(&queue.url).send().await?;
    let error = refused("the message", queue.send("m").send().await)?.into_service_error();
    holds(error.is_queue_does_not_exist(), || format!("not QueueDoesNotExist: {error:?}"))
}
