//! Callers who repeat a request with the same key until it is answered, as the contract says is safe.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use revops_core::Header;
use serde_json::json;

use super::receiver::PROCESS;
use crate::stack::Stack;

/// How long a caller waits before it repeats a request.
const PAUSE: Duration = Duration::from_millis(200);

/// One caller in so many waits for the answer.
const WAITS: u32 = 4;

/// Asks `conversations` questions, `at_a_time`, and tells of each number's tracking id as it is accepted.
pub(super) async fn ask_all(
    stack: &Stack,
    conversations: u32,
    at_a_time: usize,
    accepted: impl Fn(u32, String),
) {
    let asking =
        stream::iter(0..conversations).map(|number| async move { (number, ask(stack, number).await) });
    asking.buffer_unordered(at_a_time).for_each(async |(number, id)| accepted(number, id)).await;
}

async fn ask(stack: &Stack, number: u32) -> String {
    let body = json!({
        "source_system": format!("system {}", number % 7),
        "source_process": format!("{PROCESS}{number}"),
        "timestamp": "2025-08-13T06:30:00Z",
        "route": Header::ALL[number as usize % Header::ALL.len()],
        "query": format!("What is the deal status for IXIS? ({number})"),
    });
    let key = format!("long-run-{number}");
    let prefer = if number.is_multiple_of(WAITS) { "wait=5" } else { "respond-async" };
    loop {
        let answer = stack.post(&body.to_string(), &[("idempotency-key", &key), ("prefer", prefer)]).await;
        match answer.status {
            200 | 202 => return answer.tracking_id(),
            429 | 500..=599 => tokio::time::sleep(PAUSE).await,
            _ => panic!("conversation {number} is refused: {answer:?}"),
        }
    }
}
