//! Messages as the store takes and gives them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Message attributes by name.
pub(crate) type Attributes = BTreeMap<String, MessageAttribute>;

/// One message attribute. It has the shape of the API, which is also how the database keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MessageAttribute {
    /// `String`, `Number` or `Binary`, perhaps with a label after a dot.
    pub(crate) data_type: String,
    /// Value of a string or a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) string_value: Option<String>,
    /// Value of a binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) binary_value: Option<Binary>,
}

impl MessageAttribute {
    /// Bytes that count towards the size of a message, without the name.
    pub(crate) fn size(&self) -> usize {
        self.data_type.len()
            + self.string_value.as_ref().map_or(0, String::len)
            + self.binary_value.as_ref().map_or(0, |binary| binary.as_slice().len())
    }
}

/// Bytes that are base64 in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binary(Vec<u8>);

impl Binary {
    #[cfg(test)]
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A message that passed the API's checks and is to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    /// Id that the sender gets back.
    pub(crate) message_id: String,
    /// The text.
    pub(crate) body: String,
    /// What the sender attached.
    pub(crate) attributes: Attributes,
    /// `AWSTraceHeader`, the one system attribute that a sender may set.
    pub(crate) trace_header: Option<String>,
    /// Fair queues: whose message this is. Empty = nobody's in particular.
    pub(crate) group: String,
    /// Unscaled seconds, 0 to 900; the queue's default when absent.
    pub(crate) delay_seconds: Option<i64>,
}

impl NewMessage {
    /// Bytes that count towards the limit of a message and of a batch.
    pub(crate) fn size(&self) -> usize {
        let attributes: usize = self.attributes.iter().map(|(name, value)| name.len() + value.size()).sum();
        self.body.len() + attributes
    }
}

/// A message as a receive hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReceivedMessage {
    pub(crate) message_id: String,
    pub(crate) receipt_handle: String,
    pub(crate) body: String,
    pub(crate) attributes: Attributes,
    pub(crate) trace_header: Option<String>,
    /// Empty when the sender gave none.
    pub(crate) group: String,
    pub(crate) sent_ms: i64,
    pub(crate) first_received_ms: i64,
    pub(crate) receive_count: i64,
    /// Name of the queue it was dead-lettered from.
    pub(crate) dead_letter_source: Option<String>,
    /// When it comes back if nobody deletes it.
    pub(crate) visible_ms: i64,
}
