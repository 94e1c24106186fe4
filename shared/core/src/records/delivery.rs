//! What concerns a delivery: the envelope, failed attempts, outcomes, and disabled destinations.

use serde::{Deserialize, Serialize};

use super::Run;
use crate::classify::Classification;
use crate::{DeliveryId, Header, Timestamp, TrackingId};

/// `delivery.json`: what is delivered, byte for byte, and to which class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryRecord {
    /// Record version, 1.
    pub v: u32,
    /// The conversation.
    pub tracking_id: TrackingId,
    /// The same for every attempt, run and copy.
    pub delivery_id: DeliveryId,
    /// The class of the answer.
    pub header: Header,
    /// The class whose webhook, queue and secrets are used: `header`, or `general` where that class has no
    /// webhook.
    pub target: Header,
    /// Why this class. None for `conversation.failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
    /// When it was queued first.
    pub queued_at: Timestamp,
    /// No attempt starts after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver_before: Option<Timestamp>,
    /// True when the envelope says that the conversation failed; its run then ends `failed` however the
    /// notice fares.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failure_notice: bool,
    /// Why the conversation ended without an answer, for its outcome: an agent's code, `expired` or
    /// `crash_loop`. None for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// The envelope's JSON text: these bytes are signed and sent.
    pub envelope: String,
}

/// `attempts/RRR-NNN.json`: one attempt that did not deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttemptRecord {
    /// Record version, 1.
    pub v: u32,
    /// The run.
    pub run: Run,
    /// 1 for the first attempt of the run.
    pub attempt: u32,
    /// When it started.
    pub started_at: Timestamp,
    /// Until the answer or the failure.
    pub duration_ms: u64,
    /// What went wrong.
    pub error: AttemptError,
    /// What the receiver said, cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseExcerpt>,
    /// When the next attempt is due; none when the run ended here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    /// Why the run ended here, so that whoever comes after a crash ends it for the same reason; none when
    /// another attempt is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
}

/// `attempts/RRR-NNN-claim.json`: somebody makes this attempt of a replay. Mutable, by compare-and-swap: whoever
/// finds an old one without an attempt takes it over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRecord {
    /// Record version, 1.
    pub v: u32,
    /// The run.
    pub run: Run,
    /// The attempt.
    pub attempt: u32,
    /// Names who makes it: no two claims are the same bytes.
    pub token: String,
}

/// The start of a receiver's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResponseExcerpt {
    /// The status code.
    pub http_status: u16,
    /// At most 1 KiB of the body, lossily decoded.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// Ways in which an attempt fails; recorded and shown in the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptError {
    /// A status outside 2xx.
    HttpStatus,
    /// No connection within 5 s, or no answer within 15 s.
    TimedOut,
    /// Refused, reset, or not HTTP.
    Connection,
    /// The TLS handshake or the certificate failed.
    Tls,
    /// The name could not be resolved.
    Dns,
    /// The address is not one that the gateway may reach; no byte was sent.
    BlockedAddress,
    /// The destination answered 410 before and is disabled; nothing was sent.
    DestinationDisabled,
}

impl AttemptError {
    /// The name on the wire, such as `blocked_address`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HttpStatus => "http_status",
            Self::TimedOut => "timed_out",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Dns => "dns",
            Self::BlockedAddress => "blocked_address",
            Self::DestinationDisabled => "destination_disabled",
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutcomeStatus {
    /// The receiver answered 2xx.
    Delivered,
    /// No more attempts in this run.
    Failed,
    /// `deliver_before` passed.
    Expired,
}

impl OutcomeStatus {
    /// All of them, in the order in which they are probed.
    pub const ALL: [Self; 3] = [Self::Delivered, Self::Failed, Self::Expired];

    /// The name on the wire and in keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

/// How the notice of a failed conversation fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The general webhook took it.
    Delivered,
    /// It did not.
    Failed,
}

/// `outcomes/RRR-<status>.json`: how a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutcomeRecord {
    /// Record version, 1.
    pub v: u32,
    /// The run.
    pub run: Run,
    /// How it ended; the same as in the key.
    pub status: OutcomeStatus,
    /// Why it ended without a delivery: `http_status`, `attempts_exhausted`, `destination_disabled`, ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How many attempts were made in this run.
    pub attempts: u32,
    /// When the attempt that delivered started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// How long it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// The receiver's 2xx.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// Only for the notice of a failed conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// `destinations/<header>.json`: the class's destination answered 410.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisabledRecord {
    /// Record version, 1.
    pub v: u32,
    /// The class.
    pub header: Header,
    /// Hexadecimal SHA-256 of the URL that answered 410; void once the URL is another.
    pub url_sha256: String,
    /// When.
    pub disabled_at: Timestamp,
    /// The conversation whose delivery met the 410.
    pub tracking_id: TrackingId,
}
