//! The other back end of the agent, end to end: `AGENT_BACKEND=agentcore` and nothing else.

use reqwest::Method;
use serde_json::{Value, json};
use tests::stack::{Options, Stack};

const IXIS: &str = "What is the deal status for IXIS?";

async fn stack(state: &tempfile::TempDir, time_scale: f64) -> Stack {
    let environment = vec![("AGENT_BACKEND".to_owned(), "agentcore".to_owned())];
    Stack::start(state.path(), Options { time_scale, environment, ..Options::default() }).await
}

#[tokio::test]
async fn an_agent_runtime_answers_and_the_team_gets_the_answer() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state, 1.0).await;
    let answer = stack.ask(IXIS, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let response = &answer.body["ai_response"];
    assert!(response["response_plain"].as_str().unwrap().contains("Zoë Marchetti"));
    assert_eq!(answer.body["classification"]["method"], "agent_route");
    // A runtime tells no collaborators, and none are made up.
    assert_eq!(response["agents_used"], json!(["ManagerAgent"]));
    let id = answer.tracking_id();
    stack.ended(&id, "delivered").await;
    let body = stack.deliveries(&id).await[0]["body"].as_str().unwrap().to_owned();
    let envelope: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(envelope["metadata"]["agent"]["backend"], "agentcore");
}

#[tokio::test]
async fn a_runtime_that_fails_inside_its_answer_is_asked_again() {
    let state = tempfile::tempdir().unwrap();
    let stack = stack(&state, 60.0).await;
    let fault = json!({"exception": "throttlingException", "after_chunks": 1, "count": 1});
    stack.call(Method::PUT, "/_local/agent", Some(fault)).await;
    let id = stack.ask(IXIS, &[]).await.tracking_id();
    stack.ended(&id, "delivered").await;
    assert_eq!(stack.agent_invocations().await, 2);
    let deliveries = stack.deliveries(&id).await;
    assert_eq!((deliveries.len(), &deliveries[0]["header"]), (1, &json!("deal_analysis")));
}
