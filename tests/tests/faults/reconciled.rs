//! What `gatewayctl reconcile` finds, and that it brings it back.

use reqwest::Method;
use serde_json::{Value, json};
use tests::faults::{FaultPoint, Function, Moment, Write};

use crate::house::House;

/// What `reconcile` printed, and its exit code.
fn reconcile(house: &House, more: &[&str]) -> (Value, Option<i32>) {
    let call = ["--json", "reconcile", "--since", "1h", "--older-than", "0s"];
    let output = house.stack.gatewayctl(&[&call[..], more].concat());
    let printed = serde_json::from_slice(&output.stdout);
    (printed.unwrap_or_else(|_| panic!("{output:?}")), output.status.code())
}

/// Everything on the stack has ended: even without any patience nothing is found.
pub(crate) fn nothing_is_stranded(house: &House) {
    let (found, code) = reconcile(house, &[]);
    assert_eq!((&found["stranded"], code), (&json!([]), Some(0)), "{found}");
    assert!(found["checked"].as_u64().unwrap() > 0, "{found}");
}

/// Asks once, and is not answered: the gateway dies at `write`, and nobody repeats the request.
async fn abandoned(house: &House, key: &str, prefer: &str, write: Write) {
    let point = FaultPoint { function: Function::Gateway, write, moment: Moment::Before, nth: 1 };
    let trap = house.proxy.arm(point, House::aim(key));
    let body = json!({"source_process": "faults", "timestamp": "2025-08-13T06:30:00Z", "route": "general",
        "source_system": "tests", "session_id": key, "query": "What is the deal status for IXIS?"});
    let headers = [("idempotency-key", key), ("prefer", prefer)];
    let answer = house.stack.post(&body.to_string(), &headers).await;
    assert!(answer.status >= 500 && trap.has_fired(), "{key}: {answer:?}");
}

/// An attempt fails, and the message that waits for the next one is lost.
async fn loses_its_message(house: &House, class: &str, queue: &str) -> String {
    let fails = json!({"status": 503, "count": 1});
    house.stack.call(Method::PUT, &format!("/_local/inbox/{class}"), Some(fails)).await;
    let id = house.ask_until_answered("purged", class, None).await.tracking_id();
    let failed = || async { house.stack.object(&format!("conversations/{id}/attempts/001-001.json")) };
    house.stack.until("the first attempt failed", failed).await;
    house.stack.sqs().purge_queue().queue_url(&house.stack.ready.queue_urls[queue]).send().await.unwrap();
    id
}

/// The tracking ids found, each with what it lacks.
fn lacking(found: &Value) -> Vec<(String, String)> {
    let rows = found["stranded"].as_array().unwrap().iter();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.map(|row| (text(row, "tracking_id"), text(row, "missing"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lost_its_message_is_found_and_brought_back_and_what_was_never_accepted_is_not() {
    // A retry is due after five seconds, and a copy stands back for ten more.
    let house = House::start(60.0, &[("RETRY_BASE_SECONDS", "300")]).await;
    abandoned(&house, "never-accepted", "wait=25", Write::Object("/query.json")).await;
    let (found, code) = reconcile(&house, &[]);
    assert_eq!((lacking(&found), &found["checked"], code), (Vec::new(), &json!(0), Some(0)));

    abandoned(&house, "never-queued", "respond-async", Write::Message("answer_query")).await;
    abandoned(&house, "never-sent", "wait=25", Write::Message("deliver")).await;
    let purged = loses_its_message(&house, "deal_analysis", "deal-analysis").await;
    assert_eq!(lacking(&reconcile(&house, &[]).0).len(), 2, "an attempt is due: somebody will work on it");
    let all_three = || async {
        let (found, code) = reconcile(&house, &[]);
        (found["stranded"].as_array().unwrap().len() == 3).then_some((found, code))
    };
    let (found, code) = house.stack.until("three are found", all_three).await;
    let found = lacking(&found);
    let lacks = |missing: &str| found.iter().filter(|row| row.1 == missing).count();
    assert_eq!((lacks("answer_query"), lacks("deliver"), code), (1, 2, Some(1)));
    assert!(found.iter().any(|row| row.0 == purged));
    // With the patience that it has by itself, a conversation of this moment is nobody's business.
    let patient = house.stack.gatewayctl(&["reconcile", "--since", "2h"]);
    assert!(patient.status.success(), "{patient:?}");

    let (repaired, code) = reconcile(&house, &["--repair"]);
    assert!(repaired["stranded"].as_array().unwrap().iter().all(|row| row["repaired"] == true), "{repaired}");
    assert_eq!(code, Some(0));
    for (id, _) in found {
        house.stack.ended(&id, "delivered").await;
    }
    house.drained().await;
    assert_eq!(house.stack.deliveries(&purged).await.len(), 2, "the failed attempt and the copy's");
    nothing_is_stranded(&house);
}
