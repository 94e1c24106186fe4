//! The event source mapping, with a function that does what the test says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod support;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use bytes::Bytes;
use local_sqs::{EventSourceMapping, InvocationOutcome, Invoker, run_event_source_mapping};
use support::{Stack, stack};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

/// A function whose answers are scripted; what it gets is sent to the test.
#[derive(Clone)]
struct Function {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: mpsc::UnboundedSender<SqsEvent>,
    gate: Arc<Semaphore>,
}

/// Makes an outcome from the event.
type Answer = Box<dyn Fn(&SqsEvent) -> InvocationOutcome + Send>;

impl Invoker for Function {
    async fn invoke(&self, function: &str, payload: Bytes) -> InvocationOutcome {
        assert_eq!(function, "f");
        let event: SqsEvent = serde_json::from_slice(&payload).unwrap();
        let answer = self.answers.lock().unwrap().pop_front();
        let outcome = answer.map_or_else(|| answered(""), |answer| answer(&event));
        self.seen.send(event).unwrap();
        self.gate.acquire().await.unwrap().forget();
        outcome
    }
}

fn answered(text: &str) -> InvocationOutcome {
    InvocationOutcome::Answered(Bytes::copy_from_slice(text.as_bytes()))
}

struct Run {
    stack: Stack,
    seen: mpsc::UnboundedReceiver<SqsEvent>,
    gate: Arc<Semaphore>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

fn mapping() -> EventSourceMapping {
    EventSourceMapping {
        queue: "q".into(),
        function: "f".into(),
        batch_size: 10,
        batching_window: Duration::ZERO,
        maximum_concurrency: 5,
        report_batch_item_failures: true,
    }
}

/// Sends `bodies`, then starts the mapping.
async fn run(visibility_ms: u64, mapping: EventSourceMapping, bodies: &[&str], answers: Vec<Answer>) -> Run {
    let stack = stack(Duration::from_millis(visibility_ms)).await;
    for body in bodies {
        stack.client.send_message().queue_url(&stack.url).message_body(*body).send().await.unwrap();
    }
    start(stack, mapping, answers, Semaphore::MAX_PERMITS)
}

fn start(stack: Stack, mapping: EventSourceMapping, answers: Vec<Answer>, open: usize) -> Run {
    let (seen, events) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(open));
    let function = Function { answers: Arc::new(Mutex::new(answers.into())), seen, gate: Arc::clone(&gate) };
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(run_event_source_mapping(stack.sqs.clone(), mapping, function, async {
        let _ = stopped.await;
    }));
    Run { stack, seen: events, gate, stop, task }
}

impl Run {
    async fn next(&mut self) -> SqsEvent {
        tokio::time::timeout(Duration::from_secs(10), self.seen.recv()).await.unwrap().unwrap()
    }

    /// Stops the mapping, and says how many messages the queue then has, ready and in flight.
    async fn finish(self) -> (usize, usize) {
        let _ = self.stop.send(());
        self.task.await.unwrap();
        let attributes = self
            .stack
            .client
            .get_queue_attributes()
            .queue_url(&self.stack.url)
            .attribute_names(aws_sdk_sqs::types::QueueAttributeName::All)
            .send()
            .await
            .unwrap();
        let count = |name: &str| {
            attributes.attributes().unwrap()[&aws_sdk_sqs::types::QueueAttributeName::from(name)]
                .parse()
                .unwrap()
        };
        (count("ApproximateNumberOfMessages"), count("ApproximateNumberOfMessagesNotVisible"))
    }
}

fn bodies(event: &SqsEvent) -> Vec<&str> {
    event.records.iter().map(|record| record.body.as_deref().unwrap()).collect()
}

#[tokio::test]
async fn a_batch_that_succeeds_is_deleted() {
    let mut run = run(60_000, mapping(), &["a", "b"], vec![]).await;
    assert_eq!(bodies(&run.next().await), ["a", "b"]);
    assert_eq!(run.finish().await, (0, 0));
}

#[tokio::test]
async fn the_event_is_the_one_that_lambda_sends() {
    let stack = stack(Duration::from_secs(60)).await;
    let value = aws_sdk_sqs::types::MessageAttributeValue::builder()
        .data_type("Number")
        .string_value("1493147359900")
        .build()
        .unwrap();
    stack
        .client
        .send_message()
        .queue_url(&stack.url)
        .message_body("m")
        .message_group_id("tenant")
        .message_attributes("timestamp", value)
        .send()
        .await
        .unwrap();
    let mut run = start(stack, mapping(), vec![], Semaphore::MAX_PERMITS);
    let event = run.next().await;
    let record = &event.records[0];
    assert_eq!(record.event_source.as_deref(), Some("aws:sqs"));
    assert_eq!(record.event_source_arn.as_deref(), Some("arn:aws:sqs:us-east-1:000000000000:q"));
    assert_eq!(record.aws_region.as_deref(), Some("us-east-1"));
    assert_eq!(record.md5_of_body.as_deref(), Some("6f8f57715090da2632453988d9a1501b"));
    assert_eq!(record.md5_of_message_attributes.as_deref(), Some("235c5c510d26fb653d073faed50ae77c"));
    assert_eq!(record.attributes["ApproximateReceiveCount"], "1");
    assert_eq!(record.attributes["MessageGroupId"], "tenant");
    for name in ["SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"] {
        assert!(record.attributes.contains_key(name), "{name}");
    }
    let attribute = &record.message_attributes["timestamp"];
    assert_eq!(attribute.string_value.as_deref(), Some("1493147359900"));
    assert_eq!(attribute.data_type.as_deref(), Some("Number"));
    assert_eq!(run.finish().await, (0, 0));
}

