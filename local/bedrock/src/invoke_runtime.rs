//! One invocation of an agent runtime, from the request to the response. The agent is the same as
//! InvokeAgent's.

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::invoke::{Agent, MAX_BODY_BYTES};
use crate::wire::exception::Refusal;
use crate::wire::response::body_of;
use crate::wire::runtime::{Form, SESSION_HEADER, parts, prompt_of, session_of};

/// `POST /runtimes/{agentRuntimeArn}/invocations`; any runtime and any qualifier is this agent.
pub(crate) async fn handle(
    State(agent): State<Agent>,
    Path(runtime): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let request_id = uuid::Uuid::new_v4().to_string();
    match run(&agent, &runtime, &headers, body).await {
        Ok(mut response) => {
            if let Ok(id) = HeaderValue::try_from(&request_id) {
                response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
            }
            response
        }
        Err(refusal) => refusal.runtime_response(&request_id),
    }
}

async fn run(agent: &Agent, runtime: &str, headers: &HeaderMap, body: Body) -> Result<Response, Refusal> {
    let session = session_of(headers)?.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let body = to_bytes(body, MAX_BODY_BYTES)
        .await
        .map_err(|_| Refusal::validation("The request body is too large, or ended early."))?;
    let prompt = prompt_of(&body)?;
    let fault = agent.next_fault(&session).await?;
    let reply = agent.reply(&prompt, &format!("{runtime}/{session}")).await?;
    let form = Form::accepted_by(headers);
    let mut response = Response::new(body_of(parts(&reply.text, form, &fault)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    if let Ok(session) = HeaderValue::try_from(session) {
        headers.insert(HeaderName::from_static(SESSION_HEADER), session);
    }
    Ok(response)
}
