//! What is not the SDK's: raw requests, presigned URLs, hostile keys, the clock.

use std::time::Duration;

use crate::support::{BUCKET, Served, get, put, served};
use aws_sdk_s3::presigning::PresigningConfig;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

type Answer = (http::response::Parts, String);

async fn send(request: http::Request<Full<Bytes>>) -> Answer {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let (parts, body) = client.request(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts, String::from_utf8_lossy(&body).into_owned())
}

async fn plain(method: &str, uri: &str, body: &'static str) -> Answer {
    send(http::Request::builder().method(method).uri(uri).body(Full::from(body)).unwrap()).await
}

#[tokio::test]
async fn unsigned_requests_are_served() {
    let Served { url, client, folder: _folder } = served().await;
    let (answer, _) = plain("PUT", &format!("{url}/{BUCKET}/k"), "text").await;
    assert_eq!(answer.status, 200);
    assert_eq!(get(&client, "k").await, "text");
    assert_eq!(plain("GET", &format!("{url}/{BUCKET}/k"), "").await.1, "text");
}

#[tokio::test]
async fn presigned_urls_are_served() {
    let Served { url: _, client, folder: _folder } = served().await;
    let hour = PresigningConfig::expires_in(Duration::from_secs(3600)).unwrap();
    let request = client.put_object().bucket(BUCKET).key("a b").presigned(hour.clone()).await.unwrap();
    assert_eq!(plain("PUT", request.uri(), "text").await.0.status, 200);
    let request = client.get_object().bucket(BUCKET).key("a b").presigned(hour).await.unwrap();
    assert_eq!(plain("GET", request.uri(), "").await.1, "text");
}

#[tokio::test]
async fn every_answer_has_the_date_and_no_object_is_from_the_future() {
    let Served { url, client, folder: _folder } = served().await;
    put(&client, "k", "text").await;
    for (method, path) in
        [("GET", "/records/k"), ("HEAD", "/records/k"), ("GET", "/records/none"), ("GET", "/")]
    {
        let (answer, _) = plain(method, &format!("{url}{path}"), "").await;
        let seconds = |name: &str| answer.headers.get(name).map(|date| epoch_seconds(date.to_str().unwrap()));
        let date = seconds("date").unwrap();
        assert!(seconds("last-modified").is_none_or(|modified| (date - 5..=date).contains(&modified)));
        assert!(answer.headers.contains_key("x-amz-request-id"));
    }
}

fn epoch_seconds(date: &str) -> i64 {
    use aws_smithy_types::date_time::{DateTime, Format};
    DateTime::from_str(date, Format::HttpDate).unwrap().secs()
}

#[tokio::test]
async fn a_304_has_no_body() {
    let Served { url, client, folder: _folder } = served().await;
    let etag = put(&client, "k", "text").await;
    let request = http::Request::get(format!("{url}/{BUCKET}/k")).header("if-none-match", etag);
    let (answer, body) = send(request.body(Full::default()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), body.as_str()), (304, ""));
}

#[tokio::test]
async fn hostile_keys_are_refused_and_nothing_is_written_outside_the_bucket() {
    let Served { url, client, folder } = served().await;
    put(&client, "inside", "x").await;
    for key in [
        "../outside",
        "%2e%2e/outside",
        "a/../../outside",
        "..%2f..%2foutside",
        "%2foutside",
        "a//b",
        "a/",
        "a/./b",
        "nul%00byte",
        "../.meta/records/inside.json",
    ] {
        let (answer, body) = plain("PUT", &format!("{url}/{BUCKET}/{key}"), "evil").await;
        assert_eq!(answer.status, 400, "{key}: {body}");
        assert!(body.contains("<Code>InvalidArgument</Code>"), "{key}: {body}");
        assert_eq!(plain("GET", &format!("{url}/{BUCKET}/{key}"), "").await.0.status, 404, "{key}");
        assert_eq!(plain("DELETE", &format!("{url}/{BUCKET}/{key}"), "").await.0.status, 204, "{key}");
    }
    let long = "k".repeat(241);
    let (_, body) = plain("PUT", &format!("{url}/{BUCKET}/{long}"), "x").await;
    assert!(body.contains("<Code>KeyTooLongError</Code>"), "{body}");
    for bucket in [".meta", ".tmp", "..", "%2e%2e", "UPPER"] {
        assert_eq!(plain("PUT", &format!("{url}/{bucket}/k"), "x").await.0.status, 400, "{bucket}");
    }
    assert_eq!(get(&client, "inside").await, "x");
    let outside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(outside, ["s3"]);
}

#[tokio::test]
async fn an_operation_that_is_missing_is_not_implemented() {
    let Served { url, client: _, folder: _folder } = served().await;
    assert_eq!(plain("GET", &format!("{url}/{BUCKET}?acl"), "").await.0.status, 501);
}
