//! A POST and an answer as they should be, and what an answer's head tells.

use super::*;

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
async fn a_connection_that_was_closed_while_it_was_idle_costs_no_attempt() {
    let address = answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let transport = transport(&["127.0.0.0/8"]);
    for _ in 0..3 {
        assert_eq!(post_to(&transport, &format!("http://{address}/")).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_its_target_gets_no_request() {
    let (seen, mut connections) = tokio::sync::mpsc::unbounded_channel();
    let target = receiver(move |_stream| {
        let _ = seen.send(());
        async {}
    })
    .await;
    for status in [300, 301, 302, 303, 304, 307, 308, 399] {
        let redirecting = receiver(move |mut stream| async move {
            read_request(&mut stream).await;
            let answer = format!(
                "HTTP/1.1 {status} Elsewhere\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n"
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        })
        .await;
        assert_eq!(status_of(redirecting).await, Ok(status));
    }
    assert!(connections.try_recv().is_err());
}

#[tokio::test]
async fn retry_after_and_the_start_of_the_body_are_reported() {
    let answer = "HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 9\r\n\r\ntry later";
    let expected = Response { status: 503, retry_after: Some("120".into()), excerpt: "try later".into() };
    assert_eq!(post(answering(answer).await).await, Ok(expected));
}

#[tokio::test]
async fn of_several_retry_after_the_first_is_reported_and_one_that_is_no_text_is_not() {
    let answer = "HTTP/1.1 503 Busy\r\nretry-after: 7\r\nretry-after: 9\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(post(answering(answer).await).await.unwrap().retry_after.as_deref(), Some("7"));
    let answer = "HTTP/1.1 503 Busy\r\nretry-after: sp\u{e4}ter\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(post(answering(answer).await).await.unwrap().retry_after, None);
}

#[tokio::test]
async fn a_post_that_a_kept_connection_swallowed_is_not_repeated_behind_the_schedule_s_back() {
    let (seen, mut requests) = tokio::sync::mpsc::unbounded_channel();
    let address = receiver(move |mut stream| {
        let seen = seen.clone();
        async move {
            let _ = seen.send(read_request(&mut stream).await);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            // The next one is taken, and perhaps acted upon, without an answer.
            let _ = seen.send(read_request(&mut stream).await);
        }
    })
    .await;
    let (transport, url) = (transport(&["127.0.0.0/8"]), format!("http://{address}/"));
    assert_eq!(post_to(&transport, &url).await.unwrap().status, 200);
    assert_eq!(post_to(&transport, &url).await, Err(NoAnswer::Connection));
    let (first, second) = (requests.recv().await.unwrap(), requests.recv().await.unwrap());
    assert!(first == second && !second.is_empty());
    assert!(requests.try_recv().is_err());
}
