//! From what the function returns to the HTTP response.

mod format;

use crate::refusal::Refusal;
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE},
    },
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use format::Returned;

/// Headers of a function that the connection decides, not the function.
const NOT_PASSED_ON: [&str; 5] =
    ["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"];

/// Builds the response. What the function returned may be a response in format 2.0, or any JSON, which is then
/// the body of a 200.
pub(crate) fn build(payload: &[u8], method: &Method) -> Result<Response, Refusal> {
    let returned = format::parse(payload).ok_or(Refusal::IntegrationFailed)?;
    let response = assemble(returned).ok_or(Refusal::IntegrationFailed)?;
    Ok(if method == Method::HEAD { without_body(response) } else { response.map(Body::from) })
}

/// None if anything in it cannot be said in HTTP.
fn assemble(returned: Returned) -> Option<Response<Bytes>> {
    let body = if returned.is_base64_encoded {
        STANDARD.decode(&returned.body).ok()?.into()
    } else {
        Bytes::from(returned.body)
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(returned.status).ok().filter(|status| !status.is_informational())?;
    let headers = response.headers_mut();
    for (name, value) in &returned.headers {
        append(headers, name, value)?;
    }
    for cookie in &returned.cookies {
        headers.append(SET_COOKIE, HeaderValue::from_str(cookie).ok()?);
    }
    headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(returned.default_content_type));
    Some(response)
}

fn append(headers: &mut HeaderMap, name: &str, value: &str) -> Option<()> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    let value = HeaderValue::from_str(value).ok()?;
    if !NOT_PASSED_ON.contains(&name.as_str()) {
        headers.append(name, value);
    }
    Some(())
}

/// The answer to HEAD: everything but the body, whose length is still said.
fn without_body(response: Response<Bytes>) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    Response::from_parts(parts, Body::empty())
}
