//! The story as the gateway tells it to the owner of a key: for whoever cannot read the bucket.

use std::io::Write;

use reqwest::Method;
use revops_core::TrackingId;
use revops_core::text::harmless;
use serde_json::Value;

use super::{LOOK_EVERY, interrupted};
use crate::error::CtlError;
use crate::http::{call, refused};
use crate::interrupt::Interrupt;
use crate::target::Target;

/// Prints where the conversation stands and how it came there; with `watch`, what is new, until it ends.
pub(super) async fn run(
    id: TrackingId,
    watch: bool,
    target: &Target,
    as_json: bool,
    interrupt: &Interrupt,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    target.gateway_url().map_err(|_| nowhere())?;
    let mut shown = 0;
    loop {
        let answer = call(target, Method::GET, &format!("/webhook/{id}"), &[], None).await?;
        if answer.status != 200 {
            return Err(refused(&answer));
        }
        let is_last = answer.body.get("outcome").is_some() || !watch;
        if as_json && is_last {
            return Ok(writeln!(out, "{}", answer.body)?);
        }
        if !as_json {
            shown = print_news(&answer.body, shown, out)?;
        }
        if is_last {
            return print_end(&answer.body, out);
        }
        if !interrupt.sleep(LOOK_EVERY[0]).await {
            return Err(interrupted(id));
        }
    }
}

fn nowhere() -> CtlError {
    CtlError::Usage(
        "set CONVERSATION_EXPORT_S3_BUCKET (and AWS credentials) to read any conversation's records, or \
         GATEWAY_URL and GATEWAY_API_KEY to ask the gateway for one of your own, or use --local for `cargo local`"
            .to_owned(),
    )
}

/// Prints the events after the first `shown`; how many there are now.
fn print_news(conversation: &Value, shown: usize, out: &mut impl Write) -> Result<usize, CtlError> {
    let text = |from: &Value, name: &str| harmless(from[name].as_str().unwrap_or_default());
    if shown == 0 {
        writeln!(out, "{}  {}", text(conversation, "tracking_id"), text(conversation, "query"))?;
    }
    let events = conversation["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    for event in events.iter().skip(shown) {
        writeln!(out, "  {}  {}", text(event, "at"), text(event, "event"))?;
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
        "failed" => "if the destination refused it, its operator can replay it (`gatewayctl dlq show ID`)",
        "expired" => "its deadline passed; nothing is left to do",
        _ => "unknown to this version of gatewayctl",
    };
    writeln!(out, "\n  status  {status}\n  next    {next}")?;
    Ok(writeln!(out, "  (with CONVERSATION_EXPORT_S3_BUCKET set, `track` reads the records and tells why)")?)
}
