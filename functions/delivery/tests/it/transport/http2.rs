//! HTTP/2, which a receiver over TLS chooses by ALPN.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Request, Response as Answer, Version};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use super::tls::authority::{Authority, in_child};
use super::*;

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// A receiver that speaks HTTP/2 and answers by `answer`, whose error resets the stream; and from where, by which
/// version it was asked.
async fn http2_receiver(
    authority: &Authority,
    answer: impl Fn() -> io::Result<Answer<Body>> + Clone + Send + 'static,
) -> (SocketAddr, UnboundedReceiver<(SocketAddr, Version)>) {
    let (seen, requests) = unbounded_channel();
    let mut config = authority.serves(authority.good());
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let address = receiver(move |stream| {
        let (acceptor, seen, answer) = (acceptor.clone(), seen.clone(), answer.clone());
        async move {
            let from = stream.peer_addr().unwrap();
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                let _ = seen.send((from, request.version()));
                std::future::ready(answer())
            });
            let http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            let _ = http2.serve_connection(TokioIo::new(stream), service).await;
        }
    })
    .await;
    (address, requests)
}

fn short(status: u16, text: &'static str) -> Answer<Body> {
    let body = Full::new(Bytes::from_static(text.as_bytes())).boxed_unsync();
    Answer::builder().status(status).header("retry-after", "7").body(body).unwrap()
}

#[test]
fn a_receiver_that_offers_http_2_gets_it_and_its_connection_is_used_again() {
    let name = "transport::http2::a_receiver_that_offers_http_2_gets_it_and_its_connection_is_used_again";
    in_child(name, async |authority| {
        let (address, mut requests) = http2_receiver(authority, || Ok(short(503, "try later"))).await;
        let transport = transport(&["127.0.0.0/8"]);
        let mut connections = BTreeSet::new();
        for _ in 0..3 {
            let response = post_to(&transport, &format!("https://{address}/hook")).await.unwrap();
            let expected =
                Response { status: 503, retry_after: Some("7".into()), excerpt: "try later".into() };
            assert_eq!(response, expected);
            let (from, version) = requests.recv().await.unwrap();
            assert_eq!(version, Version::HTTP_2);
            connections.insert(from);
        }
        assert_eq!(connections.len(), 1);
    });
}

#[test]
fn posts_at_one_time_share_a_connection_over_http_2() {
    let name = "transport::http2::posts_at_one_time_share_a_connection_over_http_2";
    in_child(name, async |authority| {
        let (address, mut requests) = http2_receiver(authority, || Ok(short(200, ""))).await;
        let (transport, url) = (transport(&["127.0.0.0/8"]), format!("https://{address}/"));
        assert_eq!(post_to(&transport, &url).await.unwrap().status, 200);
        let (one, two, three) =
            tokio::join!(post_to(&transport, &url), post_to(&transport, &url), post_to(&transport, &url));
        assert!([one, two, three].into_iter().all(|answered| answered.unwrap().status == 200));
        let mut connections = BTreeSet::new();
        while let Ok((from, _)) = requests.try_recv() {
            connections.insert(from);
        }
        assert_eq!(connections.len(), 1);
    });
}

#[test]
fn a_body_without_end_is_read_to_a_bound_over_http_2_too() {
    let name = "transport::http2::a_body_without_end_is_read_to_a_bound_over_http_2_too";
    in_child(name, async |authority| {
        let served = Arc::new(AtomicUsize::new(0));
        let count = served.clone();
        let endless = move || {
            let count = count.clone();
            let pieces = futures_util::stream::repeat_with(move || {
                count.fetch_add(8192, Ordering::SeqCst);
                Ok::<_, Infallible>(Frame::data(Bytes::from_static(&[b'x'; 8192])))
            });
            Ok(Answer::builder().status(500).body(StreamBody::new(pieces).boxed_unsync()).unwrap())
        };
        let (address, _requests) = http2_receiver(authority, endless).await;
        let transport = transport(&["127.0.0.0/8"]);
        let response = post_to(&transport, &format!("https://{address}/")).await.unwrap();
        assert_eq!((response.status, response.excerpt.len()), (500, 1024));
        // The receiver's own send buffer is most of it.
        let served = served.load(Ordering::SeqCst);
        assert!(served < 1024 * 1024, "{served} bytes were taken");
        // And the connection is as good as before.
        assert_eq!(post_to(&transport, &format!("https://{address}/")).await.unwrap().status, 500);
    });
}

#[test]
fn headers_beyond_reason_are_refused_over_http_2_too() {
    let name = "transport::http2::headers_beyond_reason_are_refused_over_http_2_too";
    in_child(name, async |authority| {
        let (address, _requests) = http2_receiver(authority, || {
            let mut answer = short(200, "");
            for number in 0..1_000 {
                let name: http::HeaderName = format!("x-{number}").parse().unwrap();
                answer.headers_mut().insert(name, "v".repeat(1_000).parse().unwrap());
            }
            Ok(answer)
        })
        .await;
        let answered = post_to(&transport(&["127.0.0.0/8"]), &format!("https://{address}/")).await;
        assert_eq!(answered, Err(NoAnswer::Connection));
    });
}

#[test]
fn a_stream_that_is_reset_is_a_connection_error_and_spoils_nothing_but_itself() {
    let name = "transport::http2::a_stream_that_is_reset_is_a_connection_error_and_spoils_nothing_but_itself";
    in_child(name, async |authority| {
        let asked = Arc::new(AtomicUsize::new(0));
        let first_is_reset = move || match asked.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::ErrorKind::Other.into()),
            _ => Ok(short(200, "")),
        };
        let (address, mut requests) = http2_receiver(authority, first_is_reset).await;
        let (transport, url) = (transport(&["127.0.0.0/8"]), format!("https://{address}/"));
        assert_eq!(post_to(&transport, &url).await, Err(NoAnswer::Connection));
        assert_eq!(post_to(&transport, &url).await.unwrap().status, 200);
        let (first, second) = (requests.recv().await.unwrap(), requests.recv().await.unwrap());
        assert_eq!(first, second, "both on one connection");
        // One POST is one request: the attempt that failed was not repeated behind the schedule's back.
        assert!(requests.try_recv().is_err());
    });
}

#[test]
fn a_receiver_that_agrees_on_http_2_and_speaks_something_else_is_a_connection_error() {
    let name =
        "transport::http2::a_receiver_that_agrees_on_http_2_and_speaks_something_else_is_a_connection_error";
    in_child(name, async |authority| {
        let mut config = authority.serves(authority.good());
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let address = receiver(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
                let _ = stream.read(&mut [0; 4096]).await;
            }
        })
        .await;
        let answered = post_to(&transport(&["127.0.0.0/8"]), &format!("https://{address}/")).await;
        assert_eq!(answered, Err(NoAnswer::Connection));
    });
}
