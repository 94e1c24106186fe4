//! `gatewayctl track`: one conversation as a story.

use std::io::Write;
use std::time::Duration;

use reqwest::Method;
use revops_core::TrackingId;
use serde_json::Value;

use crate::args::Track;
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::target::Target;

/// How often `--watch` looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Prints where the conversation stands and how it came there; with `--watch`, what is new, until it ends.
pub(crate) async fn run(
    track: &Track,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let id: TrackingId =
        track.id.parse().map_err(|rule| CtlError::Usage(format!("{:?}: {rule}", track.id)))?;
    let mut shown = 0;
    loop {
        let answer = call(target, Method::GET, &format!("/webhook/{id}"), &[], None).await?;
        if answer.status != 200 {
            return Err(refused(&answer));
        }
        let ended = answer.body.get("outcome").is_some();
        if as_json && (ended || !track.watch) {
            return Ok(writeln!(out, "{}", answer.body)?);
        }
        if !as_json {
            shown = print_news(&answer.body, shown, out)?;
        }
        if ended || !track.watch {
            return print_end(&answer.body, out);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Prints the events after the first `shown`; how many there are now.
fn print_news(conversation: &Value, shown: usize, out: &mut impl Write) -> Result<usize, CtlError> {
    if shown == 0 {
        let text = |name: &str| conversation[name].as_str().unwrap_or_default();
        writeln!(out, "{}  {:?}", text("tracking_id"), text("query"))?;
    }
    let events = conversation["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    for event in events.iter().skip(shown) {
        let text = |name: &str| event[name].as_str().unwrap_or_default();
        writeln!(out, "  {}  {}", text("at"), text("event"))?;
    }
    out.flush()?;
    Ok(events.len())
}

/// What it stands at, and what comes next.
fn print_end(conversation: &Value, out: &mut impl Write) -> Result<(), CtlError> {
    let status = conversation["status"].as_str().unwrap_or_default();
    let next = match status {
        "accepted" => "waits for the manager agent",
        "answering" => "the manager agent is asked again when its next try is due",
        "queued" => "waits for its first attempt",
        "retrying" => "waits for its next attempt",
        "delivered" => "nothing is left to do",
        "failed" => "if the destination refused it, `gatewayctl dlq show ID` says why, and what to do",
        "expired" => "its deadline passed; nothing is left to do",
        _ => "unknown to this version of gatewayctl",
    };
    Ok(writeln!(out, "  {status}: {next}")?)
}
