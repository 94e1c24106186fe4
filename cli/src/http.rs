//! Calls to the front door.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value;

use crate::error::CtlError;
use crate::target::Target;

/// The front door itself answers within 30 s.
const TIMEOUT: Duration = Duration::from_secs(35);

/// More than any conversation: an answer of 1 MiB appears in it three times.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// An answer of the front door.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Calls `path` of the front door.
pub(crate) async fn call(
    target: &Target,
    method: Method,
    path: &str,
    headers: &[(&str, String)],
    body: Option<String>,
) -> Result<Answer, CtlError> {
    let url = target.gateway_url()?;
    let client = reqwest::Client::builder().timeout(TIMEOUT).build().map_err(unreachable(url))?;
    let mut request = client.request(method, format!("{url}{path}"));
    if let Some(key) = &target.api_key {
        request = request.bearer_auth(key.expose());
    }
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body);
    }
    let response = request.send().await.map_err(unreachable(url))?;
    let status = response.status().as_u16();
    let body = serde_json::from_slice(&read(url, response).await?).unwrap_or_default();
    Ok(Answer { status, body })
}

async fn read(url: &str, mut response: Response) -> Result<Vec<u8>, CtlError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable(url))? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(CtlError::Failed("the gateway's answer is larger than any answer can be".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreachable(url: &str) -> impl Fn(reqwest::Error) -> CtlError {
    move |cause| {
        CtlError::Failed(format!("{url} did not answer ({}); is the address right?", cause.without_url()))
    }
}

/// The error of an answer outside 2xx, in words.
pub(crate) fn refused(answer: &Answer) -> CtlError {
    let code = answer.body["code"].as_str().unwrap_or("no code");
    let detail =
        answer.body["detail"].as_str().or_else(|| answer.body["message"].as_str()).unwrap_or_default();
    let text = format!("the gateway refused: {} {code}: {detail}", answer.status);
    match answer.status {
        404 => CtlError::NotFound(text),
        401 => CtlError::Failed(format!("{text}; set GATEWAY_API_KEY to a valid key")),
        _ => CtlError::Failed(text),
    }
}
