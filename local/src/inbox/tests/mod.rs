//! Claims about the inbox over HTTP.

mod hostile;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;

fn inbox() -> Router {
    routes(Inbox::new(SigningSecrets::parse(r#"{"default":["whsec_AAAA"]}"#).unwrap()))
}

async fn send(app: &Router, method: &str, path: &str, body: &str) -> http::Response<Body> {
    let request = Request::builder().method(method).uri(path).header("x-tracking-id", "t-1");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    app.clone().oneshot(request).await.unwrap()
}

async fn status(app: &Router, method: &str, path: &str, body: &str) -> StatusCode {
    send(app, method, path, body).await.status()
}

async fn listed(app: &Router) -> Value {
    let body = send(app, "GET", "/_local/inbox", "").await.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn what_was_received_is_listed_byte_for_byte_with_its_signature_check() {
    let app = inbox();
    assert_eq!(status(&app, "POST", "/_local/inbox/deal_analysis", "{\"a\":  1}\n").await, StatusCode::OK);
    let list = listed(&app).await;
    let entry = &list[0];
    assert_eq!(entry["header"], "deal_analysis");
    assert_eq!(entry["body"], "{\"a\":  1}\n");
    assert_eq!(entry["headers"]["x-tracking-id"], "t-1");
    assert_eq!(entry["signature"], "missing");
    assert_eq!(entry["status"], 200);
    assert!(entry["received_at"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn deleting_the_inbox_empties_it() {
    let app = inbox();
    send(&app, "POST", "/_local/inbox/general", "{}").await;
    assert_eq!(status(&app, "DELETE", "/_local/inbox", "").await, StatusCode::NO_CONTENT);
    assert_eq!(listed(&app).await, json!([]));
}

#[tokio::test]
async fn a_scripted_fault_meets_its_class_only_and_what_it_met_is_still_listed() {
    let app = inbox();
    let fault = r#"{"status":503,"retry_after":9}"#;
    assert_eq!(status(&app, "PUT", "/_local/inbox/general", fault).await, StatusCode::NO_CONTENT);
    let answer = send(&app, "POST", "/_local/inbox/general", "{}").await;
    assert_eq!(
        (answer.status(), &answer.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"9".parse().unwrap())
    );
    assert_eq!(status(&app, "POST", "/_local/inbox/lead_analysis", "{}").await, StatusCode::OK);
    assert_eq!(listed(&app).await[0]["status"], 503);
}

#[tokio::test]
async fn a_fault_ends_when_it_is_deleted_or_its_count_is_used_up() {
    let app = inbox();
    send(&app, "PUT", "/_local/inbox/general", r#"{"status":500}"#).await;
    send(&app, "DELETE", "/_local/inbox/general", "").await;
    assert_eq!(status(&app, "POST", "/_local/inbox/general", "").await, StatusCode::OK);
    send(&app, "PUT", "/_local/inbox/general", r#"{"status":500,"count":1}"#).await;
    assert_eq!(status(&app, "POST", "/_local/inbox/general", "").await, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(status(&app, "POST", "/_local/inbox/general", "").await, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_fault_and_an_oversized_delivery_are_refused() {
    let app = inbox();
    assert_eq!(status(&app, "PUT", "/_local/inbox/general", "{").await, StatusCode::BAD_REQUEST);
    let huge = "x".repeat(8 * 1024 * 1024 + 1);
    assert_eq!(status(&app, "POST", "/_local/inbox/general", &huge).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(listed(&app).await, json!([]));
}

#[tokio::test]
async fn the_inbox_forgets_its_oldest_above_ten_thousand() {
    let inbox = Inbox::new(SigningSecrets::default());
    let app = routes(inbox.clone());
    for number in 0..=10_000 {
        let body = number.to_string().into();
        let (at, check) = (time::OffsetDateTime::UNIX_EPOCH, signature::SignatureCheck::Missing);
        let nothing = Misbehaviour::default();
        inbox.keep(Received::new(at, "general".to_owned(), &http::HeaderMap::new(), &body, check, &nothing));
    }
    let list = listed(&app).await;
    assert_eq!(list.as_array().unwrap().len(), 10_000);
    assert_eq!(list[0]["body"], "1");
}
