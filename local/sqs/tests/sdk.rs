//! The API as the AWS SDK sees it: shapes, digests, modelled errors, long polls.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod support;

use std::time::{Duration, Instant};

use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, MessageAttributeValue,
    MessageSystemAttributeName, QueueAttributeName, SendMessageBatchRequestEntry,
};
use support::stack;

const MINUTE: Duration = Duration::from_secs(60);

fn attribute(data_type: &str, value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder().data_type(data_type).string_value(value).build().unwrap()
}

#[tokio::test]
async fn a_message_keeps_its_body_attributes_and_digests() {
    let stack = stack(MINUTE).await;
    let binary = MessageAttributeValue::builder()
        .data_type("Binary")
        .binary_value(Blob::new([0_u8, 1, 2, 255]))
        .build()
        .unwrap();
    let sent = stack
        .client
        .send_message()
        .queue_url(&stack.url)
        .message_body("Hello, Wörld 🚀")
        .message_attributes("b", attribute("Number", "42.5"))
        .message_attributes("a", attribute("String", "väl"))
        .message_attributes("c", binary)
        .message_attributes("B.upper", attribute("String.uri", "x"))
        .message_group_id("tenant")
        .send()
        .await
        .unwrap();
    assert_eq!(sent.md5_of_message_body(), Some("8a38a01b2df1c794492df9dbc4c2e738"));
    assert_eq!(sent.md5_of_message_attributes(), Some("97bd38cc0ecd5076297fa0e3f658f80a"));
    let received = stack
        .client
        .receive_message()
        .queue_url(&stack.url)
        .message_attribute_names("All")
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await
        .unwrap();
    let message = &received.messages()[0];
    assert_eq!(message.message_id(), sent.message_id());
    assert_eq!(message.body(), Some("Hello, Wörld 🚀"));
    assert_eq!(message.md5_of_body(), sent.md5_of_message_body());
    assert_eq!(message.md5_of_message_attributes(), sent.md5_of_message_attributes());
    let attributes = message.message_attributes().unwrap();
    assert_eq!(attributes["c"].binary_value(), Some(&Blob::new([0_u8, 1, 2, 255])));
    assert_eq!(attributes["B.upper"].data_type(), "String.uri");
    let system = message.attributes().unwrap();
    assert_eq!(system[&MessageSystemAttributeName::ApproximateReceiveCount], "1");
    assert_eq!(system[&MessageSystemAttributeName::MessageGroupId], "tenant");
    assert!(system.contains_key(&MessageSystemAttributeName::SentTimestamp));
    assert!(system.contains_key(&MessageSystemAttributeName::SenderId));
}

#[tokio::test]
async fn only_the_attributes_asked_for_come_back_and_the_digest_is_theirs() {
    let stack = stack(Duration::ZERO).await;
    stack
        .client
        .send_message()
        .queue_url(&stack.url)
        .message_body("m")
        .message_attributes("timestamp", attribute("Number", "1493147359900"))
        .message_attributes("other", attribute("String", "x"))
        .send()
        .await
        .unwrap();
    let receive = || stack.client.receive_message().queue_url(&stack.url);
    let bare = receive().send().await.unwrap();
    assert_eq!(bare.messages()[0].md5_of_message_attributes(), None);
    assert!(bare.messages()[0].attributes().is_none());
    let chosen = receive().message_attribute_names("time.*").send().await.unwrap();
    let message = &chosen.messages()[0];
    assert_eq!(message.message_attributes().unwrap().len(), 1);
    assert_eq!(message.md5_of_message_attributes(), Some("235c5c510d26fb653d073faed50ae77c"));
}

#[tokio::test]
async fn errors_are_the_modelled_ones() {
    let stack = stack(MINUTE).await;
    let nowhere = stack.sqs.queue_url("nowhere");
    let error = stack.client.get_queue_url().queue_name("nowhere").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());
    let error = stack.client.send_message().queue_url(&nowhere).message_body("m").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());
    let error =
        stack.client.send_message().queue_url(&stack.url).message_body("\u{1}").send().await.unwrap_err();
    assert!(error.into_service_error().is_invalid_message_contents());
    let error =
        stack.client.delete_message().queue_url(&stack.url).receipt_handle("no").send().await.unwrap_err();
    assert!(error.into_service_error().is_receipt_handle_is_invalid());
    let error =
        stack.client.send_message_batch().queue_url(&stack.url).set_entries(Some(vec![])).send().await;
    assert!(error.unwrap_err().into_service_error().is_empty_batch_request());
    let error = stack.client.list_queue_tags().queue_url(&stack.url).send().await.unwrap_err();
    assert_eq!(error.into_service_error().code(), Some("InvalidAction"));
    let error =
        stack.client.start_message_move_task().source_arn(stack.sqs.queue_arn("nowhere")).send().await;
    assert!(error.unwrap_err().into_service_error().is_resource_not_found_exception());
}

