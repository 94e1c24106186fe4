//! The event a function gets for a request: payload format 2.0.

mod fields;

use crate::{arrival::Arrival, body, options::HttpApiOptions, refusal::Refusal, route::Matched};
use axum::http::request::Parts;
use bytes::Bytes;
use serde::Serialize;
use std::collections::BTreeMap;

/// The event. Fields that a real event leaves out when they are empty are left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HttpEvent {
    version: &'static str,
    route_key: String,
    raw_path: String,
    raw_query_string: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<String>,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: BTreeMap<String, String>,
    request_context: RequestContext,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    account_id: String,
    api_id: String,
    domain_name: String,
    domain_prefix: String,
    http: HttpDescription,
    request_id: String,
    route_key: String,
    stage: String,
    time: String,
    /// Milliseconds since the Unix epoch.
    time_epoch: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HttpDescription {
    method: String,
    path: String,
    protocol: String,
    source_ip: String,
    user_agent: String,
}

/// What was found out about the request before its event is built.
pub(crate) struct Routed {
    /// The path as it is delivered.
    pub(crate) path: String,
    pub(crate) route: Matched,
}

/// Builds the event of a request.
pub(crate) fn build(
    parts: &Parts,
    content: &[u8],
    routed: Routed,
    arrival: &Arrival,
    options: &HttpApiOptions,
) -> Result<Bytes, Refusal> {
    let Routed { path, route } = routed;
    let query = parts.uri.query().unwrap_or_default();
    let (body, is_base64_encoded) = body::in_event(content, fields::header(parts, "content-type"));
    let event = HttpEvent {
        version: "2.0",
        route_key: route.key.clone(),
        raw_path: path.clone(),
        raw_query_string: query.to_owned(),
        cookies: fields::cookies(&parts.headers),
        headers: fields::headers(parts, content.len(), arrival),
        query_string_parameters: fields::query_parameters(query),
        path_parameters: route.parameters,
        request_context: context(parts, path, route.key, arrival, options),
        body,
        is_base64_encoded,
    };
    // Strings and maps of strings always serialise.
    serde_json::to_vec(&event).map(Bytes::from).map_err(|_| Refusal::IntegrationFailed)
}

fn context(
    parts: &Parts,
    path: String,
    route_key: String,
    arrival: &Arrival,
    options: &HttpApiOptions,
) -> RequestContext {
    let domain_name = fields::host(parts).0;
    let domain_prefix = domain_name.split('.').next().unwrap_or_default().to_owned();
    RequestContext {
        account_id: options.account_id.clone(),
        api_id: options.api_id.clone(),
        domain_name,
        domain_prefix,
        http: HttpDescription {
            method: parts.method.to_string(),
            path,
            protocol: format!("{:?}", parts.version),
            source_ip: arrival.source.to_string(),
            user_agent: fields::header(parts, "user-agent").unwrap_or_default().to_owned(),
        },
        request_id: arrival.request_id.clone(),
        route_key,
        stage: options.stage.clone(),
        time: fields::common_log_time(arrival.at),
        time_epoch: u64::try_from(arrival.at.as_millis()).unwrap_or(u64::MAX),
    }
}
