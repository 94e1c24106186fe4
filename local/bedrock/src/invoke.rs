//! One invocation, from the request to the response.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::response::Response;

use crate::crm::Crm;
use crate::faults::{Fault, Faults};
use crate::openai::OpenAi;
use crate::prompt::Prompt;
use crate::session::Sessions;
use crate::wire::exception::{Exception, Refusal};
use crate::wire::request::{InvokeAgentBody, Labels};
use crate::wire::response::event_stream;
use crate::wire::stream::{Reply, parts};
use crate::wire::trace::{TraceContext, Usage};
use crate::{BedrockOptions, clock, manager};

/// Longest request body, in bytes: above what the product sends, below what hurts.
pub(crate) const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// The agent behind the endpoint. Clones are the same agent.
#[derive(Clone)]
pub(crate) struct Agent {
    backend: Arc<Backend>,
    sessions: Sessions,
    faults: Faults,
}

enum Backend {
    Sample(Crm),
    OpenAi(OpenAi),
    /// Configured wrongly: every invocation says so.
    Broken(String),
}

impl Agent {
    pub(crate) fn new(options: BedrockOptions) -> Self {
        let BedrockOptions { agent_url, model, api_key, agent_timeout, faults } = options;
        let backend = match agent_url {
            None => Backend::Sample(Crm::sample()),
            Some(url) => match OpenAi::new(&url, model, api_key, agent_timeout) {
                Ok(server) => Backend::OpenAi(server),
                Err(error) => Backend::Broken(error.to_string()),
            },
        };
        Self { backend: Arc::new(backend), sessions: Sessions::default(), faults }
    }

    async fn run(&self, labels: Labels, body: Body, request_id: &str) -> Result<Response, Refusal> {
        labels.validate()?;
        let body = to_bytes(body, MAX_BODY_BYTES)
            .await
            .map_err(|_| Refusal::validation("The request body is too large, or ended early."))?;
        let body = InvokeAgentBody::parse(&body)?;
        let fault = self.next_fault(&labels.session_id).await?;
        let input = body.input_text.clone().unwrap_or_default();
        let session = format!("{}/{}/{}", labels.agent_id, labels.alias_id, labels.session_id);
        let reply = self.reply(&input, &session).await?;
        if body.end_session.unwrap_or(false) {
            self.sessions.end(&session);
        }
        let traces = body.enable_trace.unwrap_or(false).then(|| context(&labels, request_id, input));
        let parts = parts(&reply, traces.as_ref(), body.streams_final_response(), &fault);
        Ok(event_stream(&labels.session_id, request_id, parts))
    }

    /// Counts an invocation and obeys its fault, as far as it comes before the body.
    pub(crate) async fn next_fault(&self, session_id: &str) -> Result<Fault, Refusal> {
        let fault = self.faults.next(session_id).unwrap_or_default();
        obey(&fault).await?;
        Ok(fault)
    }

    /// What the agent says in this session.
    pub(crate) async fn reply(&self, input: &str, session_id: &str) -> Result<Reply, Refusal> {
        let mut session = self.sessions.load(session_id);
        let reply = match self.backend.as_ref() {
            Backend::Sample(crm) => {
                let (reply, memory) = from_sample(crm, input, &session.memory);
                session.memory = memory;
                reply
            }
            Backend::OpenAi(server) => {
                let (text, usage) = server.ask(input, &session.turns).await?;
                session.add(input, &text);
                Reply { text, contributions: Vec::new(), usage }
            }
            Backend::Broken(reason) => {
                return Err(Refusal::new(Exception::DependencyFailedException, reason.clone()));
            }
        };
        self.sessions.store(session_id, session);
        Ok(reply)
    }
}

/// The sample agent's reply: the manager's answer, and the route line if one was asked for.
fn from_sample(crm: &Crm, input: &str, memory: &manager::Memory) -> (Reply, manager::Memory) {
    let Prompt { question, today, nonce } = Prompt::parse(input);
    let today = today.unwrap_or_else(|| clock::now().date());
    let answer = manager::answer(crm, &question, today, memory);
    let class = answer.class();
    let text = match nonce {
        Some(nonce) => format!("{}\n\nroute: {class} {nonce}", answer.text),
        None => answer.text,
    };
    let usage = Usage::of(input, &text);
    (Reply { text, contributions: answer.contributions, usage }, answer.memory)
}

async fn obey(fault: &Fault) -> Result<(), Refusal> {
    if fault.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
    fault.refusal().map_or(Ok(()), Err)
}

fn context(labels: &Labels, request_id: &str, input: String) -> TraceContext {
    TraceContext {
        agent_id: labels.agent_id.clone(),
        alias_id: labels.alias_id.clone(),
        session_id: labels.session_id.clone(),
        request_id: request_id.to_owned(),
        now: clock::iso(clock::now()),
        input,
    }
}

/// `POST …/text`
pub(crate) async fn handle(State(agent): State<Agent>, Path(labels): Path<Labels>, body: Body) -> Response {
    let request_id = uuid::Uuid::new_v4().to_string();
    match agent.run(labels, body, &request_id).await {
        Ok(response) => response,
        Err(refusal) => refusal.response(&request_id),
    }
}

/// Any other operation of the service.
pub(crate) async fn unknown() -> Response {
    let refusal =
        Refusal { exception: None, status: Some(http::StatusCode::NOT_FOUND), message: "Not found".into() };
    refusal.response(&uuid::Uuid::new_v4().to_string())
}
