//! The gateway on a real socket.

#![expect(clippy::unwrap_used, reason = "a test's helpers may panic as the test itself may")]

mod support;

use serde_json::Value;
use std::net::SocketAddr;
use support::*;

async fn serve() -> (Gateway, String) {
    let gateway = gateway(r#"{"statusCode":200,"body":"hello"}"#);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = gateway.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    (gateway, address.to_string())
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn a_request_over_the_network_knows_its_source_and_its_host() {
    let (gateway, address) = serve().await;
    let response = client().post(format!("http://{address}/webhook")).body("{}").send().await.unwrap();
    assert_eq!(response.status(), 200);
    let event: Value = serde_json::from_slice(&gateway.function.events.lock().unwrap()[0]).unwrap();
    assert_eq!(event["requestContext"]["http"]["sourceIp"], "127.0.0.1");
    assert_eq!(event["requestContext"]["http"]["protocol"], "HTTP/1.1");
    assert_eq!(event["requestContext"]["domainName"], "127.0.0.1");
    assert_eq!(event["headers"]["x-forwarded-port"], address.rsplit_once(':').unwrap().1);
    assert_eq!(event["headers"]["host"], address);
}

#[tokio::test]
async fn head_over_the_network_says_the_length_of_what_it_does_not_send() {
    let (_gateway, address) = serve().await;
    let response = client().head(format!("http://{address}/")).send().await.unwrap();
    assert_eq!(response.headers()["content-length"], "5");
}

#[tokio::test]
async fn a_sender_of_too_much_gets_to_its_answer() {
    let (_gateway, address) = serve().await;
    let body = vec![b'a'; 20 * 1024 * 1024];
    let response = client().post(format!("http://{address}/")).body(body).send().await.unwrap();
    assert_eq!(response.status(), 413);
}
