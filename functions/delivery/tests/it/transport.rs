//! The real HTTP transport against receivers that behave badly, each on a socket of its own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use delivery::ports::{PostEnvelope, PostRequest, Response};
use delivery::{HttpTransport, TransportRules};
use revops_core::retry::NoAnswer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A receiver that hands every connection to `serve`.
async fn receiver<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// A receiver that reads a request and writes `answer`.
async fn answering(answer: &'static str) -> SocketAddr {
    receiver(move |mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    })
    .await
}

/// The head and the body of one request, as text.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    let mut buffer = [0; 4096];
    while !got.ends_with(b"\r\n\r\n{\"a\":1}") {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(count) => got.extend_from_slice(&buffer[..count]),
        }
    }
    String::from_utf8_lossy(&got).into_owned()
}

fn transport(allowed: &[&str]) -> HttpTransport {
    let allowed_private = allowed.iter().map(|net| net.parse().unwrap()).collect();
    HttpTransport::new(&TransportRules { allowed_private, allow_http: true }).unwrap()
}

async fn post_to(transport: &HttpTransport, url: &str) -> Result<Response, NoAnswer> {
    let request = PostRequest {
        url: &url.parse().unwrap(),
        webhook_id: "dlv_1",
        timestamp: 1_614_265_330,
        signature: "v1,abc=",
        tracking_id: "t-1",
        body: r#"{"a":1}"#,
    };
    transport.post(&request).await
}

async fn post(address: SocketAddr) -> Result<Response, NoAnswer> {
    post_to(&transport(&["127.0.0.0/8"]), &format!("http://{address}/hook?token=t")).await
}

#[tokio::test]
async fn a_post_carries_the_headers_of_standard_webhooks_and_the_body_as_it_is() {
    let (seen, mut request) = tokio::sync::mpsc::unbounded_channel();
    let address = receiver(move |mut stream| {
        let seen = seen.clone();
        async move {
            let _ = seen.send(read_request(&mut stream).await);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        }
    })
    .await;
    assert_eq!(post(address).await, Ok(Response { status: 204, ..Response::default() }));
    let request = request.recv().await.unwrap();
    assert!(request.starts_with("POST /hook?token=t HTTP/1.1\r\n"), "{request}");
    let version = concat!("user-agent: revops-webhook-gateway/", env!("CARGO_PKG_VERSION"), "\r\n");
    for line in [
        "content-type: application/json\r\n",
        "webhook-id: dlv_1\r\n",
        "webhook-timestamp: 1614265330\r\n",
        "webhook-signature: v1,abc=\r\n",
        "x-tracking-id: t-1\r\n",
        version,
    ] {
        assert!(request.contains(line), "{line} is missing from {request}");
    }
    assert!(request.ends_with("\r\n\r\n{\"a\":1}"));
}

#[tokio::test]
async fn connections_are_used_again() {
    let (opened, mut connections) = tokio::sync::mpsc::unbounded_channel();
    let address = receiver(move |mut stream| {
        let _ = opened.send(());
        async move {
            while !read_request(&mut stream).await.is_empty() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    let transport = transport(&["127.0.0.0/8"]);
    for _ in 0..3 {
        assert_eq!(post_to(&transport, &format!("http://{address}/")).await.unwrap().status, 200);
    }
    assert!(connections.recv().await.is_some() && connections.try_recv().is_err());
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let answer =
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(post(answering(answer).await).await.unwrap().status, 307);
}

#[tokio::test]
async fn retry_after_and_the_start_of_the_body_are_reported() {
    let answer = "HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 9\r\n\r\ntry later";
    let response = post(answering(answer).await).await.unwrap();
    assert_eq!(
        response,
        Response { status: 503, retry_after: Some("120".into()), excerpt: "try later".into() }
    );
}

#[tokio::test]
async fn a_body_without_end_is_read_to_a_bound_and_one_kib_is_kept() {
    let address = receiver(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 500 Oops\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
    })
    .await;
    let started = Instant::now();
    let response = post(address).await.unwrap();
    assert_eq!((response.status, response.excerpt.len()), (500, 1024));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_2xx_is_delivered_even_when_its_body_trickles_or_is_shorter_than_it_claims() {
    let trickling = receiver(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
    .await;
    let started = Instant::now();
    assert_eq!(post(trickling).await.unwrap().status, 200);
    assert!(started.elapsed() < Duration::from_secs(5));
    let lying = answering("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort").await;
    assert_eq!(post(lying).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_receiver_that_hangs_up_or_speaks_no_http_is_a_connection_error() {
    let silent = receiver(|mut stream| async move {
        read_request(&mut stream).await;
    })
    .await;
    assert_eq!(post(silent).await, Err(NoAnswer::Connection));
    let reset = receiver(|stream| async move {
        // Closing with unread bytes sends a reset.
        let mut byte = [0];
        let _ = stream.peek(&mut byte).await;
    })
    .await;
    assert_eq!(post(reset).await, Err(NoAnswer::Connection));
    assert_eq!(post(answering("SSH-2.0-OpenSSH_9.2\r\n").await).await, Err(NoAnswer::Connection));
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(post(nobody).await, Err(NoAnswer::Connection));
}

#[tokio::test]
async fn a_receiver_that_never_answers_times_out_after_fifteen_seconds() {
    let hanging = receiver(|mut stream| async move {
        read_request(&mut stream).await;
        std::future::pending().await
    })
    .await;
    let started = Instant::now();
    assert_eq!(post(hanging).await, Err(NoAnswer::TimedOut));
    assert!((14..=17).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_receiver_that_speaks_no_tls_is_a_tls_error() {
    let address = receiver(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.read(&mut [0; 1024]).await;
    })
    .await;
    let transport = transport(&["127.0.0.0/8"]);
    assert_eq!(post_to(&transport, &format!("https://{address}/")).await, Err(NoAnswer::Tls));
}

#[tokio::test]
async fn a_private_address_is_refused_and_gets_no_bytes() {
    let (seen, mut connections) = tokio::sync::mpsc::unbounded_channel();
    let address = receiver(move |_stream| {
        let _ = seen.send(());
        async {}
    })
    .await;
    let strict = transport(&[]);
    let port = address.port();
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let refused = post_to(&strict, &format!("http://{host}:{port}/")).await;
        assert_eq!(refused, Err(NoAnswer::BlockedAddress), "{host}");
    }
    assert!(connections.try_recv().is_err());
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_dns_error() {
    assert_eq!(post_to(&transport(&[]), "http://no-such-name.invalid/").await, Err(NoAnswer::Dns));
}
