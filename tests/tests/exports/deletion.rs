//! `gatewayctl delete`: nothing of one conversation is left, and everything of the others.

use std::path::{Path, PathBuf};

use revops_core::records::keys;
use serde_json::{Value, json};

use crate::house::House;

const KEY: [(&str, &str); 1] = [("idempotency-key", "order-1")];

/// The objects of the bucket that belong to `id`, by their names or by what they say, except its tombstone.
fn objects_of(house: &House, id: &str) -> Vec<PathBuf> {
    let mut objects = house.stack.objects("");
    objects.retain(|path| {
        let said = house.stack.object(&path.to_string_lossy()).unwrap_or_default();
        path.to_string_lossy().contains(id) || said["tracking_id"] == id
    });
    objects.retain(|path| *path != Path::new(&tombstone(id)));
    objects
}

fn tombstone(id: &str) -> String {
    keys::deleted(id.parse().unwrap()).path().to_owned()
}

/// Writes `body` over what is at `key`.
fn put(house: &House, key: &str, body: &str) {
    let path = house.stack.state().join("s3").join(&house.stack.ready.bucket).join(key);
    std::fs::write(path, body).unwrap();
}

fn deleted(told: &Value) -> Vec<&str> {
    told["objects"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_object_of_a_conversation_is_deleted_with_its_key_and_no_other() {
    let house = House::start().await;
    house.fault("inbox/deal_analysis", json!({"status": 503, "count": 1})).await;
    let (id, other) =
        (house.ask(json!({}), &KEY).await, house.ask(json!({}), &[("idempotency-key", "order-2")]).await);
    house.exported(&id, "delivered").await;
    house.exported(&other, "delivered").await;
    let (before, others) = (objects_of(&house, &id), objects_of(&house, &other));
    assert!(before.iter().any(|path| path.starts_with("idempotency")), "{before:?}");

    let (text, code) = house.complaint(&["delete", &id]);
    assert!(code == 2 && text.contains("--yes"), "nobody was there to ask: {text}");
    let (told, code) = house.gatewayctl(&["delete", &id, "--dry-run"]);
    assert_eq!((deleted(&told).len(), &told["dry_run"], code), (before.len(), &json!(true), 0), "{told}");
    assert_eq!(objects_of(&house, &id), before, "a dry run deletes nothing");

    let (told, code) = house.gatewayctl(&["delete", &id, "--yes"]);
    let mut keys: Vec<PathBuf> = deleted(&told).iter().map(PathBuf::from).collect();
    keys.sort();
    assert_eq!((keys, code), (before, 0), "{told}");
    assert_eq!((&told["left"], &told["versioned"]), (&json!([]), &json!(false)));
    assert_eq!(objects_of(&house, &id), Vec::<PathBuf>::new());
    assert_eq!(objects_of(&house, &other), others);
    let left = house.stack.object(&tombstone(&id)).unwrap();
    let members: Vec<&str> = left.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((members, &left["tracking_id"]), (vec!["deleted_at", "tracking_id", "v"], &json!(id)));
    assert_eq!(house.stack.conversation(&id).await.status, 404);
    assert_eq!(house.complaint(&["delete", &id, "--yes"]).1, 3, "it is gone already");
    assert_ne!(house.ask(json!({}), &KEY).await, id, "its key stands for nothing any more");
}

#[tokio::test]
async fn what_is_under_way_is_deleted_on_request_only_and_its_message_ends_without_a_post() {
    let house = House::start().await;
    house.fault("inbox/deal_analysis", json!({"status": 503, "retry_after": 60, "count": 1})).await;
    let id = house.ask(json!({}), &[]).await;
    let retrying =
        || async { (house.stack.conversation(&id).await.body["status"] == "retrying").then_some(()) };
    house.stack.until("it is retrying", retrying).await;
    let before = objects_of(&house, &id);
    let (text, code) = house.complaint(&["delete", &id, "--yes"]);
    assert!(code == 1 && text.contains("under way") && text.contains("--unfinished"), "{text}");
    assert_eq!(objects_of(&house, &id), before);

    assert_eq!(house.gatewayctl(&["delete", &id, "--yes", "--unfinished"]).1, 0);
    let idle = || async { (house.stack.messages().await == 0).then_some(()) };
    house.stack.until("its message is acknowledged", idle).await;
    assert_eq!(house.stack.deliveries(&id).await.len(), 1, "the attempt before");
    assert_eq!(objects_of(&house, &id), Vec::<PathBuf>::new(), "nothing is written behind the deletion");
    assert_eq!(house.stack.dead_letter_bodies().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_dead_letter_of_a_deleted_conversation_is_replayed_into_nothing() {
    let house = House::start().await;
    house.fault("inbox/deal_analysis", json!({"status": 400, "count": 1})).await;
    let id = house.ask(json!({}), &[]).await;
    house.exported(&id, "failed").await;
    assert_eq!(house.gatewayctl(&["delete", &id, "--yes"]).1, 0);
    let replayed = || async { (house.gatewayctl(&["dlq", "replay", &id]).1 == 0).then_some(()) };
    house.stack.until("its dead letter is replayed", replayed).await;
    let idle = || async { (house.stack.messages().await == 0).then_some(()) };
    house.stack.until("its message is acknowledged", idle).await;
    assert_eq!((house.stack.deliveries(&id).await.len(), objects_of(&house, &id).len()), (1, 0));
}

#[tokio::test]
async fn a_record_that_cannot_be_understood_is_deleted_and_told() {
    let house = House::start().await;
    let id = house.ask(json!({}), &KEY).await;
    house.exported(&id, "delivered").await;
    let query = format!("conversations/{id}/query.json");
    put(&house, &query, "{");
    let (told, code) = house.gatewayctl(&["delete", &id, "--yes"]);
    assert_eq!((&told["unreadable"], code), (&json!([query]), 0), "{told}");
    let left = objects_of(&house, &id);
    assert!(left.len() == 1 && left[0].starts_with("idempotency"), "only the query named it: {left:?}");
}

#[tokio::test]
async fn an_export_beside_a_deletion_brings_nothing_back() {
    let house = House::start().await;
    let id = house.ask(json!({}), &[]).await;
    house.exported(&id, "delivered").await;
    let left = json!({"v": 1, "tracking_id": id, "deleted_at": "2025-08-14T09:00:00Z"});
    put(&house, &tombstone(&id), &left.to_string());
    let before = house.exports(&id).len();
    assert_eq!(before, 4, "the deletion has only begun");
    let (text, code) = house.complaint(&["export", &id]);
    assert!(code == 3 && text.contains("deleted"), "{text}");
    assert_eq!(house.gatewayctl(&["delete", &id, "--yes"]).1, 0);
    assert_eq!((house.exports(&id).len(), house.complaint(&["export", &id]).1), (0, 3));
}
