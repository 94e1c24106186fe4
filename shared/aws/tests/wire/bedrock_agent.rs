//! InvokeAgent's event stream, well-formed and broken.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::base64;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use revops_aws::BedrockAgent;
use revops_core::ports::{Agent, AgentAnswer, AgentError, AgentErrorCode, AgentQuestion};
use serde_json::{Value, json};

use crate::script::{Answer, Script, Step};

const DEADLINE: Duration = Duration::from_secs(120);

fn question() -> AgentQuestion {
    AgentQuestion {
        session_id: "550e8400-e29b-41d4-a716-446655440000".into(),
        input: "What is the deal status for IXIS?".into(),
        user_context: BTreeMap::from([("region".into(), "emea".into())]),
        deadline: DEADLINE,
        longest_silence: DEADLINE,
    }
}

fn frame(kind: &'static str, name_header: &'static str, name: &'static str, payload: &Value) -> Vec<u8> {
    let header = |name, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let message = Message::new(payload.to_string().into_bytes())
        .add_header(header(":message-type", kind))
        .add_header(header(name_header, name))
        .add_header(header(":content-type", "application/json"));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

fn event(name: &'static str, payload: &Value) -> Vec<u8> {
    frame("event", ":event-type", name, payload)
}

fn exception(name: &'static str) -> Vec<u8> {
    frame("exception", ":exception-type", name, &json!({"message": "Your request rate is too high."}))
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    event("chunk", &json!({"bytes": base64::encode(bytes)}))
}

fn stream(steps: Vec<Step>) -> Answer {
    let headers = vec![("content-type", "application/vnd.amazon.eventstream".to_owned())];
    Answer::Response(200, headers, steps)
}

fn frames(frames: impl IntoIterator<Item = Vec<u8>>) -> Answer {
    stream(frames.into_iter().map(Step::Bytes).collect())
}

async fn ask(answer: Answer) -> (Result<AgentAnswer, AgentError>, Script) {
    let script = Script::new([answer]);
    let agent = BedrockAgent::new(script.clients(), "AGENT".into(), "ALIAS".into());
    (agent.ask(&question()).await, script)
}

async fn failure(answer: Answer) -> (AgentErrorCode, bool) {
    let (answer, script) = ask(answer).await;
    assert_eq!(script.requests().len(), 1, "a failed call is not repeated here");
    let error = answer.unwrap_err();
    (error.code(), matches!(error, AgentError::Retryable { .. }))
}

#[tokio::test(start_paused = true)]
async fn the_agent_is_asked_with_session_text_context_and_traces() {
    let (_, script) = ask(frames([chunk(b"x")])).await;
    let sent = &script.requests()[0];
    let path = "/agents/AGENT/agentAliases/ALIAS/sessions/550e8400-e29b-41d4-a716-446655440000/text";
    assert!(sent.uri.ends_with(path), "{}", sent.uri);
    assert_eq!(
        sent.json(),
        json!({"inputText": question().input, "enableTrace": true,
            "sessionState": {"promptSessionAttributes": {"region": "emea"}}})
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_put_together_from_chunks_that_split_a_character_and_frames_that_are_split() {
    let bytes = [chunk(b"caf\xc3"), event("novelty", &json!({})), chunk(b"\xa9 ok")].concat();
    let pieces = bytes.chunks(7).map(|piece| Step::Bytes(piece.to_vec())).collect();
    let (answer, _) = ask(stream(pieces)).await;
    assert_eq!(answer.unwrap().text, "café ok");
}

#[tokio::test(start_paused = true)]
async fn the_traces_tell_collaborators_tokens_and_guardrail() {
    let call = json!({"trace": {"orchestrationTrace": {"invocationInput": {
        "invocationType": "AGENT_COLLABORATOR",
        "agentCollaboratorInvocationInput": {"agentCollaboratorName": "DealAnalysisAgent"}}}}});
    let used = json!({"collaboratorName": "DealAnalysisAgent", "trace": {"orchestrationTrace": {
        "modelInvocationOutput": {"metadata": {"usage": {"inputTokens": 1200, "outputTokens": 80}}}}}});
    let guarded = json!({"trace": {"guardrailTrace": {"action": "INTERVENED"}}});
    let traces = [call, used, guarded].map(|trace| event("trace", &trace));
    let (answer, _) = ask(frames(traces.into_iter().chain([chunk(b"ok")]))).await;
    let AgentAnswer { collaborators, usage, .. } = answer.unwrap();
    assert_eq!(collaborators, ["DealAnalysisAgent"]);
    assert_eq!(
        (usage.input_tokens, usage.output_tokens, usage.guardrail_intervened),
        (Some(1200), Some(80), true)
    );
    assert_eq!(usage.backend, "bedrock_agent");
}

#[tokio::test(start_paused = true)]
async fn an_exception_in_mid_stream_is_a_failure_and_never_half_an_answer() {
    let throttled = failure(frames([chunk(b"half"), exception("throttlingException")])).await;
    assert_eq!(throttled, (AgentErrorCode::Throttled, true));
    let refused = failure(frames([chunk(b"half"), exception("validationException")])).await;
    assert_eq!(refused, (AgentErrorCode::Invalid, false));
    let unknown = failure(frames([exception("brandNewException")])).await;
    assert_eq!(unknown, (AgentErrorCode::ServiceError, true));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_breaks_in_or_between_frames_is_a_failure() {
    let mut cut = chunk(b"half an answer");
    cut.truncate(40);
    assert_eq!(failure(frames([chunk(b"so far"), cut])).await, (AgentErrorCode::BrokenStream, true));
    let lost = stream(vec![Step::Bytes(chunk(b"so far")), Step::Lost]);
    assert_eq!(failure(lost).await, (AgentErrorCode::BrokenStream, true));
    let mut garbled = chunk(b"garbled");
    garbled[20] ^= 1;
    assert_eq!(failure(frames([garbled])).await, (AgentErrorCode::BrokenStream, true));
}

#[tokio::test(start_paused = true)]
async fn an_end_without_a_chunk_is_never_an_empty_answer() {
    assert_eq!(failure(frames([])).await, (AgentErrorCode::EmptyAnswer, true));
    let only_a_trace = frames([event("trace", &json!({"collaboratorName": "DataAgent"}))]);
    assert_eq!(failure(only_a_trace).await, (AgentErrorCode::EmptyAnswer, true));
}

#[tokio::test(start_paused = true)]
async fn control_handed_back_ends_the_question_for_good() {
    let control = event("returnControl", &json!({"invocationId": "i", "invocationInputs": []}));
    assert_eq!(failure(frames([control])).await, (AgentErrorCode::ReturnControl, false));
}

#[tokio::test(start_paused = true)]
async fn the_whole_stream_has_one_deadline() {
    let started = tokio::time::Instant::now();
    let stalls = stream(vec![Step::Bytes(chunk(b"so far")), Step::Silence]);
    assert_eq!(failure(stalls).await, (AgentErrorCode::TimedOut, true));
    assert_eq!(started.elapsed().as_secs(), DEADLINE.as_secs());
    assert_eq!(failure(Answer::Silence).await, (AgentErrorCode::TimedOut, true));
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_megabytes_is_refused_for_good() {
    let chunks = std::iter::repeat_with(|| chunk(&[b'x'; 400_000])).take(3);
    assert_eq!(failure(frames(chunks)).await, (AgentErrorCode::AnswerTooLarge, false));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_before_the_stream_is_told_by_its_name() {
    let refusal = |status, name| Answer::new(status, &[("x-amzn-errortype", name)], r#"{"message":"no"}"#);
    assert_eq!(failure(refusal(424, "ModelNotReadyException")).await, (AgentErrorCode::ModelNotReady, true));
    assert_eq!(failure(refusal(429, "ThrottlingException")).await, (AgentErrorCode::Throttled, true));
    assert_eq!(failure(refusal(403, "AccessDeniedException")).await, (AgentErrorCode::AccessDenied, false));
    assert_eq!(failure(refusal(503, "ServiceUnavailable")).await, (AgentErrorCode::ServiceError, true));
    assert_eq!(failure(Answer::Lost).await, (AgentErrorCode::BrokenStream, true));
}
