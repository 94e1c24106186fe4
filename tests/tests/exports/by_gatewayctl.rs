//! `gatewayctl export`: the same exports again.

use serde_json::json;

use crate::house::{House, json_of};

const NOBODY: &str = "0198a0a0-0000-7000-8000-000000000000";

#[tokio::test]
async fn exports_are_made_again_byte_for_byte_and_say_where_they_are() {
    let house = House::start().await;
    house.fault("inbox/deal_analysis", json!({"status": 503, "count": 1})).await;
    let id = house.ask(json!({}), &[]).await;
    let by_delivery = house.exported(&id, "delivered").await;
    let (told, code) = house.gatewayctl(&["export", &id]);
    assert_eq!((&told["status"], code), (&json!("delivered"), 0), "{told}");
    let objects: Vec<&str> =
        told["objects"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(objects.len(), 4);
    let prefix = format!("s3://{}/conversation-history/", house.stack.ready.bucket);
    assert!(objects.iter().all(|object| object.starts_with(&prefix) && object.contains(&id)), "{objects:?}");
    assert_eq!(house.exports(&id), by_delivery);
}

#[tokio::test]
async fn only_the_formats_that_are_asked_for_are_written() {
    let house = House::start().await;
    let id = house.ask(json!({}), &[]).await;
    let whole = house.exported(&id, "delivered").await;
    let root = house.stack.state().join("s3").join(&house.stack.ready.bucket);
    let folder = root.join(revops_core::export::folder(id.parse().unwrap()));
    for format in whole.keys() {
        std::fs::write(folder.join(format!("{format}.json")), "{}\n").unwrap();
    }
    let (told, code) = house.gatewayctl(&["export", &id, "--format", "summary"]);
    assert_eq!((told["objects"].as_array().map(Vec::len), code), (Some(1), 0), "{told}");
    let by_variable =
        house.stack.gatewayctl_command(&["export", &id]).env("EXPORT_FORMATS", "analysis").output();
    assert!(by_variable.unwrap().status.success());
    let text = |format: &str| std::fs::read_to_string(folder.join(format!("{format}.json"))).unwrap();
    assert_eq!((text("summary"), text("analysis")), (whole["summary"].clone(), whole["analysis"].clone()));
    assert_eq!((text("conversation").as_str(), text("metadata").as_str()), ("{}\n", "{}\n"));
    assert_eq!(house.complaint(&["export", &id, "--format", "csv"]).1, 2);
}

#[tokio::test]
async fn what_has_not_ended_is_exported_on_request_only_and_by_its_end_as_it_ended() {
    let house = House::start().await;
    house.fault("inbox/deal_analysis", json!({"status": 503, "retry_after": 60, "count": 1})).await;
    let id = house.ask(json!({}), &[]).await;
    let retrying =
        || async { (house.stack.conversation(&id).await.body["status"] == "retrying").then_some(()) };
    house.stack.until("it is retrying", retrying).await;
    let (text, code) = house.complaint(&["export", &id]);
    assert!(
        code == 1 && text.contains("has not ended (retrying)") && text.contains("--unfinished"),
        "{text}"
    );
    assert!(house.exports(&id).is_empty());
    let (told, code) = house.gatewayctl(&["export", &id, "--unfinished"]);
    assert_eq!((&told["status"], code), (&json!("retrying"), 0));
    assert_eq!(json_of(&house.exports(&id)["summary"])["status"], "retrying");
    house.exported(&id, "delivered").await;
}

#[tokio::test]
async fn a_conversation_that_is_not_there_is_not_found() {
    let house = House::start().await;
    assert_eq!(house.complaint(&["export", NOBODY]).1, 3);
    assert_eq!(house.complaint(&["delete", NOBODY, "--yes"]).1, 3);
    assert_eq!(house.complaint(&["export", "not-an-id"]).1, 2);
}
