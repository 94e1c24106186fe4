//! The use case over in-memory ports: every branch of asking, and who may ask when.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a helper cannot do fails the test"
)]

mod interleavings;
mod retries;
mod store;
mod takeover;
mod world;

use revops_core::messages::AskReply;
use revops_core::ports::{AgentErrorCode, StoreError};
use revops_core::records::{AgentUsage, RecordError};
use serde_json::json;

use manager_agent::AskError;
use world::{World, answer, permanent};

#[tokio::test(start_paused = true)]
async fn a_question_is_asked_and_its_answer_stored() {
    let world = World::new([Ok(answer("It is at risk."))]);
    assert_eq!(world.ask("t-1").await.unwrap(), AskReply::Answered);
    let stored = world.record("answer.json").unwrap();
    assert_eq!(
        (&stored["status"], &stored["text"], &stored["attempt"]),
        (&json!("answered"), &json!("It is at risk."), &json!(1))
    );
    assert_eq!(stored["agents_used"], json!(["ManagerAgent", "DealAnalysisAgent"]));
    assert_eq!(
        (&stored["usage"]["input_tokens"], &stored["usage"]["backend"]),
        (&json!(1200), &json!("scripted"))
    );
}

#[tokio::test(start_paused = true)]
async fn the_agent_gets_the_question_the_date_and_the_nonce_that_is_stored() {
    let world = World::new([Ok(answer("ok"))]);
    world.ask("t-1").await.unwrap();
    let asked = &world.asked()[0];
    let nonce = world.record("answer.json").unwrap()["nonce"].as_str().unwrap().to_owned();
    assert!(asked.input.contains("What is the deal status for IXIS?"));
    assert!(asked.input.contains("Today's date: 2025-08-13"));
    assert!(asked.input.contains(&format!("route: <class> {nonce}")));
    assert_eq!(asked.user_context["region"], "emea");
    assert_eq!(asked.deadline.as_secs(), 120);
}

#[tokio::test(start_paused = true)]
async fn without_a_route_hint_there_is_no_nonce() {
    let mut world = World::new([Ok(answer("ok"))]);
    world.function.settings.route_hint = false;
    world.ask("t-1").await.unwrap();
    assert!(!world.asked()[0].input.contains("route:"));
    assert_eq!(world.record("answer.json").unwrap().get("nonce"), None);
}

#[tokio::test(start_paused = true)]
async fn a_manager_that_its_own_traces_name_is_listed_once() {
    let mut named = answer("ok");
    named.collaborators = vec!["DataAgent".into(), "ManagerAgent".into()];
    named.usage = AgentUsage { backend: "scripted".into(), ..AgentUsage::default() };
    let world = World::new([Ok(named)]);
    world.ask("t-1").await.unwrap();
    assert_eq!(world.record("answer.json").unwrap()["agents_used"], json!(["ManagerAgent", "DataAgent"]));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_stored_is_never_asked_for_again() {
    let world = World::new([Ok(answer("once"))]);
    for token in ["t-1", "t-2", "t-1"] {
        assert_eq!(world.ask(token).await.unwrap(), AskReply::Answered);
    }
    assert_eq!(world.asked().len(), 1);
    assert_eq!(world.metric_lines("AnswersReused"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_failure_is_the_decision_and_stays_it() {
    let world = World::new([Err(permanent(AgentErrorCode::Invalid))]);
    assert_eq!(world.ask("t-1").await.unwrap(), AskReply::Failed);
    assert_eq!(world.ask("t-2").await.unwrap(), AskReply::Failed);
    let stored = world.record("answer.json").unwrap();
    assert_eq!((&stored["status"], &stored["code"]), (&json!("failed"), &json!("invalid")));
    assert!(!stored.to_string().contains("internal detail"), "{stored}");
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_without_a_query_is_an_error_with_a_stable_type() {
    let world = World::without_query();
    let error = world.ask("t-1").await.unwrap_err();
    assert!(matches!(error, AskError::QueryMissing(_)));
    assert_eq!(error.error_type(), "QueryMissing");
    assert_eq!(world.record("lease.json").unwrap()["state"], "released");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_is_an_error_and_asks_nobody() {
    let world = World::new([]);
    world.records.set_outage(true);
    let error = world.ask("t-1").await.unwrap_err();
    assert!(matches!(error, AskError::Records(RecordError::Store(StoreError::Unavailable(_)))));
    assert!(world.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_agents_deadline_leaves_time_to_record_how_it_ended() {
    let world = World::new([Ok(answer("ok"))]);
    world.ask_with_seconds_left("t-1", 40).await.unwrap();
    let asked = &world.asked()[0];
    assert_eq!((asked.deadline.as_secs(), asked.longest_silence.as_secs()), (30, 75));
    assert_eq!(world.record("lease.json").unwrap()["lives_ms"], 40_000);
}

#[tokio::test(start_paused = true)]
async fn an_invocation_without_time_asks_nobody_and_takes_no_lease() {
    let world = World::new([]);
    let error = world.ask_with_seconds_left("t-1", 10).await.unwrap_err();
    assert!(matches!(error, AskError::NoTimeLeft));
    assert_eq!(world.record("lease.json"), None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_written_at_once_is_written_when_the_store_is_back() {
    let world = World::new([Ok(answer("paid for"))]);
    world.agent().outage_after_asking(&world.records);
    let records = world.records.clone();
    let back = async {
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        records.set_outage(false);
    };
    let (reply, ()) = tokio::join!(world.ask("t-1"), back);
    assert_eq!(reply.unwrap(), AskReply::Answered);
    assert_eq!(world.asked().len(), 1);
}
