//! `gatewayctl send`.

use std::io::Write;

use reqwest::Method;
use revops_core::Timestamp;
use serde_json::{Value, json};

use super::track;
use crate::args::{Send, Track};
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::target::Target;

/// Asks, and prints the answer, or the tracking id, or the whole story.
pub(crate) async fn run(
    send: &Send,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let body = json!({"source_system": send.source_system, "source_process": send.source_process,
        "timestamp": now().to_string(), "query": send.query});
    let answer = call(target, Method::POST, "/webhook", &headers(send), Some(body.to_string())).await?;
    match answer.status {
        200 | 202 if send.track => {
            let id = answer.body["tracking_id"].as_str().unwrap_or_default().to_owned();
            track::run(&Track { id, watch: true }, target, as_json, out).await
        }
        200 | 202 if as_json => Ok(writeln!(out, "{}", answer.body)?),
        200 => print_answer(&answer.body, out),
        202 => print_promise(&answer.body, out),
        _ => Err(refused(&answer)),
    }
}

fn headers(send: &Send) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if send.asynchronous || send.track {
        headers.push(("prefer", "respond-async".to_owned()));
    }
    if let Some(seconds) = send.wait {
        headers.push(("prefer", format!("wait={seconds}")));
    }
    if let Some(key) = &send.idempotency_key {
        headers.push(("idempotency-key", key.clone()));
    }
    headers
}

fn print_answer(body: &Value, out: &mut impl Write) -> Result<(), CtlError> {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    writeln!(out, "{}\n", text("/ai_response/response_plain").trim_end())?;
    writeln!(out, "  class     {} ({})", text("/ai_response/header"), text("/classification/reason"))?;
    writeln!(
        out,
        "  delivery  {} to {}",
        text("/webhook_delivery/delivery_id"),
        text("/webhook_delivery/target_webhook")
    )?;
    Ok(writeln!(out, "  track     gatewayctl track {}", text("/tracking_id"))?)
}

fn print_promise(body: &Value, out: &mut impl Write) -> Result<(), CtlError> {
    let id = body["tracking_id"].as_str().unwrap_or_default();
    Ok(writeln!(out, "accepted; follow it with: gatewayctl track --watch {id}")?)
}

/// The system's time: a command has no other clock.
#[expect(clippy::disallowed_methods, reason = "a command line program's clock adapter")]
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
