//! InvokeAgentRuntime's own: the request, and what only its answers can be. All else is the port's suite.

use revops_core::ports::{Agent, AgentAnswer, AgentErrorCode};
use serde_json::json;

use crate::agent_port::{RuntimeDocument, RuntimeEvents, Service, ask, failure, question, whole};
use crate::script::{Answer, Script};

fn typed(content_type: &str, body: &str) -> Answer {
    Answer::new(200, &[("content-type", content_type)], body)
}

#[tokio::test(start_paused = true)]
async fn the_runtime_is_asked_with_session_prompt_and_context_and_takes_both_forms() {
    let (_, script) = ask::<RuntimeDocument>(whole::<RuntimeDocument>(&[b"x"])).await;
    let sent = &script.requests()[0];
    let path = "/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2F\
                manager_agent-a1B2c3D4e5/invocations";
    assert!(sent.method == "POST" && sent.uri.ends_with(path), "{} {}", sent.method, sent.uri);
    for (name, value) in [
        ("x-amzn-bedrock-agentcore-runtime-session-id", question().session_id.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
    ] {
        assert_eq!(sent.header(name), Some(value), "{name}");
    }
    assert_eq!(sent.json(), json!({"prompt": question().input, "user_context": {"region": "emea"}}));
}

#[tokio::test(start_paused = true)]
async fn without_a_context_the_payload_is_the_prompt_alone() {
    let script = Script::new([whole::<RuntimeEvents>(&[b"x"])]);
    let mut question = question();
    question.user_context.clear();
    RuntimeEvents::agent(script.clients()).ask(&question).await.unwrap();
    assert_eq!(script.requests()[0].json(), json!({"prompt": question.input}));
}

#[tokio::test(start_paused = true)]
async fn the_back_end_is_recorded_and_no_collaborator_or_token_is_invented() {
    let (answer, _) = ask::<RuntimeEvents>(whole::<RuntimeEvents>(&[b"x"])).await;
    let AgentAnswer { collaborators, usage, .. } = answer.unwrap();
    assert!(collaborators.is_empty());
    assert_eq!(usage.backend, "agentcore");
    assert_eq!((usage.input_tokens, usage.output_tokens, usage.guardrail_intervened), (None, None, false));
}

#[tokio::test(start_paused = true)]
async fn a_document_can_be_a_bare_string_or_a_message_of_content_blocks() {
    for body in [r#""ok""#, r#"{"output":{"message":{"role":"assistant","content":[{"text":"ok"}]}}}"#] {
        assert_eq!(ask::<RuntimeDocument>(typed("application/json", body)).await.0.unwrap().text, "ok");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_in_a_document_is_no_answer() {
    let passing = typed("application/json", r#"{"error":"boom"}"#);
    assert_eq!(failure::<RuntimeDocument>(passing).await, (AgentErrorCode::ServiceError, true));
    let lasting = typed("application/json", r#"{"error":{"code":"ValidationException"}}"#);
    assert_eq!(failure::<RuntimeDocument>(lasting).await, (AgentErrorCode::Invalid, false));
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_another_form_is_refused_for_good() {
    for answer in [typed("text/html", "<p>ok</p>"), typed("application/json", r#"{"reply":"ok"}"#)] {
        assert_eq!(failure::<RuntimeDocument>(answer).await, (AgentErrorCode::NotText, false));
    }
}
