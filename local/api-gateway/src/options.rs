//! What is configured for the HTTP API.

use std::time::Duration;

/// The configuration of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpApiOptions {
    /// Route keys, such as `POST /webhook`, `GET /webhook/{tracking_id}` or `ANY /{proxy+}`. The most specific one
    /// names itself and its path parameters in the event; a request that matches none is routed by `$default`.
    pub routes: Vec<String>,
    /// The stage. With any name but `$default`, paths start with `/{stage}`, and others are not found.
    pub stage: String,
    /// The account id in events.
    pub account_id: String,
    /// The API's id in events.
    pub api_id: String,
    /// How long the function may take. AWS allows up to 30 s.
    pub integration_timeout: Duration,
}

impl Default for HttpApiOptions {
    /// One catch-all route, `$default`, on the stage `$default`, with 30 s for the function.
    fn default() -> Self {
        Self {
            routes: Vec::new(),
            stage: "$default".into(),
            account_id: "000000000000".into(),
            api_id: "local".into(),
            integration_timeout: Duration::from_secs(30),
        }
    }
}