#[tokio::test]
async fn the_twelve_hour_error_and_the_unavailable_message_read_as_at_aws() {
    let stack = stack(MINUTE).await;
    stack.client.send_message().queue_url(&stack.url).message_body("m").send().await.unwrap();
    let received = stack.client.receive_message().queue_url(&stack.url).send().await.unwrap();
    let handle = received.messages()[0].receipt_handle().unwrap();
    let change = |seconds| {
        stack
            .client
            .change_message_visibility()
            .queue_url(&stack.url)
            .receipt_handle(handle)
            .visibility_timeout(seconds)
            .send()
    };
    tokio::time::sleep(Duration::from_millis(5)).await;
    let error = change(43_200).await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    let expected = "Value 43200 for parameter VisibilityTimeout is invalid. Reason: \
        Total VisibilityTimeout for the message is beyond the limit [43200 seconds].";
    assert_eq!(error.message(), Some(expected));
    assert_eq!(change(43_201).await.unwrap_err().into_service_error().code(), Some("InvalidParameterValue"));
    change(40_000).await.unwrap();
    stack.client.delete_message().queue_url(&stack.url).receipt_handle(handle).send().await.unwrap();
    let error = change(1).await.unwrap_err().into_service_error();
    assert!(
        error.message().unwrap().ends_with("is not available for visibility timeout change."),
        "{error:?}"
    );
}

#[tokio::test]
async fn each_entry_of_a_batch_has_its_own_fate() {
    let stack = stack(MINUTE).await;
    let entry = |id: &str, body: &str| {
        SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
    };
    let sent = stack
        .client
        .send_message_batch()
        .queue_url(&stack.url)
        .entries(entry("good", "one"))
        .entries(entry("bad", "\u{1}"))
        .entries(entry("fine", "two"))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.successful().len(), 2);
    assert_eq!((sent.failed()[0].id(), sent.failed()[0].code()), ("bad", "InvalidMessageContents"));
    assert!(sent.failed()[0].sender_fault());
    let received =
        stack.client.receive_message().queue_url(&stack.url).max_number_of_messages(10).send().await.unwrap();
    let handles: Vec<&str> =
        received.messages().iter().filter_map(|message| message.receipt_handle()).collect();
    let hide = |id: &str, handle: &str| {
        ChangeMessageVisibilityBatchRequestEntry::builder()
            .id(id)
            .receipt_handle(handle)
            .visibility_timeout(60)
            .build()
            .unwrap()
    };
    let hidden = stack
        .client
        .change_message_visibility_batch()
        .queue_url(&stack.url)
        .entries(hide("a", handles[0]))
        .entries(hide("b", "no"))
        .send()
        .await
        .unwrap();
    assert_eq!((hidden.successful()[0].id(), hidden.failed()[0].id()), ("a", "b"));
    let delete = |id: &str, handle: &str| {
        DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(handle).build().unwrap()
    };
    let deleted = stack
        .client
        .delete_message_batch()
        .queue_url(&stack.url)
        .entries(delete("a", handles[0]))
        .entries(delete("b", handles[1]))
        .entries(delete("c", "no"))
        .send()
        .await
        .unwrap();
    assert_eq!((deleted.successful().len(), deleted.failed()[0].code()), (2, "ReceiptHandleIsInvalid"));
}

#[tokio::test]
async fn a_batch_as_a_whole_has_rules() {
    let stack = stack(MINUTE).await;
    let entry = |id: String, body: String| {
        SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
    };
    let send = |entries: Vec<_>| {
        stack.client.send_message_batch().queue_url(&stack.url).set_entries(Some(entries)).send()
    };
    let eleven = (0..11).map(|number| entry(number.to_string(), "m".into())).collect();
    assert!(send(eleven).await.unwrap_err().into_service_error().is_too_many_entries_in_batch_request());
    let twice = vec![entry("a".into(), "m".into()), entry("a".into(), "m".into())];
    assert!(send(twice).await.unwrap_err().into_service_error().is_batch_entry_ids_not_distinct());
    let odd = vec![entry("a b".into(), "m".into())];
    assert!(send(odd).await.unwrap_err().into_service_error().is_invalid_batch_entry_id());
    let long = (0..2).map(|number| entry(number.to_string(), "m".repeat(600_000))).collect();
    assert!(send(long).await.unwrap_err().into_service_error().is_batch_request_too_long());
    let full = vec![entry("a".into(), "m".repeat(1_048_576))];
    assert_eq!(send(full).await.unwrap().successful().len(), 1);
}

#[tokio::test]
async fn a_long_poll_ends_as_soon_as_a_message_is_there() {
    let stack = stack(Duration::from_millis(300)).await;
    let poll = || stack.client.receive_message().queue_url(&stack.url).wait_time_seconds(20).send();
    let began = Instant::now();
    let send = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stack.client.send_message().queue_url(&stack.url).message_body("m").send().await.unwrap();
    };
    let (received, ()) = tokio::join!(poll(), send);
    assert_eq!(received.unwrap().messages().len(), 1);
    assert!(began.elapsed() < Duration::from_secs(5), "woken by the send");
    assert_eq!(poll().await.unwrap().messages().len(), 1);
    assert!(began.elapsed() < Duration::from_secs(5), "woken by the end of the visibility time-out");
}

