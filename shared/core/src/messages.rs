//! What travels between the functions: versioned pointers to records, never texts (SPEC 7).

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::records::Run;
use crate::{DeliveryId, Header, Timestamp, TrackingId};

/// A message on the query queue or on an outbound queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// Answer this conversation's query.
    AnswerQuery(AnswerQuery),
    /// Deliver this conversation's envelope.
    Deliver(Deliver),
}

/// `answer_query`, on the query queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerQuery {
    /// Message version, 1.
    pub v: Version,
    /// The conversation.
    pub tracking_id: TrackingId,
}

/// `deliver`, on an outbound queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliver {
    /// Message version, 1.
    pub v: Version,
    /// The conversation.
    pub tracking_id: TrackingId,
    /// Its delivery.
    pub delivery_id: DeliveryId,
    /// The class whose webhook is called.
    pub header: Header,
    /// Which run of the delivery this message is.
    pub run: Run,
    /// Sent by somebody who found `delivery.json` already there: a copy POSTs only if the run has no
    /// outcome and its last `next_attempt_at`, if any, is over 10 minutes past.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub copy: bool,
    /// Deliver although `deliver_before` has passed: an operator asked for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ignore_deadline: bool,
}

/// The version of every message that this code writes and reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version;

/// The text is not a message that this version understands. It stays in its queue, for a newer version or
/// for a person.
#[derive(Debug, thiserror::Error)]
#[error("not a message of a known type and version")]
pub struct UnknownMessage(#[source] serde_json::Error);

impl Message {
    /// Reads a queue message's body.
    ///
    /// # Errors
    /// Not JSON, of another version, or of an unknown type.
    pub fn parse(body: &str) -> Result<Self, UnknownMessage> {
        // Tagged by hand: serde's own tagging would buffer the body and lose the place of an error.
        #[derive(Deserialize)]
        struct Kind {
            #[serde(rename = "type")]
            kind: String,
        }
        let kind: Kind = serde_json::from_str(body).map_err(UnknownMessage)?;
        match kind.kind.as_str() {
            "answer_query" => serde_json::from_str(body).map(Self::AnswerQuery).map_err(UnknownMessage),
            "deliver" => serde_json::from_str(body).map(Self::Deliver).map_err(UnknownMessage),
            other => Err(UnknownMessage(serde_json::Error::custom(format!("unknown type {other:?}")))),
        }
    }

    /// The message's JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Only strings, numbers and booleans: serialising them cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(1)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            1 => Ok(Self),
            other => Err(D::Error::custom(format!("version {other} is not known here"))),
        }
    }
}

/// What the gateway asks of the manager-agent function: the payload of its invocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskRequest {
    /// Message version, 1.
    pub v: Version,
    /// The conversation whose query is to be answered.
    pub tracking_id: TrackingId,
    /// Names this invocation. Repeated only after Lambda said that the invocation failed.
    pub invocation_token: String,
}

/// What the manager-agent function replies: a pointer, never the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum AskReply {
    /// `answer.json` holds the answer.
    Answered,
    /// `answer.json` holds the final failure.
    Failed,
    /// Somebody else is asking, or a failed try waits for its next one.
    InProgress {
        /// Until then nobody asks; none while somebody is asking.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_at: Option<Timestamp>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELIVER: &str = r#"{"v":1,"type":"deliver","tracking_id":"0198a0a0-0000-7000-8000-000000000000","delivery_id":"dlv_0198a0a0000070008000000000000000","header":"deal_analysis","run":1}"#;

    #[test]
    fn a_message_of_version_1_is_read_and_written_as_specified() {
        let message = Message::parse(DELIVER).unwrap();
        let written: serde_json::Value = serde_json::from_str(&message.to_json()).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(DELIVER).unwrap());
    }

    #[test]
    fn a_message_of_another_version_or_type_is_not_understood() {
        assert!(Message::parse(&DELIVER.replace("\"v\":1", "\"v\":2")).is_err());
        assert!(Message::parse(&DELIVER.replace("deliver\"", "discard\"")).is_err());
        assert!(Message::parse("{}").is_err());
    }

    #[test]
    fn a_reply_points_to_the_record_and_never_carries_the_text() {
        assert_eq!(serde_json::to_string(&AskReply::Answered).unwrap(), r#"{"status":"answered"}"#);
        assert_eq!(
            serde_json::to_string(&AskReply::InProgress { retry_at: None }).unwrap(),
            r#"{"status":"in_progress"}"#
        );
    }
}
