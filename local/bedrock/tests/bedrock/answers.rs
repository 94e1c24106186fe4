//! Answers of the sample agent, with their traces.

use aws_sdk_bedrockagentruntime::types::{
    InvocationType, OrchestrationTrace, StreamingConfigurations, Trace, TracePart, Type as ObservationType,
};

use crate::support::{NONCE, invoke, read, served, wrapped};

fn orchestration(trace: &TracePart) -> &OrchestrationTrace {
    match trace.trace().unwrap() {
        Trace::OrchestrationTrace(trace) => trace,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_answer_is_one_chunk_that_ends_with_the_route_line() {
    let served = served().await;
    let call = invoke(&served.client, "s1", &wrapped("What is the deal status for IXIS?"));
    let response = call.clone().send().await.unwrap();
    assert_eq!((response.content_type(), response.session_id()), ("application/json", "s1"));
    let read = read(call).await;
    assert_eq!((read.chunks.len(), read.error.as_deref()), (1, None));
    let text = read.text();
    assert!(text.starts_with("## IXIS: Unified Analytics Platform"), "{text}");
    assert!(text.contains("2026-12-16"), "the day comes from the input: {text}");
    assert!(text.ends_with(&format!("\n\nroute: deal_analysis {NONCE}")), "{text}");
}

#[tokio::test]
async fn traces_name_the_collaborator_and_count_tokens() {
    let served = served().await;
    let read = read(invoke(&served.client, "s1", &wrapped("What is the deal status for IXIS?"))).await;
    let mut kinds = Vec::new();
    let mut tokens = 0;
    for part in &read.traces {
        assert_eq!((part.session_id(), part.agent_id()), (Some("s1"), Some("LOCALAGENT")));
        assert!(part.event_time().is_some());
        let inner = part.collaborator_name().is_some();
        assert_eq!(part.caller_chain().len(), if inner { 2 } else { 1 });
        let kind = match orchestration(part) {
            OrchestrationTrace::ModelInvocationInput(_) => "model input",
            OrchestrationTrace::ModelInvocationOutput(output) => {
                let usage = output.metadata().unwrap().usage().unwrap();
                tokens += usage.input_tokens().unwrap() + usage.output_tokens().unwrap();
                "model output"
            }
            OrchestrationTrace::InvocationInput(input) => {
                assert_eq!(input.invocation_type(), Some(&InvocationType::AgentCollaborator));
                let asked = input.agent_collaborator_invocation_input().unwrap();
                assert_eq!(asked.agent_collaborator_name(), Some("DealAnalysisAgent"));
                "asked"
            }
            OrchestrationTrace::Observation(seen) if seen.r#type() == Some(&ObservationType::Finish) => {
                assert!(seen.final_response().unwrap().text().is_some());
                "finished"
            }
            OrchestrationTrace::Observation(seen) => {
                let said = seen.agent_collaborator_invocation_output().unwrap();
                assert!(said.output().unwrap().text().unwrap().contains("IXIS"));
                "answered"
            }
            other => panic!("{other:?}"),
        };
        kinds.push((kind, inner));
    }
    assert!(tokens > 0);
    let expected = [
        ("model input", false),
        ("model output", false),
        ("asked", false),
        ("model input", true),
        ("model output", true),
        ("finished", true),
        ("answered", false),
        ("model input", false),
        ("model output", false),
        ("finished", false),
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn an_answer_of_the_manager_alone_has_no_collaborator_in_its_traces() {
    let served = served().await;
    let read = read(invoke(&served.client, "s1", &wrapped("Hello!"))).await;
    assert_eq!(read.traces.len(), 3);
    assert!(read.text().ends_with(&format!("route: general {NONCE}")));
}

#[tokio::test]
async fn traces_come_only_when_asked_for() {
    let served = served().await;
    let read = read(invoke(&served.client, "s1", "Pipeline by stage").enable_trace(false)).await;
    assert!(read.traces.is_empty());
    assert!(read.text().starts_with("## Open pipeline by stage") && !read.text().contains("route:"));
}

#[tokio::test]
async fn a_streamed_final_response_comes_in_several_chunks() {
    let served = served().await;
    let streaming = StreamingConfigurations::builder().stream_final_response(true).build();
    let call = invoke(&served.client, "s1", "How is IXIS?").streaming_configurations(streaming);
    let read = read(call).await;
    assert!(read.chunks.len() > 3);
    assert!(read.text().contains("Zoë Marchetti"));
}

#[tokio::test]
async fn a_session_remembers_the_deal_until_it_is_ended() {
    let served = served().await;
    let ask = |session: &'static str, question: &'static str| {
        let call = invoke(&served.client, session, &wrapped(question));
        async move { read(call).await.text() }
    };
    ask("s1", "How is Fjordbank?").await;
    assert!(ask("s1", "And its risks?").await.starts_with("## Fjordbank"));
    assert!(ask("s2", "And its risks?").await.starts_with("## Deals at risk"));
    read(invoke(&served.client, "s1", "bye").end_session(true)).await;
    assert!(ask("s1", "And its risks?").await.starts_with("## Deals at risk"));
}