#[tokio::test]
async fn a_long_poll_that_finds_nothing_ends_when_its_time_is_over() {
    let stack = stack(MINUTE).await;
    let began = Instant::now();
    let received =
        stack.client.receive_message().queue_url(&stack.url).wait_time_seconds(1).send().await.unwrap();
    assert!(received.messages.is_none());
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn queues_are_made_described_listed_purged_and_deleted() {
    let stack = stack(MINUTE).await;
    let policy =
        format!(r#"{{"deadLetterTargetArn":"{}","maxReceiveCount":"5"}}"#, stack.sqs.queue_arn("dead"));
    let made = stack
        .client
        .create_queue()
        .queue_name("made")
        .attributes(QueueAttributeName::VisibilityTimeout, "7")
        .attributes(QueueAttributeName::RedrivePolicy, policy)
        .send()
        .await
        .unwrap();
    let url = made.queue_url().unwrap();
    stack
        .client
        .set_queue_attributes()
        .queue_url(url)
        .attributes(QueueAttributeName::DelaySeconds, "9")
        .send()
        .await
        .unwrap();
    stack.client.send_message().queue_url(url).message_body("m").send().await.unwrap();
    let described = stack
        .client
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
        .unwrap();
    let attributes = described.attributes().unwrap();
    assert_eq!(attributes[&QueueAttributeName::VisibilityTimeout], "7");
    assert_eq!(attributes[&QueueAttributeName::ApproximateNumberOfMessagesDelayed], "1");
    assert_eq!(attributes[&QueueAttributeName::QueueArn], stack.sqs.queue_arn("made"));
    assert!(attributes[&QueueAttributeName::RedrivePolicy].contains("\"maxReceiveCount\":5"));
    let other = stack.client.create_queue().queue_name("made").send().await.unwrap_err();
    assert!(other.into_service_error().is_queue_name_exists());
    let bad = stack
        .client
        .set_queue_attributes()
        .queue_url(url)
        .attributes(QueueAttributeName::DelaySeconds, "901")
        .send()
        .await
        .unwrap_err();
    assert!(bad.into_service_error().is_invalid_attribute_value());
    let page = stack.client.list_queues().max_results(2).send().await.unwrap();
    assert_eq!(page.queue_urls(), [stack.dead_url.as_str(), url]);
    let rest = stack.client.list_queues().set_next_token(page.next_token).send().await.unwrap();
    assert_eq!(rest.queue_urls(), [stack.url.as_str()]);
    stack.client.purge_queue().queue_url(url).send().await.unwrap();
    stack.client.delete_queue().queue_url(url).send().await.unwrap();
    assert!(stack.client.get_queue_url().queue_name("made").send().await.is_err());
}

#[tokio::test]
async fn a_move_task_brings_dead_letters_to_any_queue() {
    let stack = stack(MINUTE).await;
    stack.client.send_message().queue_url(&stack.dead_url).message_body("direct").send().await.unwrap();
    let start = || stack.client.start_message_move_task().source_arn(stack.sqs.queue_arn("dead"));
    let list = || stack.client.list_message_move_tasks().source_arn(stack.sqs.queue_arn("dead")).send();
    start().send().await.unwrap();
    let failed = until(list, "FAILED").await;
    assert_eq!(failed.failure_reason(), Some("CouldNotDetermineMessageSource"));
    start().destination_arn(stack.sqs.queue_arn("q")).send().await.unwrap();
    let done = until(list, "COMPLETED").await;
    assert_eq!(
        (done.approximate_number_of_messages_moved(), done.approximate_number_of_messages_to_move()),
        (1, Some(1))
    );
    let moved = stack.client.receive_message().queue_url(&stack.url).send().await.unwrap();
    assert_eq!(moved.messages()[0].body(), Some("direct"));
}

/// The newest task, once it has `status`.
async fn until<F, O>(list: F, status: &str) -> aws_sdk_sqs::types::ListMessageMoveTasksResultEntry
where
    F: Fn() -> O,
    O: Future<
        Output = Result<
            aws_sdk_sqs::operation::list_message_move_tasks::ListMessageMoveTasksOutput,
            aws_sdk_sqs::error::SdkError<
                aws_sdk_sqs::operation::list_message_move_tasks::ListMessageMoveTasksError,
            >,
        >,
    >,
{
    loop {
        let task = list().await.unwrap().results()[0].clone();
        if task.status() == Some(status) {
            return task;
        }
        assert_eq!(task.status(), Some("RUNNING"));
    }
}

#[tokio::test]
async fn queues_reopened_after_a_restart_have_everything() {
    let stack = stack(MINUTE).await;
    for body in ["flying", "waiting"] {
        stack.client.send_message().queue_url(&stack.url).message_body(body).send().await.unwrap();
    }
    stack.client.receive_message().queue_url(&stack.url).send().await.unwrap();
    let again = support::open(stack.folder.path(), &stack.endpoint);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = support::client(&format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, again.router()).await });
    let received =
        client.receive_message().queue_url(&stack.url).max_number_of_messages(10).send().await.unwrap();
    assert_eq!(received.messages().len(), 1, "the other one is in flight");
    assert_eq!(received.messages()[0].body(), Some("waiting"));
}
