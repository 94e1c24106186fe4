//! How each service puts an answer on the wire.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::base64;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use revops_aws::{AgentCore, BedrockAgent, Clients};
use revops_core::ports::{Agent, AgentErrorCode};
use serde_json::{Value, json};

use crate::script::{Answer, Step};

pub(crate) const RUNTIME_ARN: &str =
    "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/manager_agent-a1B2c3D4e5";

/// A refusal before the answer: the status, the exception's name, what it means, and whether it can pass.
pub(crate) type Refusal = (u16, &'static str, AgentErrorCode, bool);

/// A service behind the port.
pub(crate) trait Service {
    /// Its adapter.
    type Agent: Agent;

    fn agent(clients: Clients) -> Self::Agent;

    /// A 200 with this body.
    fn response(body: Vec<Step>) -> Answer;

    /// What the body begins with, if with anything.
    fn opening() -> Option<Vec<u8>> {
        None
    }

    /// A piece of the answer's text, which needs no escape and may end inside a character.
    fn piece(text: &[u8]) -> Vec<u8>;

    /// What the body ends with, if with anything.
    fn closing() -> Option<Vec<u8>> {
        None
    }

    /// The service's own refusals.
    fn refusals() -> Vec<Refusal>;
}

/// A service whose answer is a sequence of events.
pub(crate) trait Stream: Service {
    /// An event of a kind that nobody knows, with about this many bytes.
    fn unknown_event(bytes: usize) -> Vec<u8>;

    /// An event as it is sent while the agent works, with about this many bytes.
    fn working(bytes: usize) -> Vec<u8>;

    /// The failure of this name inside the stream, in the spelling of the name that both services share.
    fn failure(exception: &'static str) -> Vec<u8>;
}

/// InvokeAgent.
pub(crate) struct InvokeAgent;

/// InvokeAgentRuntime, answering with one JSON document.
pub(crate) struct RuntimeDocument;

/// InvokeAgentRuntime, answering with server-sent events.
pub(crate) struct RuntimeEvents;

fn frame(kind: &'static str, name_header: &'static str, name: &str, payload: Vec<u8>) -> Vec<u8> {
    let header = |name, value: &str| Header::new(name, HeaderValue::String(value.to_owned().into()));
    let message = Message::new(payload)
        .add_header(header(":message-type", kind))
        .add_header(header(name_header, name))
        .add_header(header(":content-type", "application/json"));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

/// A frame of InvokeAgent with any payload.
pub(crate) fn raw_event(name: &str, payload: Vec<u8>) -> Vec<u8> {
    frame("event", ":event-type", name, payload)
}

/// An event of InvokeAgent.
pub(crate) fn event(name: &str, payload: &Value) -> Vec<u8> {
    raw_event(name, payload.to_string().into_bytes())
}

impl Service for InvokeAgent {
    type Agent = BedrockAgent;

    fn agent(clients: Clients) -> BedrockAgent {
        BedrockAgent::new(clients, "AGENT".into(), "ALIAS".into())
    }

    fn response(body: Vec<Step>) -> Answer {
        Answer::Response(200, vec![("content-type", "application/vnd.amazon.eventstream".to_owned())], body)
    }

    fn piece(text: &[u8]) -> Vec<u8> {
        event("chunk", &json!({"bytes": base64::encode(text)}))
    }

    fn refusals() -> Vec<Refusal> {
        vec![
            (429, "ThrottlingException", AgentErrorCode::Throttled, true),
            (424, "ModelNotReadyException", AgentErrorCode::ModelNotReady, true),
            (424, "DependencyFailedException", AgentErrorCode::DependencyFailed, true),
            (400, "ServiceQuotaExceededException", AgentErrorCode::QuotaExceeded, true),
            (409, "ConflictException", AgentErrorCode::Conflict, true),
            (502, "BadGatewayException", AgentErrorCode::ServiceError, true),
        ]
    }
}

impl Stream for InvokeAgent {
    fn unknown_event(bytes: usize) -> Vec<u8> {
        event("novelty", &json!({"text": "x".repeat(bytes)}))
    }

    fn working(bytes: usize) -> Vec<u8> {
        let rationale = json!({"traceId": "t", "text": "x".repeat(bytes)});
        event("trace", &json!({"trace": {"orchestrationTrace": {"rationale": rationale}}}))
    }

    fn failure(exception: &'static str) -> Vec<u8> {
        let (first, rest) = exception.split_at(1);
        let name = first.to_ascii_lowercase() + rest;
        let payload = json!({"message": "as the script wants"}).to_string().into_bytes();
        frame("exception", ":exception-type", &name, payload)
    }
}

fn runtime(clients: Clients) -> AgentCore {
    AgentCore::new(clients, RUNTIME_ARN.to_owned())
}

fn runtime_refusals() -> Vec<Refusal> {
    vec![
        (429, "ThrottlingException", AgentErrorCode::Throttled, true),
        (424, "RuntimeClientError", AgentErrorCode::DependencyFailed, true),
        (402, "ServiceQuotaExceededException", AgentErrorCode::QuotaExceeded, true),
        (409, "RetryableConflictException", AgentErrorCode::Conflict, true),
    ]
}

impl Service for RuntimeDocument {
    type Agent = AgentCore;

    fn agent(clients: Clients) -> AgentCore {
        runtime(clients)
    }

    fn response(body: Vec<Step>) -> Answer {
        Answer::Response(200, vec![("content-type", "application/json".to_owned())], body)
    }

    fn opening() -> Option<Vec<u8>> {
        Some(br#"{"result": ""#.to_vec())
    }

    fn piece(text: &[u8]) -> Vec<u8> {
        text.to_vec()
    }

    fn closing() -> Option<Vec<u8>> {
        Some(br#""}"#.to_vec())
    }

    fn refusals() -> Vec<Refusal> {
        runtime_refusals()
    }
}

impl Service for RuntimeEvents {
    type Agent = AgentCore;

    fn agent(clients: Clients) -> AgentCore {
        runtime(clients)
    }

    fn response(body: Vec<Step>) -> Answer {
        Answer::Response(200, vec![("content-type", "text/event-stream; charset=utf-8".to_owned())], body)
    }

    /// As a JSON string where that is possible, and else as it is.
    fn piece(text: &[u8]) -> Vec<u8> {
        let data = std::str::from_utf8(text).map(|text| json!(text).to_string().into_bytes());
        [b"data: ", data.as_deref().unwrap_or(text), b"\n\n"].concat()
    }

    fn refusals() -> Vec<Refusal> {
        runtime_refusals()
    }
}

impl Stream for RuntimeEvents {
    fn unknown_event(bytes: usize) -> Vec<u8> {
        format!("event: novelty\ndata: {}\n\n", "x".repeat(bytes)).into_bytes()
    }

    fn working(bytes: usize) -> Vec<u8> {
        format!(": still here\n\ndata: {}\n\n", json!({"thinking": "x".repeat(bytes)})).into_bytes()
    }

    fn failure(exception: &'static str) -> Vec<u8> {
        let error = json!({"error": "as the script wants", "error_type": exception});
        format!("data: {error}\n\n").into_bytes()
    }
}
