//! The POST itself: reqwest over rustls, HTTP/1.1 and 2, connections kept across invocations, no redirects,
//! no proxy from the environment, and the address guard inside the connector.

mod body;
mod cause;
mod guard;
#[cfg(test)]
mod tests;

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use reqwest::redirect;
use revops_aws::http::trust;
use revops_core::address::IpNet;
use revops_core::retry::NoAnswer;
use tokio::time::{Instant, timeout_at};

use crate::config::TransportRules;
use crate::ports::{PostEnvelope, PostRequest, Response};

use guard::{GuardedResolver, Lookup, SystemLookup, literal_is_allowed};

/// From the first packet to the end of the TLS handshake.
const CONNECT: Duration = Duration::from_secs(5);

/// From the start to the answer's last byte that is wanted.
const TOTAL: Duration = Duration::from_secs(15);

/// How long a 2xx's body is read, so that its connection can be used again. Its content is not wanted.
const DRAIN: Duration = Duration::from_secs(1);

/// How long an unused connection is kept: shorter than what receivers and their load balancers commonly allow,
/// so that no attempt is lost on a connection that was closed on the other side.
const IDLE: Duration = Duration::from_secs(20);

/// What a receiver may choose from, in the order of our liking.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// `revops-webhook-gateway/<version>`.
const AGENT: &str = concat!("revops-webhook-gateway/", env!("CARGO_PKG_VERSION"));

/// POSTs over HTTP.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    allowed_private: Vec<IpNet>,
    allow_http: bool,
}

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be built")]
pub struct NoHttpClient(#[from] reqwest::Error);

impl HttpTransport {
    /// A transport that obeys `rules`.
    ///
    /// # Errors
    /// The HTTP client does not take the settings that are given here.
    pub fn new(rules: &TransportRules) -> Result<Self, NoHttpClient> {
        Self::resolving_by(SystemLookup, rules)
    }

    fn resolving_by(lookup: impl Lookup, rules: &TransportRules) -> Result<Self, NoHttpClient> {
        let mut tls = trust::client_config();
        tls.alpn_protocols = PROTOCOLS.map(Vec::from).into();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never())
            .referer(false)
            // What an HTTP/2 receiver may send unasked; by default it would be two megabytes an answer.
            .http2_initial_stream_window_size(body::READ)
            .https_only(!rules.allow_http)
            .dns_resolver(GuardedResolver::new(rules.allowed_private.clone(), lookup))
            .build()?;
        Ok(Self { client, allowed_private: rules.allowed_private.clone(), allow_http: rules.allow_http })
    }

    async fn send(&self, request: &PostRequest<'_>, deadline: Instant) -> Result<Response, NoAnswer> {
        let sending = self
            .client
            .post(request.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .header("webhook-id", request.webhook_id)
            .header("webhook-timestamp", request.timestamp)
            .header("webhook-signature", request.signature)
            .header("x-tracking-id", request.tracking_id)
            .body(request.body.to_owned())
            .send();
        let answered = timeout_at(deadline, sending).await.map_err(|_| NoAnswer::TimedOut)?;
        let mut response = answered.map_err(|error| cause::of(&error))?;
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let status = response.status();
        let excerpt = if status.is_success() {
            body::read_until(&mut response, deadline.min(Instant::now() + DRAIN)).await;
            String::new()
        } else {
            body::read_until(&mut response, deadline).await
        };
        Ok(Response { status: status.as_u16(), retry_after, excerpt })
    }
}

impl PostEnvelope for HttpTransport {
    async fn post(&self, request: &PostRequest<'_>) -> Result<Response, NoAnswer> {
        // hyper does not ask the resolver about a host that is an address already.
        if !literal_is_allowed(request.url, &self.allowed_private) {
            return Err(NoAnswer::BlockedAddress);
        }
        if request.url.scheme() != "https" && !self.allow_http {
            return Err(NoAnswer::BlockedAddress);
        }
        self.send(request, Instant::now() + TOTAL).await
    }
}
