//! The control: hyper's client, connections kept, no time-outs, no signature.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{AT_A_TIME, ENVELOPE};
use crate::conversation::envelope;
use crate::process::own_cpu_time;

/// Processor time of so many requests.
pub(super) async fn post(url: &str, messages: usize) -> io::Result<Duration> {
    let address = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
    let body = Bytes::from(envelope(ENVELOPE));
    let mut connections = Vec::new();
    for _ in 0..AT_A_TIME {
        connections.push(connect(address).await?);
    }
    let before = own_cpu_time();
    let senders =
        connections.iter_mut().map(|sender| one_after_the_other(sender, &body, messages / AT_A_TIME));
    try_join_all(senders).await?;
    Ok(own_cpu_time().saturating_sub(before))
}

async fn connect(address: &str) -> io::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn one_after_the_other(
    sender: &mut SendRequest<Full<Bytes>>,
    body: &Bytes,
    messages: usize,
) -> io::Result<()> {
    for _ in 0..messages {
        let request = Request::post("/general")
            .header("host", "127.0.0.1")
            .header("content-type", "application/json")
            .body(Full::new(body.clone()))
            .map_err(io::Error::other)?;
        sender.ready().await.map_err(io::Error::other)?;
        let answer = sender.send_request(request).await.map_err(io::Error::other)?;
        let ok = answer.status().is_success();
        answer.into_body().collect().await.map_err(io::Error::other)?;
        if !ok {
            return Err(io::Error::other("the receiver refused"));
        }
    }
    Ok(())
}
