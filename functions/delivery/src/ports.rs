//! What the function needs beyond the ports of `revops-core`, and bundles of those that it uses together.

use std::future::Future;

use revops_core::ports::{
    CountMessages, CreateRecords, HideMessages, PutExports, ReadRecords, ReplaceRecords, SendMessages,
};
use revops_core::retry::NoAnswer;
use revops_core::telemetry::Measurements;
use url::Url;

/// The record store, as far as this function uses it.
pub trait Records: ReadRecords + CreateRecords + ReplaceRecords + PutExports {}

impl<T: ReadRecords + CreateRecords + ReplaceRecords + PutExports> Records for T {}

/// The queues, as far as this function uses them.
pub trait Queues: SendMessages + HideMessages + CountMessages {}

impl<T: SendMessages + HideMessages + CountMessages> Queues for T {}

/// One signed POST.
#[derive(Clone, Copy, Debug)]
pub struct PostRequest<'a> {
    /// Where to.
    pub url: &'a Url,
    /// `webhook-id`.
    pub webhook_id: &'a str,
    /// `webhook-timestamp`: whole seconds since the Unix epoch.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: &'a str,
    /// `x-tracking-id`.
    pub tracking_id: &'a str,
    /// The envelope's JSON text, sent as it is.
    pub body: &'a str,
}

/// A receiver's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// `Retry-After`, as it was sent.
    pub retry_after: Option<String>,
    /// At most 1 KiB of the body, lossily decoded; empty for a 2xx, of which only the status matters.
    pub excerpt: String,
}

/// POSTs envelopes to webhooks.
pub trait PostEnvelope: Send + Sync {
    /// POSTs once, within 15 s: no redirects, no proxy, no retries, and only to addresses that the gateway
    /// may reach.
    ///
    /// # Errors
    /// Why there was no answer.
    fn post(&self, request: &PostRequest<'_>) -> impl Future<Output = Result<Response, NoAnswer>> + Send;
}

/// Takes measurements to where metrics go.
pub trait EmitMetrics: Send + Sync {
    /// Emits one line.
    fn emit(&self, measurements: Measurements);
}

impl<F: Fn(Measurements) + Send + Sync> EmitMetrics for F {
    fn emit(&self, measurements: Measurements) {
        self(measurements);
    }
}
