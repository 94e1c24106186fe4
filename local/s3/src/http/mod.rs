//! The wire side: what happens before and after `s3s` sees a request.

mod aws_chunked;
mod credentials;
mod payload;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use s3s::dto::{Timestamp, TimestampFormat};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Error, S3ErrorCode};

use crate::operations::Operations;
use crate::store::Store;

/// A body may be this much longer than the largest object: the framing of aws-chunked.
const FRAMING_BYTES: usize = 1024 * 1024;

#[derive(Clone)]
struct Endpoint {
    service: S3Service,
    store: Arc<Store>,
    answers: Arc<AtomicU64>,
}

/// The S3 endpoint as a fallback for every path and method.
pub(crate) fn router(store: Arc<Store>) -> Router {
    let service = S3ServiceBuilder::new(Operations::new(store.clone())).build();
    Router::new().fallback(answer).with_state(Endpoint { service, store, answers: Arc::default() })
}

async fn answer(State(endpoint): State<Endpoint>, request: Request<Body>) -> Response<Body> {
    let response = match prepare(request).await {
        Ok(request) => endpoint.service.call(request).await.unwrap_or_else(|error| {
            tracing::warn!(?error, "an S3 answer could not be written");
            bare(StatusCode::INTERNAL_SERVER_ERROR)
        }),
        Err(error) => error.to_http_response().unwrap_or_else(|_| bare(StatusCode::INTERNAL_SERVER_ERROR)),
    };
    endpoint.finish(response)
}

/// Reads the body to its bound and turns the request into one without signature and framing.
async fn prepare(request: Request<Body>) -> Result<Request<s3s::Body>, S3Error> {
    let (mut parts, body) = request.into_parts();
    let body =
        to_bytes(body, crate::MAX_OBJECT_BYTES + FRAMING_BYTES).await.map_err(|error| too_large(&error))?;
    let body = payload::unwrap(&mut parts.headers, body)?;
    credentials::drop_from(&mut parts)?;
    Ok(Request::from_parts(parts, s3s::Body::from(body)))
}

fn too_large(error: &axum::Error) -> S3Error {
    tracing::debug!(%error, "a request's body was not read");
    S3Error::with_message(S3ErrorCode::EntityTooLarge, "The body is too large, or ended early.")
}

fn bare(status: StatusCode) -> Response<s3s::Body> {
    let mut response = Response::new(s3s::Body::empty());
    *response.status_mut() = status;
    response
}

impl Endpoint {
    /// Adds what every answer of S3 has. The Date is S3's clock: a lease is judged by it.
    fn finish(&self, response: Response<s3s::Body>) -> Response<Body> {
        let (mut parts, body) = response.into_parts();
        set(&mut parts.headers, header::DATE, http_date(self.store.clock().now()));
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        set(&mut parts.headers, HeaderName::from_static("x-amz-request-id"), format!("{number:016X}"));
        set(&mut parts.headers, header::SERVER, "AmazonS3".to_owned());
        // RFC 9110 section 15.4.5: a 304 has no content.
        if parts.status == StatusCode::NOT_MODIFIED {
            parts.headers.remove(header::CONTENT_TYPE);
            return Response::from_parts(parts, Body::empty());
        }
        Response::from_parts(parts, Body::new(body))
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

fn http_date(time: std::time::SystemTime) -> String {
    let mut text = Vec::with_capacity(32);
    let formatted = Timestamp::from(time).format(TimestampFormat::HttpDate, &mut text);
    formatted.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
}
