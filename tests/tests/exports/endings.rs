//! Exports tell how a conversation truly ended, whatever it was about.

use std::time::Duration;

use revops_core::Timestamp;
use revops_core::ports::Clock as _;
use serde_json::json;

use crate::house::{House, json_of};
use crate::states::ANY_TEXT;

#[tokio::test]
async fn a_refused_delivery_is_exported_as_failed_and_as_delivered_after_its_replay() {
    let house = House::start().await;
    house.fault("inbox/deal_analysis", json!({"status": 400, "count": 1})).await;
    let id = house.ask(json!({}), &[]).await;
    let failed = json_of(&house.exported(&id, "failed").await["summary"]);
    assert_eq!((&failed["reason"], &failed["http_status"]), (&json!("http_status"), &json!(400)), "{failed}");
    assert_eq!((&failed["run"], &failed["end_to_end_ms"]), (&json!(1), &json!(null)));

    let letter = || async { (house.gatewayctl(&["dlq", "replay", &id]).1 == 0).then_some(()) };
    house.stack.until("its dead letter is replayed", letter).await;
    let exports = house.exported(&id, "delivered").await;
    let summary = json_of(&exports["summary"]);
    assert_eq!(
        (&summary["run"], &summary["failed_attempts"], &summary["reason"]),
        (&json!(2), &json!(1), &json!(null))
    );
    assert!(summary["end_to_end_ms"].as_u64().is_some());
    let whole = json_of(&exports["conversation"]);
    assert_eq!(whole["outcomes"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&whole["delivery"]["status"], &whole["expected_header"]),
        (&json!("delivered"), &json!("deal_analysis"))
    );
}

#[tokio::test]
async fn an_agent_that_fails_for_good_is_exported_as_failed_with_its_notice() {
    let house = House::start().await;
    house.fault("agent", json!({"exception": "validationException", "count": 1})).await;
    let id = house.ask(json!({}), &[]).await;
    let exports = house.exported(&id, "failed").await;
    let (summary, analysis) = (json_of(&exports["summary"]), json_of(&exports["analysis"]));
    assert_eq!(
        (&summary["reason"], &summary["notice"]),
        (&json!("invalid"), &json!("delivered")),
        "{summary}"
    );
    assert_eq!(
        (&analysis["response"]["error"], &analysis["response"]["plain"]),
        (&json!("invalid"), &json!(null))
    );
    assert_eq!(json_of(&exports["conversation"])["envelope"]["type"], "conversation.failed");
}

#[tokio::test]
async fn a_delivery_whose_deadline_passes_is_exported_as_expired() {
    let house = House::start().await;
    house.fault("inbox/deal_analysis", json!({"status": 503, "retry_after": 3600, "count": 1})).await;
    let deadline: Timestamp = revops_aws::SystemClock.now().plus(Duration::from_secs(60));
    let id = house.ask(json!({"deliver_before": deadline.to_string()}), &[]).await;
    let exports = house.exported(&id, "expired").await;
    let metadata = json_of(&exports["metadata"]);
    assert_eq!(
        (&metadata["delivery"]["status"], &metadata["delivery"]["failed_attempts"]),
        (&json!("expired"), &json!(1))
    );
    assert_eq!(json_of(&exports["summary"])["http_status"], 503);
}

#[tokio::test]
async fn any_text_is_exported_as_it_was_asked() {
    let house = House::start().await;
    let (query, system) = (
        format!("{ANY_TEXT}\u{0}\r\n deal status?"),
        "B\u{fc}ro \u{1f9fe} \u{645}\u{643}\u{62a}\u{628} e\u{301}",
    );
    let id = house.ask(json!({"query": query, "source_system": system}), &[]).await;
    let exports = house.exported(&id, "delivered").await;
    let whole = json_of(&exports["conversation"]);
    assert_eq!((&whole["query"], &whole["source_system"]), (&json!(query), &json!(system)));
    assert_eq!(json_of(&exports["analysis"])["query"]["text"], json!(query));
    assert_eq!(json_of(&exports["summary"])["source_system"], json!(system));
}
