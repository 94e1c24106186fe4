//! The ids of a conversation. All are derived from one UUIDv7, so that every key is computable from it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid, Version};

use crate::Timestamp;
use crate::ports::Random;

/// One conversation: a UUIDv7, so that the date of its export is part of the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrackingId(Uuid);

/// The text is not a tracking id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tracking id is a UUIDv7 in lower case with hyphens")]
pub struct NotATrackingId;

impl TrackingId {
    /// A fresh id that carries `now`.
    pub fn new(now: Timestamp, random: &dyn Random) -> Self {
        let ms = u64::try_from(now.unix_ms()).unwrap_or(0);
        Self(Builder::from_unix_timestamp_millis(ms, &random.ten_bytes()).into_uuid())
    }

    /// The lowest id that carries `moment`: every id that was made then or later sorts at or above it, and so
    /// do its keys.
    #[must_use]
    pub fn lowest_at(moment: Timestamp) -> Self {
        let ms = u64::try_from(moment.unix_ms()).unwrap_or(0);
        Self(Builder::from_unix_timestamp_millis(ms, &[0; 10]).into_uuid())
    }

    /// The moment at which the id was made, to the millisecond.
    #[must_use]
    pub fn made_at(self) -> Timestamp {
        let ms = self.0.as_u128() >> 80;
        Timestamp::from_unix_ms(i64::try_from(ms).unwrap_or(i64::MAX))
    }

    /// The delivery of this conversation's answer: the same for every attempt, run and copy.
    #[must_use]
    pub fn delivery_id(self) -> DeliveryId {
        DeliveryId(format!("dlv_{}", self.0.simple()))
    }

    /// The UUID itself.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for TrackingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for TrackingId {
    type Err = NotATrackingId;

    fn from_str(text: &str) -> Result<Self, NotATrackingId> {
        let id = Uuid::try_parse(text).map_err(|_| NotATrackingId)?;
        let canonical = id.hyphenated().to_string() == text;
        (canonical && id.get_version() == Some(Version::SortRand)).then_some(Self(id)).ok_or(NotATrackingId)
    }
}

impl TryFrom<String> for TrackingId {
    type Error = NotATrackingId;

    fn try_from(text: String) -> Result<Self, NotATrackingId> {
        text.parse()
    }
}

impl From<TrackingId> for String {
    fn from(id: TrackingId) -> Self {
        id.to_string()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for TrackingId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TrackingId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "uuid",
            "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$",
            "description": "a UUID of version 7, in lower case"
        })
    }
}

/// The id of a delivery and its `webhook-id`: `dlv_` and the tracking id's 32 hexadecimal digits.
/// It contains no `.`, which Standard Webhooks forbids in an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct DeliveryId(String);

impl DeliveryId {
    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The agent session of a caller's `session_id`: a UUIDv5 of caller and id, so that no caller can enter
/// another's session, and one spelling that every agent back end accepts.
#[must_use]
pub fn agent_session(caller: &str, session_id: &str) -> Uuid {
    let caller_space = Uuid::new_v5(&Uuid::NAMESPACE_OID, caller.as_bytes());
    Uuid::new_v5(&caller_space, session_id.as_bytes())
}

/// A random UUID (version 4) in lower case with hyphens: nonces, invocation tokens, fresh sessions.
pub fn random_uuid(random: &dyn Random) -> Uuid {
    Builder::from_random_bytes(random.sixteen_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FixedRandom;

    #[test]
    fn a_tracking_id_carries_the_moment_it_was_made() {
        let now = Timestamp::from_unix_ms(1_763_840_000_123);
        let id = TrackingId::new(now, &FixedRandom::default());
        assert_eq!(id.made_at(), now);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn ids_of_a_moment_and_later_sort_at_or_above_its_lowest() {
        let (now, random) = (Timestamp::from_unix_ms(1_763_840_000_123), FixedRandom::default());
        let lowest = TrackingId::lowest_at(now).to_string();
        assert_eq!(lowest.parse(), Ok(TrackingId::lowest_at(now)));
        let before = Timestamp::from_unix_ms(now.unix_ms() - 1);
        for _ in 0..100 {
            assert!(TrackingId::new(before, &random).to_string() < lowest);
            assert!(TrackingId::new(now, &random).to_string() >= lowest);
        }
    }

    #[test]
    fn only_a_canonical_uuid_of_version_7_is_a_tracking_id() {
        for text in
            ["", "../../etc", "0198A0A0-0000-7000-8000-000000000000", "550e8400-e29b-41d4-a716-446655440000"]
        {
            assert_eq!(text.parse::<TrackingId>(), Err(NotATrackingId), "{text}");
        }
    }

    #[test]
    fn two_callers_with_the_same_session_id_have_different_sessions() {
        assert_ne!(agent_session("a", "s-1"), agent_session("b", "s-1"));
        assert_eq!(agent_session("a", "s-1"), agent_session("a", "s-1"));
    }
}
