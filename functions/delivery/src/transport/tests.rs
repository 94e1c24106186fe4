//! Names that change their minds, through the real connector: what was checked is what is connected to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::guard::Lookup;
use super::*;

/// Only this address may be reached, as if it were the only public one.
const PUBLIC: &str = "127.0.0.1";

/// Answers the first question with the first list of addresses, and so on.
#[derive(Clone)]
struct Scripted(Arc<(Vec<&'static [&'static str]>, AtomicUsize)>);

impl Lookup for Scripted {
    async fn addresses(&self, _name: String) -> io::Result<Vec<IpAddr>> {
        let (answers, asked) = &*self.0;
        match answers.get(asked.fetch_add(1, Ordering::SeqCst)) {
            Some(answer) => Ok(answer.iter().map(|ip| ip.parse().unwrap()).collect()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// A resolver that never answers.
#[derive(Clone, Copy)]
struct Silent;

impl Lookup for Silent {
    async fn addresses(&self, _name: String) -> io::Result<Vec<IpAddr>> {
        std::future::pending().await
    }
}

/// A transport whose resolver answers by script, and the number of questions so far.
fn scripted(answers: &[&'static [&'static str]]) -> (HttpTransport, impl Fn() -> usize) {
    let lookup = Scripted(Arc::new((answers.to_vec(), AtomicUsize::new(0))));
    let asked = lookup.0.clone();
    (resolving_by(lookup), move || asked.1.load(Ordering::SeqCst))
}

fn resolving_by(lookup: impl Lookup) -> HttpTransport {
    let allowed_private = vec![PUBLIC.parse::<IpAddr>().unwrap().into()];
    HttpTransport::resolving_by(lookup, &TransportRules { allowed_private, allow_http: true }).unwrap()
}

/// A receiver on `address` that answers 200 with `header`, and every connection that it saw.
async fn receiver(address: SocketAddr, header: &'static str) -> (u16, UnboundedReceiver<()>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (seen, connections) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = seen.send(());
            tokio::spawn(async move {
                while stream.read(&mut [0; 4096]).await.is_ok_and(|count| count > 0) {
                    let answer = format!("HTTP/1.1 200 OK\r\n{header}\r\ncontent-length: 0\r\n\r\n");
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    (port, connections)
}

async fn public_receiver(header: &'static str) -> (u16, UnboundedReceiver<()>) {
    receiver((PUBLIC.parse::<IpAddr>().unwrap(), 0).into(), header).await
}

async fn post(transport: &HttpTransport, port: u16) -> Result<u16, NoAnswer> {
    let request = PostRequest {
        url: &format!("http://hooks.example.com:{port}/").parse().unwrap(),
        webhook_id: "dlv_1",
        timestamp: 1_614_265_330,
        signature: "v1,abc=",
        tracking_id: "t-1",
        body: "{}",
    };
    transport.post(&request).await.map(|response| response.status)
}

#[tokio::test]
async fn a_rebinding_name_is_judged_anew_for_every_connection_and_asked_once_for_each() {
    let (port, mut connections) = public_receiver("connection: close").await;
    let (transport, asked) = scripted(&[&[PUBLIC], &["169.254.169.254"], &[PUBLIC]]);
    assert_eq!(post(&transport, port).await, Ok(200));
    assert_eq!(asked(), 1, "a second answer could be another one");
    assert_eq!(post(&transport, port).await, Err(NoAnswer::BlockedAddress));
    assert_eq!(post(&transport, port).await, Ok(200));
    assert_eq!(asked(), 3);
    assert!(connections.recv().await.is_some() && connections.recv().await.is_some());
    assert!(connections.try_recv().is_err());
}

#[tokio::test]
async fn what_is_connected_to_is_the_address_that_was_checked_and_no_other() {
    let (port, mut checked) = public_receiver("connection: close").await;
    let (_, mut other) = receiver(SocketAddr::new("127.0.0.2".parse().unwrap(), port), "x: y").await;
    let (transport, _) = scripted(&[&[PUBLIC], &["127.0.0.2"]]);
    assert_eq!(post(&transport, port).await, Ok(200));
    assert_eq!(post(&transport, port).await, Err(NoAnswer::BlockedAddress));
    assert!(checked.try_recv().is_ok() && checked.try_recv().is_err());
    assert!(other.try_recv().is_err());
}

#[tokio::test]
async fn one_bad_address_among_good_ones_refuses_the_name_and_none_is_connected_to() {
    for answer in [
        &[PUBLIC, "10.0.0.1"][..],
        &["10.0.0.1", PUBLIC],
        &[PUBLIC, "::ffff:169.254.169.254"],
        &[PUBLIC, "64:ff9b::a9fe:a9fe"],
        &[PUBLIC, "fe80::1"],
        &[PUBLIC, PUBLIC, PUBLIC, "127.0.0.2"],
    ] {
        let (port, mut connections) = public_receiver("connection: close").await;
        let (transport, _) = scripted(&[answer]);
        assert_eq!(post(&transport, port).await, Err(NoAnswer::BlockedAddress), "{answer:?}");
        assert!(connections.try_recv().is_err(), "{answer:?}");
    }
}

#[tokio::test]
async fn a_kept_connection_stays_with_the_address_that_was_checked() {
    let (port, mut connections) = public_receiver("x: y").await;
    let (transport, asked) = scripted(&[&[PUBLIC], &["169.254.169.254"]]);
    assert_eq!(post(&transport, port).await, Ok(200));
    assert_eq!(post(&transport, port).await, Ok(200));
    assert_eq!(asked(), 1);
    assert!(connections.recv().await.is_some() && connections.try_recv().is_err());
}

#[tokio::test]
async fn a_name_without_addresses_and_one_that_cannot_be_resolved_are_dns_errors() {
    let (transport, _) = scripted(&[&[]]);
    assert_eq!(post(&transport, 80).await, Err(NoAnswer::Dns));
    assert_eq!(post(&transport, 80).await, Err(NoAnswer::Dns));
}

#[tokio::test(start_paused = true)]
async fn a_resolver_that_is_silent_counts_as_a_connection_that_takes_too_long() {
    let started = Instant::now();
    assert_eq!(post(&resolving_by(Silent), 80).await, Err(NoAnswer::TimedOut));
    assert_eq!(started.elapsed().as_secs(), CONNECT.as_secs());
    assert_eq!(CONNECT, Duration::from_secs(5));
}
