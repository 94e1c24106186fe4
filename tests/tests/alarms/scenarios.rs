//! What happens in a minute of each scenario.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::alarms::Recording;

use crate::house::{CLASSES, House};

/// Nothing is wrong: each class is asked for, and its team gets the answers.
pub(crate) async fn healthy(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    for class in CLASSES {
        house.some(class, &mut recorder).await;
    }
    house.finish(recorder).await
}

/// The classes are left to the classifier, on a stack that is never sure enough of them.
pub(crate) async fn unsure(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    for _ in CLASSES {
        let answer = house.stack.ask("What is the deal status for IXIS?", &[]).await;
        house.stack.ended(&answer.tracking_id(), "delivered").await;
        recorder.answered(&answer);
    }
    house.finish(recorder).await
}

/// One delivery of four is refused for good.
pub(crate) async fn receiver_refuses(house: &House, fault: serde_json::Value) -> Recording {
    let mut recorder = house.recorder().await;
    house.some("deal_analysis", &mut recorder).await;
    house.webhook("deal_analysis", fault).await;
    house.one("deal_analysis", "failed", &mut recorder).await;
    let recording = house.finish(recorder).await;
    house.mend().await;
    recording
}

/// The webhook of the class fails every attempt, and says so that it need not be waited for.
pub(crate) async fn receiver_down(house: &House, class: &str) -> Recording {
    let mut recorder = house.recorder().await;
    house.webhook(class, json!({"status": 503, "retry_after": -1})).await;
    house.one(class, "failed", &mut recorder).await;
    let recording = house.finish(recorder).await;
    house.mend().await;
    recording
}

/// The webhook takes longer than an attempt may.
pub(crate) async fn receiver_slow(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.webhook("general", json!({"delay_ms": 20_000, "count": 1})).await;
    recorder.answered(&house.ask("general").await);
    house.until_seen(&recorder, "DeliveryRetried").await;
    house.finish(recorder).await
}

/// The webhook fails once, and the next attempt is due after a quarter of an hour.
pub(crate) async fn receiver_late(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.webhook("data_analysis", json!({"status": 503, "count": 1})).await;
    house.one("data_analysis", "delivered", &mut recorder).await;
    house.finish(recorder).await
}

/// The agent refuses for good, whoever asks.
pub(crate) async fn agent_down(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.agent(json!({"exception": "validationException"})).await;
    house.one("general", "failed", &mut recorder).await;
    let recording = house.finish(recorder).await;
    house.mend().await;
    recording
}

/// The agent's alias is not there: one try of four.
pub(crate) async fn agent_missing(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.some("general", &mut recorder).await;
    house.agent(json!({"exception": "resourceNotFoundException"})).await;
    house.one("general", "failed", &mut recorder).await;
    let recording = house.finish(recorder).await;
    house.mend().await;
    recording
}

/// The agent takes its time; a hundredth of it is waited for.
pub(crate) async fn agent_slow(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.agent(json!({"delay_ms": 400})).await;
    house.some("general", &mut recorder).await;
    let recording = house.finish(recorder).await;
    house.mend().await;
    recording.magnified("AgentLatency", 100.0)
}

/// The store refuses exports, as it does without a permission.
pub(crate) async fn exports_refused(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.some("general", &mut recorder).await;
    let in_the_way = house.unwritable("conversation-history");
    recorder.answered(&house.ask("general").await);
    house.until_seen(&recorder, "ExportFailed").await;
    let recording = house.finish(recorder).await;
    drop(in_the_way);
    recording
}

/// The store refuses conversations: the gateway promises nothing.
pub(crate) async fn store_refuses(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.some("general", &mut recorder).await;
    let in_the_way = house.unwritable("conversations");
    recorder.answered(&house.ask("general").await);
    let recording = house.finish(recorder).await;
    drop(in_the_way);
    recording
}

/// A message that no version of this product has sent.
pub(crate) async fn poison(house: &House, queue: &str) -> Recording {
    let mut recorder = house.recorder().await;
    house.some("general", &mut recorder).await;
    house.send(queue, r#"{"v":99,"type":"from_the_future"}"#).await;
    house.until_seen(&recorder, "Failures").await;
    house.finish(recorder).await
}

/// A question's message that nobody understands, until its queue gives it up.
pub(crate) async fn question_given_up(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.some("general", &mut recorder).await;
    house.send("query", r#"{"v":99,"type":"from_the_future"}"#).await;
    let arrived = || async {
        let url = &house.stack.ready.queue_urls["query-dead-letter"];
        let asked = house.stack.sqs().get_queue_attributes().queue_url(url);
        let name = aws_sdk_sqs::types::QueueAttributeName::ApproximateNumberOfMessages;
        let attributes = asked.attribute_names(name.clone()).send().await.unwrap().attributes.unwrap();
        (attributes[&name] == "1").then_some(())
    };
    house.stack.until("the question is given up", arrived).await;
    house.finish(recorder).await
}

/// A function is killed at its work, and another one does it.
pub(crate) async fn function_dies(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.agent(json!({"delay_ms": 1_000, "count": 1})).await;
    let (answer, ()) = tokio::join!(house.ask("general"), kill_the_busy(house, "manager-agent"));
    recorder.answered(&answer);
    house.stack.ended(&answer.tracking_id(), "delivered").await;
    let recording = house.finish(recorder).await;
    house.mend().await;
    recording
}

async fn kill_the_busy(house: &House, function: &str) {
    let busy = || async {
        let processes = house.stack.call(Method::GET, "/_local/functions", None).await.body;
        let is_it =
            |process: &&serde_json::Value| process["function"] == function && process["state"] == "busy";
        let found = processes.as_array().unwrap().iter().find(is_it)?["pid"].as_u64();
        // Until it has asked: what it does before is done again unseen.
        (house.stack.agent_invocations().await > 0).then_some(())?;
        found
    };
    let pid = house.stack.until("somebody works", busy).await;
    let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
}

/// More callers at once than there is concurrency.
pub(crate) async fn flood(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.agent(json!({"delay_ms": 1_000})).await;
    let answers = join_all((0..12).map(|_| house.ask("general"))).await;
    answers.iter().for_each(|answer| recorder.answered(answer));
    let recording = house.finish(recorder).await;
    house.mend().await;
    recording
}

/// Messages wait for their next attempt; each stands for thirty thousand.
pub(crate) async fn backlog(house: &House) -> Recording {
    let mut recorder = house.recorder().await;
    house.some("lead_analysis", &mut recorder).await;
    house.webhook("lead_analysis", json!({"status": 503, "count": 3})).await;
    let answers = join_all((0..3).map(|_| house.ask("lead_analysis"))).await;
    answers.iter().for_each(|answer| recorder.answered(answer));
    house.until_seen(&recorder, "DeliveryRetried").await;
    let recording = house.finish(recorder).await;
    for answer in answers {
        house.stack.ended(&answer.tracking_id(), "delivered").await;
    }
    recording.magnified("ApproximateNumberOfMessagesNotVisible", 30_000.0)
}
