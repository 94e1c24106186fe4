//! A conversation's messages as they are sent, by the functions and by whoever repairs after them.

use std::time::Duration;

use crate::auth::sha256_hex;
use crate::messages::{AnswerQuery, Deliver, Message, Version};
use crate::ports::OutgoingMessage;
use crate::records::{DeliveryRecord, QueryRecord, Run};

/// How long a copy waits: by then the original's first attempt is over or recorded (SPEC 2.1).
const COPY_DELAY: Duration = Duration::from_secs(20);

/// "Answer this query", for the query queue.
#[must_use]
pub fn answer_query(query: &QueryRecord) -> OutgoingMessage {
    let message = AnswerQuery { v: Version, tracking_id: query.tracking_id };
    let group = fair_group(&query.caller, &query.source_system);
    OutgoingMessage {
        body: Message::AnswerQuery(message).to_json(),
        group: Some(group),
        ..OutgoingMessage::default()
    }
}

/// "Deliver this", for the queue of the delivery's target. A copy is for whoever found the delivery stored:
/// it waits, and delivers only what nobody else does.
#[must_use]
pub fn deliver(delivery: &DeliveryRecord, copy: bool) -> OutgoingMessage {
    let message = Message::Deliver(Deliver {
        v: Version,
        tracking_id: delivery.tracking_id,
        delivery_id: delivery.delivery_id.clone(),
        header: delivery.target,
        run: Run::FIRST,
        copy,
        ignore_deadline: false,
    });
    // DelaySeconds is divided by a scaled stack like every other wait.
    let delay = if copy { COPY_DELAY } else { Duration::ZERO };
    OutgoingMessage { body: message.to_json(), delay, ..OutgoingMessage::default() }
}

/// The fair-queue group of a caller's source system: one noisy system does not delay the others. Hashed,
/// since SQS allows fewer characters in a group's name than a source system may have.
fn fair_group(caller: &str, source_system: &str) -> String {
    sha256_hex(format!("{}:{caller}{source_system}", caller.len()).as_bytes())
}
