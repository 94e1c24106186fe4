//! Claims about what a hostile receiver does on a real socket.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::*;
use crate::connection::{Connections, Peer};

const POST: &[u8] = b"POST /_local/inbox/general HTTP/1.1\r\nhost: inbox\r\ncontent-length: 2\r\n\r\n{}";

/// An inbox on a port of its own that does `fault` to its class `general`.
async fn serve(fault: &str) -> (SocketAddr, Router) {
    let app = inbox();
    assert_eq!(status(&app, "PUT", "/_local/inbox/general", fault).await, StatusCode::NO_CONTENT, "{fault}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.clone().into_make_service_with_connect_info::<Peer>();
    tokio::spawn(async move { axum::serve(Connections(listener), service).await });
    (address, app)
}

async fn post(address: SocketAddr) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(POST).await.unwrap();
    socket
}

/// Everything up to the end of the connection.
async fn whole_answer(fault: &str) -> (String, Router) {
    let (address, app) = serve(fault).await;
    let mut got = Vec::new();
    post(address).await.read_to_end(&mut got).await.unwrap();
    (String::from_utf8_lossy(&got).into_owned(), app)
}

/// The first `count` bytes of an answer that has no end.
async fn start_of_answer(fault: &str, count: usize) -> (String, Router) {
    let (address, app) = serve(fault).await;
    let mut got = vec![0; count];
    post(address).await.read_exact(&mut got).await.unwrap();
    (String::from_utf8_lossy(&got).into_owned(), app)
}

#[tokio::test]
async fn whatever_is_done_to_its_sender_a_delivery_is_listed() {
    for behaviour in fault::Behaviour::ALL {
        let name = serde_json::to_value(behaviour).unwrap();
        let (address, app) = serve(&json!({ "behaviour": name }).to_string()).await;
        // One byte is enough to know that the inbox has acted; a hanging one sends none.
        let mut socket = post(address).await;
        if behaviour != fault::Behaviour::Hang {
            let _ = socket.read(&mut [0]).await;
        }
        while listed(&app).await == json!([]) {
            tokio::task::yield_now().await;
        }
        let entry = &listed(&app).await[0];
        assert_eq!((&entry["behaviour"], &entry["body"]), (&name, &json!("{}")));
        let has_status = entry["status"].is_u64();
        assert_eq!(
            has_status,
            behaviour.opening(entry["status"].as_u64().map(|_| 200), None).starts_with("HTTP")
        );
    }
}

#[tokio::test]
async fn short_promises_more_than_it_sends() {
    let (answer, _) = whole_answer(r#"{"behaviour":"short","status":503,"retry_after":7}"#).await;
    let head = "HTTP/1.1 503 Hostile\r\nconnection: close\r\nretry-after: 7\r\ncontent-length: 1000\r\n\r\n";
    assert_eq!(answer, format!("{head}too short"));
}

#[tokio::test]
async fn huge_sends_the_64_mib_that_it_promises() {
    let (answer, _) = whole_answer(r#"{"behaviour":"huge"}"#).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.ends_with("content-length: 67108864"), "{head}");
    assert_eq!(body.len(), 67_108_864);
}

#[tokio::test]
async fn endless_and_endless_head_go_on_as_long_as_somebody_reads() {
    let (answer, _) = start_of_answer(r#"{"behaviour":"endless","status":500}"#, 2_000_000).await;
    assert!(answer.starts_with("HTTP/1.1 500 ") && answer.ends_with("xxxx"));
    let (answer, _) = start_of_answer(r#"{"behaviour":"endless_head"}"#, 2_000_000).await;
    assert!(!answer.contains("\r\n\r\n") && answer.contains("x-more: and more\r\n"));
}

#[tokio::test(start_paused = true)]
async fn trickle_sends_a_byte_every_fifth_of_a_second() {
    let started = Instant::now();
    let (answer, _) = start_of_answer(r#"{"behaviour":"trickle"}"#, 143).await;
    assert!(answer.ends_with(&format!("\r\n\r\n{}", ".".repeat(100))), "{answer}");
    assert!(started.elapsed().as_secs() >= 19, "{:?}", started.elapsed());
}

#[tokio::test]
async fn not_http_answers_with_something_else() {
    let (answer, _) = whole_answer(r#"{"behaviour":"not_http"}"#).await;
    assert_eq!(answer, "SSH-2.0-OpenSSH_9.6\r\n");
}

#[tokio::test]
async fn reset_sends_nothing_and_no_orderly_end() {
    let (address, _) = serve(r#"{"behaviour":"reset"}"#).await;
    let error = post(address).await.read(&mut [0]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[tokio::test(start_paused = true)]
async fn hang_is_silent_for_as_long_as_somebody_waits() {
    let (address, app) = serve(r#"{"behaviour":"hang"}"#).await;
    let mut socket = post(address).await;
    let an_hour = std::time::Duration::from_secs(3_600);
    assert!(tokio::time::timeout(an_hour, socket.read(&mut [0])).await.is_err());
    assert_eq!(listed(&app).await[0]["status"], Value::Null);
}

#[tokio::test]
async fn a_redirect_that_is_followed_is_listed() {
    let (address, app) = serve(r#"{"behaviour":"redirect"}"#).await;
    let answer = send(&app, "POST", "/_local/inbox/general", "{}").await;
    assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
    let location = answer.headers()["location"].to_str().unwrap();
    assert_eq!(status(&app, "POST", location, "{}").await, StatusCode::OK, "{address}");
    assert_eq!(listed(&app).await[1]["header"], "redirected");
}

#[tokio::test]
async fn after_its_count_the_receiver_behaves_again() {
    let (address, _) = serve(r#"{"behaviour":"reset","count":1}"#).await;
    assert!(post(address).await.read(&mut [0]).await.is_err());
    let mut got = [0; 15];
    post(address).await.read_exact(&mut got).await.unwrap();
    assert_eq!(&got, b"HTTP/1.1 200 OK");
}
