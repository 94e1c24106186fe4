//! Where the transport does not go.

use super::*;

/// A receiver on loopback, and who knocked.
async fn guarded() -> (u16, tokio::sync::mpsc::UnboundedReceiver<()>) {
    let (seen, connections) = tokio::sync::mpsc::unbounded_channel();
    let address = receiver(move |_stream| {
        let _ = seen.send(());
        async {}
    })
    .await;
    (address.port(), connections)
}

#[tokio::test]
async fn no_spelling_of_a_private_address_gets_a_byte() {
    let (port, mut connections) = guarded().await;
    let strict = transport(&[]);
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "0x7f.1",
        "0x7F000001",
        "0x7f.0x0.0x0.0x1",
        "%31%32%37.0.0.1",
        "127%2e0%2e0%2e1",
        "①②⑦.0.0.1",
        "１２７.０.０.１",
        "127。0。0。1",
        "0",
        "0.0.0.0",
        "hooks.example.com@127.0.0.1",
        "user:password@127.0.0.1",
        "8.8.8.8%40@127.0.0.1",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "localhost",
        "LOCALHOST",
        "localh%6fst",
    ] {
        let refused = post_to(&strict, &format!("http://{host}:{port}/")).await;
        assert_eq!(refused, Err(NoAnswer::BlockedAddress), "{host}");
    }
    // Not every resolver knows this one.
    assert!(post_to(&strict, &format!("http://localhost.:{port}/")).await.is_err());
    assert!(connections.try_recv().is_err());
}

#[test]
fn what_is_no_url_cannot_be_configured() {
    for url in [
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://256.0.0.1/",
        "http://127.0.0.1.2.3/",
        "http://0x100000000/",
        "http://08.0.0.1/",
        "http://127.0.0.1%00.example.com/",
        "http:///",
        "http://exa mple.com/",
    ] {
        assert!(url.parse::<url::Url>().is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_listed_network_is_reached_and_no_other() {
    let address = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let url = format!("http://{address}/");
    assert!(post_to(&transport(&["127.0.0.1/32"]), &url).await.is_ok());
    assert_eq!(
        post_to(&transport(&["127.0.0.2/32", "10.0.0.0/8"]), &url).await,
        Err(NoAnswer::BlockedAddress)
    );
}

#[tokio::test]
async fn a_scheme_that_is_not_allowed_gets_no_bytes() {
    let (port, mut connections) = guarded().await;
    let rules = TransportRules { allowed_private: vec!["127.0.0.0/8".parse().unwrap()], allow_http: false };
    let https_only = HttpTransport::new(&rules).unwrap();
    let refused = post_to(&https_only, &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(refused, Err(NoAnswer::BlockedAddress));
    assert!(connections.try_recv().is_err());
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_dns_error() {
    assert_eq!(post_to(&transport(&[]), "http://no-such-name.invalid/").await, Err(NoAnswer::Dns));
}
