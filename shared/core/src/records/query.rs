//! `query.json`: the accepted request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Header, Timestamp, TrackingId};

/// The request as it was accepted, who sent it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryRecord {
    /// Record version, 1.
    pub v: u32,
    /// The conversation.
    pub tracking_id: TrackingId,
    /// The name of the credentials' owner; `anonymous` where authentication is off.
    pub caller: String,
    /// When the gateway accepted it.
    pub received_at: Timestamp,
    /// As sent, trimmed.
    pub source_system: String,
    /// As sent, trimmed.
    pub source_process: String,
    /// The caller's own time of the question, kept as given.
    pub original_timestamp: String,
    /// The question, trimmed.
    pub query: String,
    /// The agent session to use: derived from caller and `session_id`; none = a fresh one for each try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_session: Option<String>,
    /// Prompt session attributes for the agent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub user_context: BTreeMap<String, String>,
    /// The caller's own choice of class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Header>,
    /// The class to expect before the agent is asked: the caller's own, or what the question alone says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_header: Option<Header>,
    /// An answer that would be delivered later than this is worthless to the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver_before: Option<Timestamp>,
    /// The digest that names the ledger's entry of this conversation, so that whoever deletes the one finds the
    /// other. None without an idempotency key, and in records from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<String>,
}
