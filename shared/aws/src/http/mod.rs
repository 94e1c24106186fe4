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

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    async fn get(http: &PooledHttp, url: &str) -> Result<Response<SdkBody>, ConnectorError> {
        http.send(Request::get(url).body(SdkBody::empty()).unwrap()).await
    }

    /// A server that answers everything with 204 and tells the request's number and its connection's.
    async fn server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            for connection in 1.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut request = [0; 1024];
                    while stream.read(&mut request).await.is_ok_and(|length| length > 0) {
                        let answer = format!("HTTP/1.1 204 No Content\r\nx-connection: {connection}\r\n\r\n");
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                });
            }
        });
        address
    }

    #[tokio::test]
    async fn a_connection_is_used_again_by_all_clones() {
        let (address, http) = (server().await, PooledHttp::new());
        for client in [&http, &http.clone(), &http] {
            let answer = get(client, &format!("http://{address}/")).await.unwrap();
            assert_eq!(answer.headers()["x-connection"], "1");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_handshake_that_does_not_end_is_given_up() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/", silent.local_addr().unwrap());
        assert!(get(&PooledHttp::new(), &url).await.unwrap_err().is_timeout());
    }

    #[tokio::test]
    async fn nobody_there_is_a_failure_that_may_pass() {
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(get(&PooledHttp::new(), &format!("http://{gone}/")).await.unwrap_err().is_io());
    }
}
