//! Receivers that break HTTP's rules, end to end: the inbox of `cargo local` plays them, the shipped binaries
//! meet them. Those that take the full 15 s are met under paused time, in the transport's own tests.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use reqwest::Method;
use serde_json::{Value, json};
use tests::stack::{Options, Stack};

/// A question whose answer goes to `general`.
async fn ask(stack: &Stack) -> String {
    let question = json!({"source_process": "hostile", "timestamp": "2025-08-13T06:30:00Z",
        "source_system": "tests", "query": "Good morning!", "route": "general"});
    stack.post(&question.to_string(), &[]).await.tracking_id()
}

/// Does `fault` to the next delivery; how the conversation that it belongs to ends, and what its attempts met.
async fn suffer(stack: &Stack, mut fault: Value, ends: &str) -> (Vec<Value>, Vec<Value>) {
    fault["count"] = json!(1);
    let taken = stack.call(Method::PUT, "/_local/inbox/general", Some(fault.clone())).await;
    assert_eq!(taken.status, 204, "{fault}: {}", taken.body);
    let id = ask(stack).await;
    let conversation = stack.ended(&id, ends).await;
    let attempts = conversation["webhook_delivery"]["attempts"].as_array().unwrap().iter();
    let met = attempts.map(|attempt| attempt.get("http_status").or(attempt.get("error")).unwrap().clone());
    (met.collect(), stack.deliveries(&id).await)
}

#[tokio::test]
async fn what_a_receiver_does_to_one_delivery_ends_as_the_response_table_says() {
    let state = tempfile::tempdir().unwrap();
    let stack = Stack::start(state.path(), Options { time_scale: 200.0, ..Options::default() }).await;
    for (fault, ends, expected) in [
        (json!({"behaviour": "trickle"}), "delivered", json!([200])),
        (json!({"behaviour": "endless"}), "delivered", json!([200])),
        (json!({"behaviour": "huge", "status": 202}), "delivered", json!([202])),
        (json!({"behaviour": "short"}), "delivered", json!([200])),
        (json!({"behaviour": "endless", "status": 500}), "delivered", json!([500, 200])),
        (json!({"behaviour": "short", "status": 503, "retry_after": 1}), "delivered", json!([503, 200])),
        (json!({"behaviour": "endless_head"}), "delivered", json!(["connection", 200])),
        (json!({"behaviour": "not_http"}), "delivered", json!(["connection", 200])),
        (json!({"behaviour": "reset"}), "delivered", json!(["connection", 200])),
        (json!({"behaviour": "huge", "status": 404}), "failed", json!([404])),
        (json!({"behaviour": "redirect"}), "failed", json!([307])),
        (json!({"behaviour": "short", "status": 503, "retry_after": -1}), "failed", json!([503])),
    ] {
        let (met, deliveries) = suffer(&stack, fault.clone(), ends).await;
        assert_eq!(json!(met), expected, "{fault}");
        // Every attempt is listed, and the hostile one by what was done to it.
        assert_eq!(deliveries.len(), met.len(), "{fault}");
        assert_eq!(deliveries[0]["behaviour"], fault["behaviour"]);
        assert!(deliveries.iter().all(|delivery| delivery["body"] == deliveries[0]["body"]), "{fault}");
    }
    // A redirect that was followed would have arrived here.
    let listed = stack.call(Method::GET, "/_local/inbox", None).await.body;
    assert!(listed.as_array().unwrap().iter().all(|delivery| delivery["header"] == "general"));
}
