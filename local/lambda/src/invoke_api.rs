//! The Invoke operation of the Lambda API, for AWS clients.
//!
//! Source: Lambda API reference, "Invoke"; the wire shapes are those which `aws-sdk-lambda` writes and reads.
//! `X-Amz-Log-Type: Tail` is accepted and answered without a log.

mod answer;
mod event;

use crate::{
    Lambda,
    body::{self, BodyError},
    invocation::{InvokeError, MAXIMUM_EVENT_PAYLOAD, MAXIMUM_PAYLOAD},
    lambda::Extras,
};
use answer::ApiError;
use axum::{
    Router,
    extract::{Path, Request, State},
    http::HeaderMap,
    response::Response,
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::de::IgnoredAny;

/// The largest client context in bytes, encoded (Lambda API reference, Invoke).
const MAXIMUM_CLIENT_CONTEXT: usize = 3583;

/// What the caller wants to know of the invocation's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InvocationType {
    /// Everything: wait for it.
    RequestResponse,
    /// Nothing: run it in the background.
    Event,
    /// Only whether it would be allowed.
    DryRun,
}

pub(crate) fn router(lambda: Lambda) -> Router {
    Router::new().route("/2015-03-31/functions/{function}/invocations", post(invoke)).with_state(lambda)
}

async fn invoke(
    State(lambda): State<Lambda>,
    Path(function): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let kind = invocation_type(&parts.headers)?;
    let limit = if kind == InvocationType::Event { MAXIMUM_EVENT_PAYLOAD } else { MAXIMUM_PAYLOAD };
    let extras = Extras {
        client_context: client_context(&parts.headers)?,
        trace_id: text(&parts.headers, "x-amzn-trace-id").map(str::to_owned),
    };
    let payload = match body::read(body, limit).await {
        Ok(payload) => payload,
        Err(BodyError::TooLarge) => return Err(InvokeError::PayloadTooLarge(limit).into()),
        Err(BodyError::Broken) => return Err(ApiError::BrokenBody),
    };
    // An invocation without a payload gets an empty object, as on AWS.
    let payload = if payload.is_empty() { Bytes::from_static(b"{}") } else { payload };
    let call = lambda.call(&function, payload, extras)?;
    match kind {
        InvocationType::RequestResponse => Ok(answer::ended(lambda.run(&function, call).await?)),
        InvocationType::DryRun => Ok(answer::allowed(&call.request_id)),
        InvocationType::Event => {
            let accepted = answer::accepted(&call.request_id);
            lambda.spawn(event::run(lambda.clone(), function, call));
            Ok(accepted)
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn invocation_type(headers: &HeaderMap) -> Result<InvocationType, ApiError> {
    match text(headers, "x-amz-invocation-type") {
        None | Some("RequestResponse") => Ok(InvocationType::RequestResponse),
        Some("Event") => Ok(InvocationType::Event),
        Some("DryRun") => Ok(InvocationType::DryRun),
        Some(_) => Err(ApiError::InvalidInvocationType),
    }
}

/// The client context: JSON, in base64 on the way in and as it is on the way to the function.
fn client_context(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(encoded) = headers.get("x-amz-client-context") else { return Ok(None) };
    let json = Some(encoded.as_bytes())
        .filter(|encoded| encoded.len() <= MAXIMUM_CLIENT_CONTEXT)
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .and_then(|json| String::from_utf8(json).ok())
        // It travels on in a header, which has no place for anything but visible ASCII and spaces.
        .filter(|json| json.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()))
        .filter(|json| serde_json::from_str::<IgnoredAny>(json).is_ok());
    json.map(Some).ok_or(ApiError::InvalidClientContext)
}
