//! The cost model counts the requests that the functions really make.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::collections::BTreeMap;

use serde_json::Value;
use tests::alarms::Alarms;
use tests::faults::Proxy;
use tests::stack::{Options, Stack, gatewayctl};

/// Enough that a stray request, such as a start's, is seen not to be one of each conversation.
const CONVERSATIONS: u64 = 10;

/// Lambda's poller receives each message and deletes it, which no function sees.
const POLLER_REQUESTS: u64 = 2;

/// The model's bill of one conversation whose agent answers at once.
const BILL: [&str; 6] = ["cost", "--queries", "1", "--agent-seconds", "0", "--json"];

type Calls = BTreeMap<String, u64>;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_makes_the_requests_that_the_cost_model_counts() {
    let proxy = Proxy::start().await;
    let folder = tempfile::tempdir().unwrap();
    let options = Options { environment: proxy.environment(), ..Options::default() };
    let stack = Stack::start(folder.path(), options).await;
    proxy.connect(&stack.ready.aws_endpoint_url);
    let model = model(&stack);

    let made = calls(&stack, &proxy, &[]).await;
    check(&model["waiting"], &made, 1);
    // A queued question is invoked by its poller as well, and its message has a receive and a deletion of its own.
    let made = calls(&stack, &proxy, &[("prefer", "respond-async")]).await;
    check(&model["queued"], &made, 2);
}

/// Each metric is paid for as often as an alarm watches it.
#[test]
fn the_cost_model_counts_the_alarms_of_the_template() {
    let alarms = Alarms::read(include_str!("../../template.yaml"));
    let watched: usize = alarms.metric.iter().map(|alarm| alarm.query.watched.len()).sum();
    let told = gatewayctl().args(BILL).output().unwrap();
    let bill: Value = serde_json::from_slice(&told.stdout).unwrap();
    let units = |item: &str| {
        bill["idle"].as_array().unwrap().iter().find(|line| line["item"] == item).unwrap()["units"].clone()
    };
    assert_eq!(units("CloudWatch alarms"), watched as f64);
    assert_eq!(units("CloudWatch composite alarms"), alarms.composite.len() as f64);
}

/// What the model says of one conversation whose agent answers at once.
fn model(stack: &Stack) -> Value {
    let told = stack.gatewayctl(&BILL);
    let bill: Value = serde_json::from_slice(&told.stdout).unwrap();
    bill["calls_per_query"].clone()
}

/// `messages` is how many messages the conversation had.
fn check(model: &Value, made: &Calls, messages: u64) {
    let of = |kind: &str| made.get(kind).copied().unwrap_or_default();
    let queue: u64 = made.iter().filter(|(kind, _)| kind.starts_with("sqs ")).map(|(_, count)| count).sum();
    // The front door and each message's reader are invoked beside what the functions invoke.
    let invocations = of("lambda Invoke") + (1 + messages) * CONVERSATIONS;
    for (name, count) in [
        ("puts", of("s3 PUT")),
        ("gets", of("s3 GET")),
        ("queue_requests", queue + POLLER_REQUESTS * messages * CONVERSATIONS),
        ("invocations", invocations),
    ] {
        let expected = model[name].as_f64().unwrap() * CONVERSATIONS as f64;
        assert!(
            (count as f64 - expected).abs() < CONVERSATIONS as f64,
            "{name}: {count}, not {expected}: {made:?}"
        );
    }
}

/// The calls that [`CONVERSATIONS`] make.
async fn calls(stack: &Stack, proxy: &Proxy, headers: &[(&str, &str)]) -> Calls {
    converse(stack, headers).await;
    let before = proxy.calls();
    for _ in 0..CONVERSATIONS {
        converse(stack, headers).await;
    }
    let since = |(kind, count): (String, u64)| {
        let earlier = before.get(&kind).copied().unwrap_or_default();
        (kind, count - earlier)
    };
    proxy.calls().into_iter().map(since).collect()
}

/// One conversation to its end, which is seen on the disk: to ask for its status would be a call too.
async fn converse(stack: &Stack, headers: &[(&str, &str)]) {
    let id = stack.ask("What is the deal status for IXIS?", headers).await.tracking_id();
    stack
        .until("four exports", async || {
            let exports = stack.objects("conversation-history");
            let of_this = exports.iter().filter(|path| path.to_string_lossy().contains(&id)).count();
            (of_this == 4).then_some(())
        })
        .await;
}
