//! InvokeAgent's own: the request, the traces, and control handed back. All else is the port's suite.

use revops_core::ports::{AgentAnswer, AgentErrorCode};
use serde_json::json;

use crate::agent_port::{InvokeAgent, Service as _, ask, body, event, failure, question, whole};
use crate::script::{Answer, Step};

fn frames(frames: impl IntoIterator<Item = Vec<u8>>) -> Answer {
    body::<InvokeAgent>(frames.into_iter().map(Step::Bytes))
}

#[tokio::test(start_paused = true)]
async fn the_agent_is_asked_with_session_text_context_and_traces() {
    let (_, script) = ask::<InvokeAgent>(whole::<InvokeAgent>(&[b"x"])).await;
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
async fn the_traces_tell_collaborators_tokens_and_guardrail() {
    let call = json!({"trace": {"orchestrationTrace": {"invocationInput": {
        "invocationType": "AGENT_COLLABORATOR",
        "agentCollaboratorInvocationInput": {"agentCollaboratorName": "DealAnalysisAgent"}}}}});
    let used = json!({"collaboratorName": "DealAnalysisAgent", "trace": {"orchestrationTrace": {
        "modelInvocationOutput": {"metadata": {"usage": {"inputTokens": 1200, "outputTokens": 80}}}}}});
    let guarded = json!({"trace": {"guardrailTrace": {"action": "INTERVENED"}}});
    let traces = [call, used, guarded].map(|trace| event("trace", &trace));
    let answer = frames(traces.into_iter().chain([InvokeAgent::piece(b"ok")]));
    let AgentAnswer { collaborators, usage, .. } = ask::<InvokeAgent>(answer).await.0.unwrap();
    assert_eq!(collaborators, ["DealAnalysisAgent"]);
    assert_eq!(
        (usage.input_tokens, usage.output_tokens, usage.guardrail_intervened),
        (Some(1200), Some(80), true)
    );
    assert_eq!(usage.backend, "bedrock_agent");
}

#[tokio::test(start_paused = true)]
async fn a_garbled_frame_is_a_broken_stream() {
    let mut garbled = InvokeAgent::piece(b"garbled");
    garbled[20] ^= 1;
    let answer = frames([InvokeAgent::piece(b"so far"), garbled]);
    assert_eq!(failure::<InvokeAgent>(answer).await, (AgentErrorCode::BrokenStream, true));
}

#[tokio::test(start_paused = true)]
async fn control_handed_back_ends_the_question_for_good_also_after_text() {
    let control = || event("returnControl", &json!({"invocationId": "i", "invocationInputs": []}));
    for answer in [frames([control()]), frames([InvokeAgent::piece(b"so far"), control()])] {
        assert_eq!(failure::<InvokeAgent>(answer).await, (AgentErrorCode::ReturnControl, false));
    }
}
