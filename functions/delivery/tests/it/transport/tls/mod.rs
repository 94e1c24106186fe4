//! Receivers over TLS: what is trusted, and what is not.
//!
//! The transport trusts what the process is told to trust: these tests run in a child whose `SSL_CERT_FILE`
//! is the certificate of an authority of their own.

pub(super) mod authority;

use std::sync::Arc;

use rustls::ServerConfig;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use super::*;
use authority::{Authority, in_child};

/// A receiver over TLS that answers 200 to everything, and the requests that it got.
async fn tls_receiver(config: ServerConfig) -> (SocketAddr, UnboundedReceiver<String>) {
    let (seen, requests) = unbounded_channel();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let address = receiver(move |stream| {
        let (acceptor, seen) = (acceptor.clone(), seen.clone());
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let connection = stream.get_ref().0.peer_addr().unwrap();
            loop {
                let request = read_request(&mut stream).await;
                if request.is_empty() {
                    break;
                }
                let _ = seen.send(format!("{connection} {request}"));
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            }
        }
    })
    .await;
    (address, requests)
}

fn https(address: SocketAddr) -> String {
    format!("https://{address}/hook")
}

#[test]
fn a_trusted_receiver_is_posted_to_and_its_connection_is_used_again() {
    in_child(
        "transport::tls::a_trusted_receiver_is_posted_to_and_its_connection_is_used_again",
        async |authority| {
            let (address, mut requests) = tls_receiver(authority.serves(authority.good())).await;
            let transport = transport(&["127.0.0.0/8"]);
            let mut connections = std::collections::BTreeSet::new();
            for _ in 0..3 {
                assert_eq!(post_to(&transport, &https(address)).await.unwrap().status, 200);
                let request = requests.recv().await.unwrap();
                let (connection, request) = request.split_once(' ').unwrap();
                assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
                connections.insert(connection.to_owned());
            }
            assert_eq!(connections.len(), 1);
        },
    );
}

#[test]
fn a_receiver_that_cannot_prove_who_it_is_gets_no_bytes() {
    in_child("transport::tls::a_receiver_that_cannot_prove_who_it_is_gets_no_bytes", async |authority| {
        let expired = authority.leaf("127.0.0.1", 2020, 2021);
        let not_yet = authority.leaf("127.0.0.1", 2090, 2091);
        let other_address = authority.leaf("127.0.0.2", 2020, 2090);
        let other_name = authority.leaf("hooks.example.com", 2020, 2090);
        let unknown_issuer = Authority::new().good();
        for (what, leaf) in [
            ("expired", expired),
            ("not valid yet", not_yet),
            ("another address", other_address),
            ("another name", other_name),
            ("signed by itself", authority::self_signed()),
            ("signed by nobody known", unknown_issuer),
        ] {
            let (address, mut requests) = tls_receiver(authority.serves(leaf)).await;
            let answered = post_to(&transport(&["127.0.0.0/8"]), &https(address)).await;
            assert_eq!(answered, Err(NoAnswer::Tls), "{what}");
            assert!(requests.try_recv().is_err(), "{what}");
        }
    });
}

#[test]
fn a_receiver_that_wants_a_certificate_of_ours_is_a_tls_error() {
    in_child(
        "transport::tls::a_receiver_that_wants_a_certificate_of_ours_is_a_tls_error",
        async |authority| {
            for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
                let (address, mut requests) = tls_receiver(authority.wants_a_certificate(version)).await;
                let answered = post_to(&transport(&["127.0.0.0/8"]), &https(address)).await;
                assert_eq!(answered, Err(NoAnswer::Tls), "{version:?}");
                assert!(requests.try_recv().is_err());
            }
        },
    );
}

#[tokio::test]
async fn a_receiver_that_speaks_no_tls_is_a_tls_error() {
    let address = receiver(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.read(&mut [0; 1024]).await;
    })
    .await;
    assert_eq!(post_to(&transport(&["127.0.0.0/8"]), &https(address)).await, Err(NoAnswer::Tls));
}

#[tokio::test]
async fn a_receiver_that_speaks_only_an_old_tls_is_a_tls_error() {
    // Its two ways to say so: an alert (fatal, protocol_version), and a ServerHello of TLS 1.1.
    let alert = b"\x15\x03\x02\x00\x02\x02\x46".to_vec();
    let hello =
        [&b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02"[..], &[7; 32], b"\x00\xc0\x13\x00"].concat();
    for answer in [alert, hello] {
        let address = receiver(move |mut stream| {
            let answer = answer.clone();
            async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
                let _ = stream.read(&mut [0; 4096]).await;
            }
        })
        .await;
        assert_eq!(post_to(&transport(&["127.0.0.0/8"]), &https(address)).await, Err(NoAnswer::Tls));
    }
}

#[tokio::test]
async fn a_handshake_that_is_cut_off_is_a_connection_error() {
    let address = receiver(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
    })
    .await;
    assert_eq!(post_to(&transport(&["127.0.0.0/8"]), &https(address)).await, Err(NoAnswer::Connection));
}
