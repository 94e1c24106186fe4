//! Bodies that never end, trickle, lie about their length or break off: the status has told what the answer
//! means, and nobody reads more than 16 KiB of the rest.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::*;

/// What was read and what the buffers of both sockets hold.
const ABOUT_NOTHING: usize = 512 * 1024;

/// A receiver that writes `head`, then a body for as long as it is taken, and counts what it got rid of. The
/// second part resolves when it has given up.
async fn endless(head: &'static str) -> (SocketAddr, Arc<AtomicUsize>, tokio::sync::mpsc::Receiver<()>) {
    let served = Arc::new(AtomicUsize::new(0));
    let (gave_up, given_up) = tokio::sync::mpsc::channel(1);
    let count = served.clone();
    let address = receiver(move |mut stream| {
        let (count, gave_up) = (count.clone(), gave_up.clone());
        async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(head.as_bytes()).await;
            while let Ok(written) = stream.write(&[b'x'; 8192]).await {
                count.fetch_add(written, Ordering::SeqCst);
            }
            let _ = gave_up.send(()).await;
        }
    })
    .await;
    (address, served, given_up)
}

/// A receiver that writes `head`, then a byte every 200 ms.
async fn trickling(head: &'static str) -> SocketAddr {
    receiver(move |mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(head.as_bytes()).await;
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_body_without_end_is_read_to_a_bound_and_one_kib_is_kept() {
    for head in ["HTTP/1.1 500 Oops\r\n\r\n", "HTTP/1.1 500 Oops\r\ncontent-length: 99999999999\r\n\r\n"] {
        let (address, served, mut given_up) = endless(head).await;
        let response = post(address).await.unwrap();
        assert_eq!((response.status, response.excerpt.len()), (500, 1024));
        // That the receiver cannot write any more is how it learns that nobody reads.
        assert_eq!(given_up.recv().await, Some(()));
        let served = served.load(Ordering::SeqCst);
        assert!(served < ABOUT_NOTHING, "{served} bytes were taken");
    }
}

#[tokio::test]
async fn a_2xx_is_delivered_whatever_its_body_does() {
    let (address, served, mut given_up) = endless("HTTP/1.1 200 OK\r\n\r\n").await;
    assert_eq!(status_of(address).await, Ok(200));
    assert_eq!(given_up.recv().await, Some(()));
    assert!(served.load(Ordering::SeqCst) < ABOUT_NOTHING);
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a chunk\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nand yet a body",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",
        "HTTP/1.1 204 No Content\r\n\r\nand yet a body",
    ] {
        let response = post(answering(answer).await).await.unwrap();
        assert_eq!((response.status / 100, response.excerpt.as_str()), (2, ""), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_2xx_whose_body_trickles_is_delivered_after_a_second() {
    let address = trickling("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await;
    let started = Instant::now();
    assert_eq!(status_of(address).await, Ok(200));
    assert!(started.elapsed() <= Duration::from_millis(1_250), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_whose_body_trickles_is_known_within_fifteen_seconds() {
    let address = trickling("HTTP/1.1 503 Busy\r\nretry-after: 7\r\n\r\n").await;
    let started = Instant::now();
    let response = post(address).await.unwrap();
    assert_eq!((response.status, response.retry_after.as_deref()), (503, Some("7")));
    assert!(response.excerpt.starts_with("xxxx"), "{}", response.excerpt);
    assert!(started.elapsed() <= Duration::from_millis(15_250), "{:?}", started.elapsed());
}

#[tokio::test]
async fn of_a_body_that_is_cut_off_what_came_is_kept() {
    let short = answering("HTTP/1.1 503 Busy\r\ncontent-length: 1000\r\n\r\nfirst words").await;
    assert_eq!(post(short).await.unwrap().excerpt, "first words");
    let reset = receiver(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 503 Busy\r\ncontent-length: 1000\r\n\r\nfirst words").await;
        let _ = stream.set_zero_linger();
    })
    .await;
    let response = post(reset).await.unwrap();
    assert_eq!(response.status, 503);
    assert!("first words".starts_with(&response.excerpt), "{}", response.excerpt);
}

#[tokio::test]
async fn a_body_that_is_no_text_is_kept_as_far_as_it_can_be_shown() {
    let address = receiver(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\na\xff\x00b").await;
    })
    .await;
    assert_eq!(post(address).await.unwrap().excerpt, "a\u{fffd}\u{0}b");
}
