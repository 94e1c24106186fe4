//! Answers that are wrong before their body begins.

use super::*;

#[tokio::test]
async fn headers_without_end_are_read_to_a_bound() {
    for piece in ["x-more: and more\r\n", "x", "x: y\r\n z\r\n"] {
        let address = receiver(move |mut stream| async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx-more: ").await;
            let pieces = piece.repeat(4096 / piece.len());
            while stream.write_all(pieces.as_bytes()).await.is_ok() {}
        })
        .await;
        assert_eq!(post(address).await, Err(NoAnswer::Connection), "{piece:?}");
    }
}

#[tokio::test]
async fn a_status_line_without_end_is_read_to_a_bound() {
    let address = receiver(|mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 ").await;
        while stream.write_all(&[b'K'; 4096]).await.is_ok() {}
    })
    .await;
    assert_eq!(post(address).await, Err(NoAnswer::Connection));
}

#[tokio::test]
async fn large_headers_within_reason_are_taken() {
    let address = receiver(|mut stream| async move {
        read_request(&mut stream).await;
        let large = "v".repeat(60_000);
        let answer = format!("HTTP/1.1 200 OK\r\nx-large: {large}\r\ncontent-length: 0\r\n\r\n");
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await;
    assert_eq!(status_of(address).await, Ok(200));
}

#[tokio::test]
async fn informational_answers_are_passed_over_until_the_final_one() {
    let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\
                  link: </style.css>\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(status_of(answering(answer).await).await, Ok(201));
}

#[tokio::test]
async fn an_informational_answer_alone_delivers_nothing() {
    let lone = answering("HTTP/1.1 103 Early Hints\r\n\r\n").await;
    assert_eq!(post(lone).await, Err(NoAnswer::Connection));
    let switching =
        answering("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n").await;
    assert_eq!(status_of(switching).await, Ok(101));
}

#[tokio::test]
async fn what_is_no_http_answer_is_a_connection_error() {
    for answer in [
        "",
        "\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 99 Too Small\r\n\r\n",
        "HTTP/1.1 1000 Too Large\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/3.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\ncontent-length: 5",
    ] {
        assert_eq!(post(answering(answer).await).await, Err(NoAnswer::Connection), "{answer:?}");
    }
}

#[tokio::test]
async fn statuses_that_http_does_not_know_are_reported_as_they_are() {
    for status in [299_u16, 499, 599, 600, 999] {
        let address = receiver(move |mut stream| async move {
            read_request(&mut stream).await;
            let answer = format!("HTTP/1.1 {status} What\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        })
        .await;
        assert_eq!(status_of(address).await, Ok(status));
    }
}

#[tokio::test]
async fn a_receiver_that_hangs_up_is_a_connection_error() {
    let silent = receiver(|mut stream| async move {
        read_request(&mut stream).await;
    })
    .await;
    assert_eq!(post(silent).await, Err(NoAnswer::Connection));
    let reset = receiver(|stream| async move {
        // Closing with unread bytes sends a reset.
        let _ = stream.peek(&mut [0]).await;
    })
    .await;
    assert_eq!(post(reset).await, Err(NoAnswer::Connection));
}

#[tokio::test]
async fn a_refused_connection_is_a_connection_error() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(post(nobody).await, Err(NoAnswer::Connection));
}

#[tokio::test]
async fn a_refusal_that_comes_before_the_body_was_read_is_an_answer() {
    let address = receiver(|mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.write_all(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n").await;
        // Keeps the connection, so that no reset overtakes the answer.
        std::future::pending().await
    })
    .await;
    let large = "x".repeat(16 * 1024 * 1024);
    let answered = post_body(&transport(&["127.0.0.0/8"]), &format!("http://{address}/"), &large).await;
    assert_eq!(answered.map(|response| response.status), Ok(413));
}
