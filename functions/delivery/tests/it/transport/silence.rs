//! Receivers that keep one waiting: 5 s for a connection, 15 s in all, by paused time.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::*;

/// How a POST to `url` ends and how long it takes, when time is paused as soon as `ready` says so.
async fn outcome(url: &str, body: &str, mut ready: mpsc::Receiver<()>) -> (Result<u16, NoAnswer>, Duration) {
    let transport = transport(&["127.0.0.0/8"]);
    let started = Instant::now();
    let pausing = async {
        ready.recv().await;
        tokio::time::pause();
    };
    let (answered, ()) = tokio::join!(post_body(&transport, url, body), pausing);
    (answered.map(|response| response.status), started.elapsed())
}

fn is_about(elapsed: Duration, seconds: u64) -> bool {
    // What really passed until time was paused comes on top.
    (Duration::from_secs(seconds)..Duration::from_secs(seconds + 2)).contains(&elapsed)
}

#[tokio::test]
async fn a_receiver_that_never_answers_times_out_after_fifteen_seconds() {
    let (ready, when_ready) = mpsc::channel(1);
    let hanging = receiver(move |mut stream| {
        let ready = ready.clone();
        async move {
            read_request(&mut stream).await;
            let _ = ready.send(()).await;
            std::future::pending().await
        }
    })
    .await;
    let (result, elapsed) = outcome(&format!("http://{hanging}/"), BODY, when_ready).await;
    assert_eq!(result, Err(NoAnswer::TimedOut));
    assert!(is_about(elapsed, 15), "{elapsed:?}");
}

#[tokio::test]
async fn a_receiver_that_does_not_read_times_out_after_fifteen_seconds() {
    let (ready, when_ready) = mpsc::channel(1);
    let deaf = receiver(move |mut stream| {
        let ready = ready.clone();
        async move {
            let _ = stream.read(&mut [0; 16]).await;
            let _ = ready.send(()).await;
            std::future::pending().await
        }
    })
    .await;
    // More than the buffers of both sockets hold.
    let large = "x".repeat(32 * 1024 * 1024);
    let (result, elapsed) = outcome(&format!("http://{deaf}/"), &large, when_ready).await;
    assert_eq!(result, Err(NoAnswer::TimedOut));
    assert!(is_about(elapsed, 15), "{elapsed:?}");
}

#[tokio::test]
async fn a_head_that_trickles_times_out_after_fifteen_seconds() {
    for dripping in ["x", "x: y\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
        let address = receiver(move |mut stream| async move {
            read_request(&mut stream).await;
            let start = if dripping.starts_with("HTTP") { "" } else { "HTTP/1.1 200 OK\r\nx: " };
            let _ = stream.write_all(start.as_bytes()).await;
            while stream.write_all(dripping.as_bytes()).await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        })
        .await;
        tokio::time::pause();
        let started = Instant::now();
        assert_eq!(post(address).await, Err(NoAnswer::TimedOut), "{dripping:?}");
        assert!(is_about(started.elapsed(), 15), "{:?}", started.elapsed());
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_tls_handshake_that_hangs_times_out_after_five_seconds() {
    let (ready, when_ready) = mpsc::channel(1);
    let hanging = receiver(move |mut stream| {
        let ready = ready.clone();
        async move {
            let _ = stream.read(&mut [0; 16]).await;
            let _ = ready.send(()).await;
            std::future::pending().await
        }
    })
    .await;
    let (result, elapsed) = outcome(&format!("https://{hanging}/"), BODY, when_ready).await;
    assert_eq!(result, Err(NoAnswer::TimedOut));
    assert!(is_about(elapsed, 5), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_answers_no_packet_times_out_after_five_seconds() {
    // A listener whose backlog is full lets further packets fall on the floor.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    let patience = Duration::from_secs(1);
    while let Ok(Ok(stream)) = tokio::time::timeout(patience, TcpStream::connect(address)).await {
        waiting.push(stream);
    }
    let started = Instant::now();
    assert_eq!(post(address).await, Err(NoAnswer::TimedOut));
    assert!(is_about(started.elapsed(), 5), "{:?}", started.elapsed());
}
