//! A call of an AWS service: signed, sent, repeated a few times, and read to a bound.
//!
//! What the functions ask of AWS in every conversation goes this way rather than through the SDK's clients, whose
//! machinery about each request costs several times what the request does (README, "Speed"). Region, credentials and
//! endpoints are still what the SDK's configuration says.

mod answer;
mod credentials;
mod endpoint;
mod error;
mod json;
mod limits;
mod sign;
mod sigv4;

use std::sync::Arc;

use aws_config::SdkConfig;
use bytes::Bytes;
use http::Method;
use revops_core::ports::{Clock as _, Random as _};
use tokio::time::{sleep, timeout};

pub use answer::Answer;
pub use error::{CallError, Refusal};
pub use json::Json;
pub use limits::Limits;

use crate::http::Http;
use crate::{OsRandom, SystemClock};
use credentials::KeptCredentials;
use sigv4::DayKeys;

/// The two names of a service.
#[derive(Clone, Copy, Debug)]
pub struct ServiceName {
    /// By which the SDKs' configuration knows it, such as `Secrets Manager`.
    pub id: &'static str,
    /// In host names and in signatures, such as `secretsmanager`.
    pub host: &'static str,
}

impl ServiceName {
    /// Whether it is S3, whose requests are signed in a way of their own, and whose dual-stack hosts have another form.
    fn is_s3(self) -> bool {
        self.host == "s3"
    }
}

/// A service, with everything that a call needs. Clones share credentials and connections.
#[derive(Clone, Debug)]
pub struct Service {
    name: ServiceName,
    /// None where neither a region nor a URL is configured.
    endpoint: Option<String>,
    region: String,
    limits: Limits,
    caller: Caller,
    keys: Arc<DayKeys>,
}

/// Whoever calls: by which connections, with which credentials.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    http: Arc<dyn Http>,
    credentials: Arc<KeptCredentials>,
}

/// What is asked. It can be sent more than once.
#[derive(Debug)]
pub struct Call<'a> {
    /// GET, PUT, POST or DELETE.
    pub method: Method,
    /// Whole, with path and query percent-encoded.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, &'a str)>,
    /// The whole body.
    pub body: Bytes,
}

impl Caller {
    /// Who calls with the credentials of `sdk` over `http`.
    pub(crate) fn new(sdk: &SdkConfig, http: Arc<dyn Http>) -> Self {
        Self { http, credentials: Arc::new(KeptCredentials::of(sdk.credentials_provider())) }
    }
}

impl Service {
    /// The service called `name` where `sdk` says that it is.
    pub(crate) fn new(sdk: &SdkConfig, name: ServiceName, limits: Limits, caller: Caller) -> Self {
        // A URL that is given may stand without a region; a signature may not.
        let region = sdk.region().map_or_else(|| "us-east-1".to_owned(), ToString::to_string);
        let endpoint = endpoint::endpoint(sdk, name);
        Self { name, endpoint, region, limits, caller, keys: Arc::default() }
    }

    /// The base URL, without a slash at its end.
    ///
    /// # Errors
    /// Neither a region nor a URL is configured.
    pub fn endpoint(&self) -> Result<&str, CallError> {
        let found = self.endpoint.as_deref();
        found.ok_or_else(|| CallError::NotSent("no region is set: set AWS_REGION".into()))
    }

    /// Makes `call`, as often and as long as the service's limits allow.
    ///
    /// # Errors
    /// It was not done, or nobody knows: the variant says which.
    pub async fn send(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        match self.limits.in_all {
            Some(limit) => {
                let done = timeout(limit, self.attempts(call)).await;
                done.unwrap_or_else(|elapsed| Err(CallError::NoAnswer(elapsed.into())))
            }
            None => self.attempts(call).await,
        }
    }

    async fn attempts(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let mut number = 1;
        loop {
            let error = match self.attempt(call).await {
                Ok(answer) => return Ok(answer),
                Err(error) if number > 1 => error.repeated(),
                Err(error) => error,
            };
            let wait = self.limits.wait_after(number, OsRandom.fraction());
            let Some(wait) = wait.filter(|_| error.is_soon_over()) else { return Err(error) };
            tracing::debug!(service = self.name.host, number, cause = %error, "a call is repeated");
            sleep(wait).await;
            number += 1;
        }
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let answered = self.once(call);
        match self.limits.an_attempt {
            Some(limit) => {
                let done = timeout(limit, answered).await;
                done.unwrap_or_else(|elapsed| Err(CallError::NoAnswer(elapsed.into())))
            }
            None => answered.await,
        }
    }

    async fn once(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let now = SystemClock.now();
        let credentials = self.caller.credentials.get(now).await.map_err(CallError::NotSent)?;
        let mut request = sign::signed(self, call, &credentials, now).map_err(CallError::NotSent)?;
        // After the signature, which proxies' changes to it must not break.
        if let Some(trace) = crate::environment::trace_header() {
            request.headers_mut().insert("x-amzn-trace-id", trace);
        }
        let response = self.caller.http.send(request).await;
        answer::read(response.map_err(|cause| CallError::NoAnswer(cause.into()))?).await
    }
}
