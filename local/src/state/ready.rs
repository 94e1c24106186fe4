//! `ready.json`: what scripts and `gatewayctl --local` need to reach a running stack.

use std::collections::BTreeMap;

use serde::Serialize;

/// The content of `ready.json`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ready {
    /// Base URL of the front door.
    pub(crate) gateway_url: String,
    /// The made API key; null where the caller of the stack brought keys.
    pub(crate) api_key: Option<String>,
    /// Endpoint URL of the embedded services, for any AWS client.
    pub(crate) aws_endpoint_url: String,
    /// Where the inbox is listed.
    pub(crate) inbox_url: String,
    /// The newest signing secret under `default`; null where it is not known here.
    pub(crate) signing_secret: Option<String>,
    /// From queue name to queue URL.
    pub(crate) queue_urls: BTreeMap<String, String>,
    /// The bucket of records and exports.
    pub(crate) bucket: String,
    /// The stack's process.
    pub(crate) pid: u32,
}
