//! SQS: what is sent, and whose a message is.

use std::time::Duration;

use revops_aws::SqsQueues;
use revops_core::Timestamp;
use revops_core::ports::{
    DeleteMessages, HideMessages, OutgoingMessage, QueueError, ReceiveMessages, SendMessages,
};
use serde_json::json;

use crate::script::{Answer, Script};

const URL: &str = "http://aws.test/000000000000/outbound";
/// The MD5 of `{}`.
const MD5: &str = "99914b932bd37a50b983c5e7c90ae93b";

fn queues(answers: impl IntoIterator<Item = Answer>) -> (SqsQueues, Script) {
    let script = Script::new(answers);
    (SqsQueues::new(script.clients()), script)
}

fn message() -> OutgoingMessage {
    OutgoingMessage { body: "{}".into(), ..OutgoingMessage::default() }
}

fn accepted(md5: &str) -> Answer {
    Answer::new(200, &[], json!({"MessageId": "m", "MD5OfMessageBody": md5}).to_string())
}

fn error(status: u16, code: &str) -> Answer {
    let query_error = format!("{code};Sender");
    Answer::new(
        status,
        &[("x-amzn-query-error", &query_error)],
        json!({"__type": code, "message": "no"}).to_string(),
    )
}

#[tokio::test(start_paused = true)]
async fn a_message_is_sent_with_its_delay_group_and_attributes() {
    let (queues, script) = queues([accepted(MD5)]);
    let message = OutgoingMessage {
        delay: Duration::from_secs(20),
        group: Some("g".into()),
        attributes: vec![("reason", "http_status".into())],
        ..message()
    };
    queues.send(URL, message).await.unwrap();
    let sent = script.requests()[0].json();
    assert_eq!((&sent["QueueUrl"], &sent["MessageBody"]), (&json!(URL), &json!("{}")));
    assert_eq!((&sent["DelaySeconds"], &sent["MessageGroupId"]), (&json!(20), &json!("g")));
    assert_eq!(
        sent["MessageAttributes"]["reason"],
        json!({"DataType": "String", "StringValue": "http_status"})
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_delay_the_queues_own_applies() {
    let (queues, script) = queues([accepted(MD5)]);
    queues.send(URL, message()).await.unwrap();
    assert_eq!(script.requests()[0].json().get("DelaySeconds"), None);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_arrived_changed_was_not_sent() {
    let (queues, _) = queues([accepted("00000000000000000000000000000000")]);
    assert!(matches!(queues.send(URL, message()).await, Err(QueueError::Unavailable(_))));
}

#[tokio::test(start_paused = true)]
async fn a_missing_queue_is_a_refusal_and_throttling_is_not() {
    let missing = error(400, "AWS.SimpleQueueService.NonExistentQueue");
    let (refusing, _) = queues([missing]);
    assert!(matches!(refusing.send(URL, message()).await, Err(QueueError::Refused(_))));
    let (throttling, _) = queues(std::iter::repeat_with(|| error(403, "RequestThrottled")).take(3));
    assert!(matches!(throttling.send(URL, message()).await, Err(QueueError::Unavailable(_))));
}

#[tokio::test(start_paused = true)]
async fn a_message_is_hidden_for_the_seconds_asked_for_and_at_most_twelve_hours() {
    let (queues, script) = queues([Answer::new(200, &[], "{}"), Answer::new(200, &[], "{}")]);
    queues.hide(URL, "r", 15).await.unwrap();
    queues.hide(URL, "r", u32::MAX).await.unwrap();
    let sent = script.requests();
    assert_eq!(sent[0].json(), json!({"QueueUrl": URL, "ReceiptHandle": "r", "VisibilityTimeout": 15}));
    assert_eq!(sent[1].json()["VisibilityTimeout"], 43_200);
}

#[tokio::test(start_paused = true)]
async fn an_overtaken_receipt_means_that_the_message_is_not_ours() {
    for code in
        ["AWS.SimpleQueueService.MessageNotInflight", "ReceiptHandleIsInvalid", "InvalidParameterValue"]
    {
        let (queues, _) = queues([error(400, code)]);
        assert!(matches!(queues.hide(URL, "r", 0).await, Err(QueueError::NotOurs)), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn messages_are_hidden_in_one_call_and_each_has_an_outcome_of_its_own() {
    let failed = |id, code, sender_fault| json!({"Id": id, "Code": code, "SenderFault": sender_fault});
    let answer = json!({"Successful": [{"Id": "1"}], "Failed": [
        failed("3", "InternalError", false),
        failed("2", "AccessDenied", true),
        failed("0", "ReceiptHandleIsInvalid", true),
    ]});
    let (queues, script) = queues([Answer::new(200, &[], answer.to_string())]);
    let outcomes = queues.hide_all(URL, &["a", "b", "c", "d"], u32::MAX).await.unwrap();
    assert!(matches!(
        outcomes[..],
        [Err(QueueError::NotOurs), Ok(()), Err(QueueError::Refused(_)), Err(QueueError::Unavailable(_))]
    ));
    let sent = script.requests();
    assert_eq!((sent.len(), &sent[0].json()["QueueUrl"]), (1, &json!(URL)));
    let second = json!({"Id": "1", "ReceiptHandle": "b", "VisibilityTimeout": 43_200});
    assert_eq!(sent[0].json()["Entries"][1], second);
}

#[tokio::test(start_paused = true)]
async fn a_refused_batch_of_hidings_is_refused_as_a_whole() {
    let (queues, _) = queues([error(403, "AccessDenied")]);
    assert!(matches!(queues.hide_all(URL, &["a"], 15).await, Err(QueueError::Refused(_))));
}

#[tokio::test(start_paused = true)]
async fn a_receive_asks_for_ten_messages_with_all_that_is_shown_of_them() {
    let message = json!({"MessageId": "m", "ReceiptHandle": "r", "Body": "{}", "MD5OfBody": MD5,
        "Attributes": {"SentTimestamp": "1763840000123", "MessageGroupId": "g"},
        "MessageAttributes": {"reason": {"DataType": "String", "StringValue": "gone"},
            "other": {"DataType": "Binary", "BinaryValue": "AA=="}}});
    let (queues, script) = queues([Answer::new(200, &[], json!({"Messages": [message]}).to_string())]);
    let received = queues.receive(URL, 900).await.unwrap().remove(0);
    assert_eq!((received.message_id.as_str(), received.receipt.as_str()), ("m", "r"));
    assert_eq!((received.body.as_str(), received.group.as_deref()), ("{}", Some("g")));
    assert_eq!(received.attributes, [("reason".to_owned(), "gone".to_owned())].into());
    assert_eq!(received.sent_at, Timestamp::from_unix_ms(1_763_840_000_123));
    let sent = script.requests()[0].json();
    assert_eq!((&sent["MaxNumberOfMessages"], &sent["VisibilityTimeout"]), (&json!(10), &json!(900)));
    assert_eq!(sent["MessageAttributeNames"], json!(["All"]));
}

#[tokio::test(start_paused = true)]
async fn a_message_is_deleted_by_its_receipt() {
    let (queues, script) = queues([Answer::new(200, &[], "{}")]);
    queues.delete(URL, "r").await.unwrap();
    assert_eq!(script.requests()[0].json(), json!({"QueueUrl": URL, "ReceiptHandle": "r"}));
}
