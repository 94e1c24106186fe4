//! What the client gets: the function's response, or the gateway's own.

#![expect(clippy::unwrap_used, reason = "a test's helpers may panic as the test itself may")]

mod support;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use local_api_gateway::{HttpApiOptions, HttpFunctionError};
use serde_json::json;
use std::time::Duration;
use support::*;

#[tokio::test]
async fn a_response_in_format_2_is_passed_on() {
    let payload = json!({
        "statusCode": 202,
        "headers": { "Content-Type": "application/json", "X-Number": 7, "x-null": null, "content-length": "999" },
        "multiValueHeaders": { "x-many": ["a", "b"] },
        "cookies": ["a=1; Path=/", "b=2"],
        "body": "{\"success\":true}",
        "isBase64Encoded": false,
    });
    let response = gateway(&payload.to_string()).send(get("/")).await;
    let headers = response.headers();
    let all = |name: &str| -> Vec<String> {
        headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(all("content-type"), ["application/json"]);
    assert_eq!(all("x-number"), ["7"]);
    assert_eq!(all("x-many"), ["a", "b"]);
    assert_eq!(all("set-cookie"), ["a=1; Path=/", "b=2"]);
    assert_eq!(all("apigw-requestid")[0].len(), 16);
    assert!(!headers.contains_key("x-null"));
    assert_eq!(all("content-length"), ["16"]);
    assert_eq!(read(response).await, (202, r#"{"success":true}"#.into()));
}

#[tokio::test]
async fn the_content_type_is_text_unless_the_function_says() {
    let response = gateway(r#"{"statusCode":200,"body":"hello"}"#).send(get("/")).await;
    assert_eq!(response.headers()["content-type"], "text/plain;charset=UTF-8");
    assert_eq!(read(response).await, (200, "hello".into()));
}

#[tokio::test]
async fn json_without_a_status_code_is_a_json_body() {
    for (payload, body) in
        [(r#"{"a":1}"#, r#"{"a":1}"#), (r#""hello""#, "hello"), ("[1]", "[1]"), ("null", "null")]
    {
        let response = gateway(payload).send(get("/")).await;
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(read(response).await, (200, body.into()));
    }
}

#[tokio::test]
async fn a_base64_body_is_decoded() {
    let gateway = gateway(r#"{"statusCode":"200","body":"aGVsbG8=","isBase64Encoded":true}"#);
    assert_eq!(read(gateway.send(get("/")).await).await, (200, "hello".into()));
}

#[tokio::test]
async fn the_answer_to_head_has_no_body_but_its_length() {
    let gateway = gateway(r#"{"statusCode":200,"body":"hello"}"#);
    let response = gateway.send(Request::head("/").body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["content-length"], "5");
    assert_eq!(read(response).await, (200, String::new()));
}

#[tokio::test]
async fn what_is_no_response_is_an_internal_server_error() {
    for payload in [
        "",
        "{",
        r#"{"statusCode":"two hundred"}"#,
        r#"{"statusCode":100}"#,
        r#"{"statusCode":1000}"#,
        r#"{"statusCode":200,"body":{}}"#,
        r#"{"statusCode":200,"headers":{"no name":"x"}}"#,
        r#"{"statusCode":200,"headers":{"x":"line\nbreak"}}"#,
        r#"{"statusCode":200,"headers":{"x":[]}}"#,
        r#"{"statusCode":200,"cookies":["a\r\nb"]}"#,
        r#"{"statusCode":200,"body":"%","isBase64Encoded":true}"#,
    ] {
        let response = gateway(payload).send(get("/")).await;
        assert!(response.headers().contains_key("apigw-requestid"));
        assert_eq!(read(response).await, (500, r#"{"message":"Internal Server Error"}"#.into()), "{payload}");
    }
}

#[tokio::test]
async fn a_function_that_fails_is_an_internal_server_error_and_one_without_room_is_unavailable() {
    for (error, status, message) in [
        (HttpFunctionError::Failed, 500, r#"{"message":"Internal Server Error"}"#),
        (HttpFunctionError::TimedOut, 500, r#"{"message":"Internal Server Error"}"#),
        (HttpFunctionError::Throttled, 503, r#"{"message":"Service Unavailable"}"#),
    ] {
        let gateway = gateway_with(returning(Err(error)), HttpApiOptions::default());
        assert_eq!(read(gateway.send(get("/")).await).await, (status, message.into()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_that_takes_thirty_seconds_is_unavailable_but_runs_on() {
    let mut function = returning(Ok("{}"));
    function.takes = Duration::from_secs(31);
    let gateway = gateway_with(function, HttpApiOptions::default());
    let before = tokio::time::Instant::now();
    let answered = read(gateway.send(get("/")).await).await;
    assert_eq!(answered, (503, r#"{"message":"Service Unavailable"}"#.into()));
    assert_eq!(before.elapsed().as_secs(), 30);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(gateway.function.events.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_does_not_stop_the_function() {
    let mut function = returning(Ok("{}"));
    function.takes = Duration::from_secs(5);
    let gateway = gateway_with(function, HttpApiOptions::default());
    let left = tokio::time::timeout(Duration::from_secs(1), gateway.send(get("/"))).await;
    assert!(left.is_err());
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(gateway.function.events.lock().unwrap().len(), 1);
}

fn post(bytes: usize) -> Request<Body> {
    Request::post("/").header("content-type", "text/plain").body(Body::from(vec![b'a'; bytes])).unwrap()
}

#[tokio::test]
async fn a_body_is_too_large_for_the_gateway_above_10_mb_and_for_the_function_above_6() {
    let gateway = gateway("{}");
    let too_large = (413, r#"{"message":"Request Entity Too Large"}"#.to_owned());
    assert_eq!(read(gateway.send(post(10 * 1024 * 1024 + 1)).await).await, too_large);
    assert_eq!(read(gateway.send(post(6 * 1024 * 1024)).await).await, too_large);
    assert_eq!(gateway.send(post(5 * 1024 * 1024)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_request_line_and_headers_above_10_240_bytes_are_refused() {
    let gateway = gateway("{}");
    let request =
        |value: usize| Request::get("/").header("x-large", "a".repeat(value)).body(Body::empty()).unwrap();
    let line = "GET / HTTP/1.1".len();
    assert_eq!(gateway.send(request(10_240 - line)).await.status(), StatusCode::OK);
    let refused = read(gateway.send(request(10_241 - line)).await).await;
    assert_eq!(refused, (431, r#"{"message":"Request Header Fields Too Large"}"#.into()));
}

#[tokio::test]
async fn a_path_that_cannot_be_decoded_is_refused() {
    assert_eq!(
        read(gateway("{}").send(get("/a%zz")).await).await,
        (400, r#"{"message":"Bad Request"}"#.into())
    );
}