#[tokio::test]
async fn a_reported_failure_comes_back_and_the_others_do_not() {
    let report: Answer = Box::new(|event| {
        let id = event.records[1].message_id.as_deref().unwrap();
        answered(&format!(r#"{{"batchItemFailures":[{{"itemIdentifier":"{id}"}}]}}"#))
    });
    let mut run = run(1000, mapping(), &["a", "b", "c"], vec![report]).await;
    assert_eq!(bodies(&run.next().await).len(), 3);
    let again = run.next().await;
    assert_eq!(bodies(&again), ["b"]);
    assert_eq!(again.records[0].attributes["ApproximateReceiveCount"], "2");
    assert_eq!(run.finish().await, (0, 0));
}

#[tokio::test]
async fn without_the_setting_a_report_is_ignored() {
    let report: Answer = Box::new(|_| answered(r#"{"batchItemFailures":[{"itemIdentifier":"stranger"}]}"#));
    let mapping = EventSourceMapping { report_batch_item_failures: false, ..mapping() };
    let mut run = run(60_000, mapping, &["a"], vec![report]).await;
    run.next().await;
    assert_eq!(run.finish().await, (0, 0));
}

#[tokio::test]
async fn a_function_error_leaves_the_whole_batch_hidden_until_its_time_is_over() {
    let fail: Answer = Box::new(|_| InvocationOutcome::FunctionError(Bytes::from_static(b"{}")));
    let mut run = run(1000, mapping(), &["a", "b"], vec![fail]).await;
    assert_eq!(bodies(&run.next().await), ["a", "b"]);
    assert_eq!(bodies(&run.next().await).len(), 2);
    assert_eq!(run.finish().await, (0, 0));
}

#[tokio::test]
async fn an_answer_with_a_strangers_id_leaves_the_whole_batch() {
    let report: Answer = Box::new(|_| answered(r#"{"batchItemFailures":[{"itemIdentifier":"stranger"}]}"#));
    let mut run = run(60_000, mapping(), &["a", "b"], vec![report]).await;
    run.next().await;
    assert_eq!(run.finish().await, (0, 2));
}

#[tokio::test]
async fn a_throttled_batch_is_tried_again_without_being_received_again() {
    let throttle: Answer = Box::new(|_| InvocationOutcome::Throttled);
    let mut run = run(60_000, mapping(), &["a"], vec![throttle]).await;
    run.next().await;
    let again = run.next().await;
    assert_eq!(again.records[0].attributes["ApproximateReceiveCount"], "1");
    assert_eq!(run.finish().await, (0, 0));
}

#[tokio::test]
async fn never_more_batches_run_than_allowed_and_shutdown_lets_them_end() {
    let stack = stack(Duration::from_secs(60)).await;
    for body in ["1", "2", "3", "4", "5"] {
        stack.client.send_message().queue_url(&stack.url).message_body(body).send().await.unwrap();
    }
    let mapping = EventSourceMapping { batch_size: 1, maximum_concurrency: 2, ..mapping() };
    let mut run = start(stack, mapping, vec![], 0);
    run.next().await;
    run.next().await;
    run.gate.add_permits(1);
    run.next().await;
    assert!(run.seen.try_recv().is_err(), "two are running, the others wait");
    let gate = Arc::clone(&run.gate);
    tokio::spawn(async move {
        tokio::task::yield_now().await;
        gate.add_permits(2);
    });
    assert_eq!(run.finish().await, (2, 0), "three ended and two were not taken");
}

#[tokio::test]
async fn a_window_lets_a_batch_fill() {
    let mapping = EventSourceMapping { batch_size: 2, batching_window: Duration::from_secs(30), ..mapping() };
    let mut run = run(60_000, mapping, &["first"], vec![]).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(run.seen.try_recv().is_err(), "the batch waits for a second message");
    run.stack.client.send_message().queue_url(&run.stack.url).message_body("second").send().await.unwrap();
    assert_eq!(bodies(&run.next().await), ["first", "second"]);
    assert_eq!(run.finish().await, (0, 0));
}

#[tokio::test]
async fn a_shutdown_gives_back_what_was_collected_but_not_handed_over() {
    let mapping = EventSourceMapping { batch_size: 2, batching_window: Duration::from_secs(30), ..mapping() };
    let run = run(60_000, mapping, &["lonely"], vec![]).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(run.finish().await, (1, 0));
}

#[tokio::test]
async fn a_batch_above_lambdas_payload_limit_is_cut() {
    let big = "x".repeat(1_000_000);
    let mut run = run(60_000, mapping(), &[big.as_str(); 8], vec![]).await;
    let sizes = [run.next().await.records.len(), run.next().await.records.len()];
    assert_eq!(sizes.iter().sum::<usize>(), 8);
    assert!(sizes.iter().all(|size| *size <= 6), "{sizes:?}");
    assert_eq!(run.finish().await, (0, 0));
}
