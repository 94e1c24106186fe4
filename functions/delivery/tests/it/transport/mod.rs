//! The real HTTP transport against receivers that behave badly, each on a socket of its own.
//!
//! Nothing waits by the clock on the wall: a test lets its receiver get as far as it should, then pauses time,
//! and tokio moves it to the next timer whenever nothing else is left to do.

mod addresses;
mod bodies;
mod child;
mod heads;
mod http2;
mod posting;
mod silence;
mod surroundings;
mod tls;

use std::net::SocketAddr;

use delivery::ports::{PostEnvelope, PostRequest, Response};
use delivery::{HttpTransport, TransportRules};
use revops_core::retry::NoAnswer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// What every POST here carries.
const BODY: &str = r#"{"a":1}"#;

/// A receiver that hands every connection to `serve`. Its send buffer is small, so that what it gets rid of is
/// about what is read; the kernel would take megabytes on its own account.
async fn receiver<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(8192).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1024).unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// A receiver that reads a request, writes `answer`, and closes.
async fn answering(answer: &'static str) -> SocketAddr {
    receiver(move |mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    })
    .await
}

/// The head and the body of one request, as text.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> String {
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

async fn post_body(transport: &HttpTransport, url: &str, body: &str) -> Result<Response, NoAnswer> {
    let request = PostRequest {
        url: &url.parse().unwrap(),
        webhook_id: "dlv_1",
        timestamp: 1_614_265_330,
        signature: "v1,abc=",
        tracking_id: "t-1",
        body,
    };
    transport.post(&request).await
}

async fn post_to(transport: &HttpTransport, url: &str) -> Result<Response, NoAnswer> {
    post_body(transport, url, BODY).await
}

/// A POST over plain HTTP from a transport that may reach loopback.
async fn post(address: SocketAddr) -> Result<Response, NoAnswer> {
    post_to(&transport(&["127.0.0.0/8"]), &format!("http://{address}/hook?token=t")).await
}

async fn status_of(address: SocketAddr) -> Result<u16, NoAnswer> {
    post(address).await.map(|response| response.status)
}
