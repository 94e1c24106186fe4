//! Move tasks: what replays dead letters.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata as _;
use aws_sdk_sqs::types::ListMessageMoveTasksResultEntry;

use super::dead_letters::{dead_letter, exhaust, with_dead_letters};
use super::fixture::{TestQueue, receipt, text};
use crate::conformance::harness::cases;
use crate::conformance::harness::check::{equal, eventually, holds, present, refused};
use crate::conformance::{Case, Failure, Verdict};

pub(super) fn cases() -> Vec<Case<Client>> {
    cases![
        a_move_task_takes_dead_letters_to_the_destination_named,
        a_move_task_without_a_destination_takes_dead_letters_back,
        a_move_task_without_a_destination_fails_for_messages_without_a_source,
        a_move_task_from_a_queue_that_takes_no_dead_letters_is_refused,
        a_move_task_from_an_unknown_queue_is_refused,
        move_tasks_are_listed_with_their_progress,
    ]
}

/// The queue's newest move task, once it has ended.
async fn ended(queue: &TestQueue) -> Result<ListMessageMoveTasksResultEntry, Failure> {
    let arn = queue.arn().await?;
    eventually("the end of the move task", || async {
        let tasks = queue.client.list_message_move_tasks().source_arn(&arn).send().await?;
        let newest = present("the move task", tasks.results.and_then(|tasks| tasks.into_iter().next()))?;
        Ok((newest.status() != Some("RUNNING")).then_some(newest))
    })
    .await
}

async fn a_move_task_takes_dead_letters_to_the_destination_named(client: Client) -> Verdict {
    let (_source, dead) = with_dead_letters(&client, 1).await?;
    let destination = TestQueue::create(&client).await?;
    dead.send("again").message_attributes("reason", text("String", "disabled")?).send().await?;
    let request = client.start_message_move_task().source_arn(dead.arn().await?);
    request.destination_arn(destination.arn().await?).send().await?;
    let message = destination.next().await?;
    equal("the body", message.body(), Some("again"))?;
    let expected = [("reason".to_owned(), text("String", "disabled")?)];
    equal("the attributes", message.message_attributes, Some(expected.into()))?;
    equal("the status", ended(&dead).await?.status(), Some("COMPLETED"))?;
    dead.is_silent().await
}

async fn a_move_task_without_a_destination_takes_dead_letters_back(client: Client) -> Verdict {
    let (source, dead) = with_dead_letters(&client, 1).await?;
    source.send("again").send().await?;
    exhaust(&source, 1).await?;
    let letter = dead_letter(&source, &dead).await?;
    dead.hide(receipt(&letter)?, 0).send().await?;
    client.start_message_move_task().source_arn(dead.arn().await?).send().await?;
    equal("the body", source.next().await?.body(), Some("again"))
}

/// SQS cannot know where a message belongs that was sent to the dead-letter queue itself. Whether the call
/// is refused or the task fails: the message stays.
async fn a_move_task_without_a_destination_fails_for_messages_without_a_source(client: Client) -> Verdict {
    let (source, dead) = with_dead_letters(&client, 1).await?;
    dead.send("direct").send().await?;
    let started = client.start_message_move_task().source_arn(dead.arn().await?).send().await;
    if let Err(error) = &started {
        let code = error.as_service_error().and_then(|error| error.code());
        holds(code.is_some_and(|code| !code.contains("Invalid action")), || format!("{error:?}"))?;
        holds(code != Some("InvalidAction"), || "there are no move tasks".to_owned())?;
    } else {
        equal("the status", ended(&dead).await?.status(), Some("FAILED"))?;
    }
    source.is_silent().await?;
    equal("the body", dead.next().await?.body(), Some("direct"))
}

async fn a_move_task_from_a_queue_that_takes_no_dead_letters_is_refused(client: Client) -> Verdict {
    let queue = TestQueue::create(&client).await?;
    let start = client.start_message_move_task().source_arn(queue.arn().await?);
    let error = refused("the move task", start.send().await)?;
    let code = error.as_service_error().and_then(|error| error.code());
    equal("the code", code, Some("InvalidParameterValue"))
}

async fn a_move_task_from_an_unknown_queue_is_refused(client: Client) -> Verdict {
    let arn = format!("{}-gone", TestQueue::create(&client).await?.arn().await?);
    let start = client.start_message_move_task().source_arn(arn);
    let error = refused("the move task", start.send().await)?.into_service_error();
    holds(error.is_resource_not_found_exception(), || format!("not ResourceNotFoundException: {error:?}"))
}

async fn move_tasks_are_listed_with_their_progress(client: Client) -> Verdict {
    let (source, dead) = with_dead_letters(&client, 1).await?;
    dead.send("one").send().await?;
    dead.send("two").send().await?;
    let (from, to) = (dead.arn().await?, source.arn().await?);
    client.start_message_move_task().source_arn(&from).destination_arn(&to).send().await?;
    let task = ended(&dead).await?;
    equal("the status", task.status(), Some("COMPLETED"))?;
    equal("the source", task.source_arn(), Some(from.as_str()))?;
    equal("the destination", task.destination_arn(), Some(to.as_str()))?;
    equal("the number moved", task.approximate_number_of_messages_moved(), 2)?;
    holds(task.started_timestamp() > 1_700_000_000_000, || format!("{task:?}"))
}
