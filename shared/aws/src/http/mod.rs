//! The one HTTP client of a process for AWS: beneath our own calls ([`crate::call`]) and beneath the SDK's clients.
//!
//! Ours, since the SDK's own keeps its trust store to itself: here one is shared with whoever else speaks TLS, and read
//! when the first handshake needs it (DESIGN, decision 11).

mod connect;
pub mod trust;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::{Request, Response};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::TokioExecutor;

use connect::{Connect, TookTooLong};

/// Shorter than the idle time after which the services close a connection, so that a call that is made only
/// once does not go out on a dead one.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// An HTTP client for our own calls and for the SDK's clients. In tests it answers from a script.
pub trait Http: HttpClient + fmt::Debug + Send + Sync {
    /// Sends one request; the body of the response may still be on its way.
    fn send(&self, request: Request<SdkBody>) -> Sending;
}

/// A request on its way.
pub type Sending = Pin<Box<dyn Future<Output = Result<Response<SdkBody>, ConnectorError>> + Send>>;

/// HTTP/1.1 with connections that are kept, over TLS or, where an endpoint is `http`, without. Clones share the
/// connections.
#[derive(Clone, Debug)]
pub(crate) struct PooledHttp {
    client: Client<Connect, SdkBody>,
}

impl PooledHttp {
    /// A client that has connected nowhere and read no certificate.
    pub(crate) fn new() -> Self {
        let mut builder = Client::builder(TokioExecutor::new());
        Self { client: builder.pool_idle_timeout(POOL_IDLE_TIMEOUT).build(Connect::new()) }
    }
}

impl Http for PooledHttp {
    fn send(&self, request: Request<SdkBody>) -> Sending {
        let answered = self.client.request(request);
        Box::pin(async { Ok(answered.await.map_err(connector_error)?.map(SdkBody::from_body_1_x)) })
    }
}

/// The same for the SDK, in its own types.
impl HttpConnector for PooledHttp {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let http = self.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|cause| ConnectorError::user(cause.into()))?;
            let response = http.send(request).await?;
            HttpResponse::try_from(response).map_err(|cause| ConnectorError::other(cause.into(), None))
        })
    }
}

/// The SDK's settings are its time-outs: ours are the connector's own, and whoever calls bounds the rest.
impl HttpClient for PooledHttp {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// Whatever went wrong on the way may be over the next time.
fn connector_error(error: Error) -> ConnectorError {
    if is_caused_by::<TookTooLong>(&error) {
        return ConnectorError::timeout(error.into());
    }
    ConnectorError::io(error.into())
}

fn is_caused_by<E: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<E>())
}
