//! A call as the request that is sent.

use aws_credential_types::Credentials;
use aws_smithy_types::body::SdkBody;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::{Request, Uri};
use revops_core::Timestamp;
use revops_core::auth::sha256_hex;

use super::error::BoxError;
use super::sigv4::{Scope, Signable, amz_date, authorization};
use super::{Call, Service};

/// Who calls, to whoever reads the services' access logs.
const AGENT: &str = concat!("revops-webhook-gateway/", env!("CARGO_PKG_VERSION"));

/// `call` to `service`, signed with `credentials` at `now`.
pub(super) fn signed(
    service: &Service,
    call: &Call<'_>,
    credentials: &Credentials,
    now: Timestamp,
) -> Result<Request<SdkBody>, BoxError> {
    let uri: Uri = call.url.parse()?;
    let (date, body_sha256) = (amz_date(now), sha256_hex(&call.body));
    let mut headers = call.headers.clone();
    headers.extend([("host", host(&uri)?), ("x-amz-date", &date)]);
    if service.name.is_s3() {
        // By which S3 checks what arrived, too.
        headers.push(("x-amz-content-sha256", &body_sha256));
    }
    headers.extend(credentials.session_token().map(|token| ("x-amz-security-token", token)));
    headers.sort_unstable();
    let method = call.method.as_str();
    let signable = Signable { method, path: uri.path(), headers: &headers, body_sha256: &body_sha256 };
    let scope = Scope { region: &service.region, service: service.name };
    let mut all = header_map(&headers)?;
    all.insert(AUTHORIZATION, secret(&authorization(&signable, scope, credentials, &date, &service.keys))?);
    let mut request = Request::new(SdkBody::from(call.body.clone()));
    (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (call.method.clone(), uri, all);
    Ok(request)
}

fn header_map(headers: &[(&'static str, &str)]) -> Result<HeaderMap, BoxError> {
    let mut map = HeaderMap::with_capacity(headers.len() + 3);
    map.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    for (name, value) in headers {
        let value = if name.ends_with("token") { secret(value) } else { Ok(HeaderValue::from_str(value)?) };
        map.insert(HeaderName::from_static(name), value?);
    }
    Ok(map)
}

/// A value that no `Debug` shows.
fn secret(value: &str) -> Result<HeaderValue, BoxError> {
    let mut value = HeaderValue::from_str(value)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The host with its port, unless that is the scheme's own: as hyper sends it.
fn host(uri: &Uri) -> Result<&str, BoxError> {
    let authority = uri.authority().ok_or("the endpoint's URL has no host")?;
    Ok(match (uri.scheme_str(), uri.port_u16()) {
        (Some("https"), Some(443)) | (Some("http"), Some(80)) => authority.host(),
        _ => authority.as_str(),
    })
}
