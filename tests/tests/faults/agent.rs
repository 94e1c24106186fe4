//! The agent fails in every way that it can, and a function dies in the middle of that.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::faults::{FaultPoint, Function, Moment, Trap, Write};

use crate::house::House;
use crate::reconciled::nothing_is_stranded;

/// So fast that six hours of tries pass in seconds, and still slow enough for a crash guard of 15 real seconds,
/// which a queue of scaled time can be asked for up to a scale of 2,880.
const TIME_SCALE: f64 = 1500.0;

/// Asked again and answered.
const PASSING: [&str; 13] = [
    r#"{"exception":"throttlingException"}"#,
    r#"{"exception":"serviceQuotaExceededException"}"#,
    r#"{"exception":"internalServerException"}"#,
    r#"{"exception":"badGatewayException"}"#,
    r#"{"exception":"dependencyFailedException"}"#,
    r#"{"exception":"modelNotReadyException"}"#,
    r#"{"exception":"conflictException"}"#,
    r#"{"exception":"internalServerException","after_chunks":1}"#,
    r#"{"http_status":503}"#,
    r#"{"cut":true}"#,
    r#"{"cut":true,"after_chunks":1}"#,
    r#"{"end_without_chunk":true}"#,
    r#"{"delay_ms":4000}"#,
];

/// Never asked again.
const FINAL: [&str; 5] = [
    r#"{"exception":"validationException"}"#,
    r#"{"exception":"accessDeniedException"}"#,
    r#"{"exception":"resourceNotFoundException"}"#,
    r#"{"exception":"validationException","after_chunks":1}"#,
    r#"{"return_control":true}"#,
];

const THROTTLED: &str = r#"{"exception":"throttlingException"}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_the_agent_or_the_receiver_fails_the_conversation_ends_and_somebody_is_told() {
    let house = House::start(TIME_SCALE, &[]).await;
    for fault in PASSING {
        script(&house, fault, Some(1)).await;
        answered(&house, fault, 2).await;
    }
    for fault in FINAL {
        script(&house, fault, Some(1)).await;
        refused(&house, fault, 1).await;
    }
    exhausted(&house).await;
    slow(&house).await;
    dies_while_a_failure_is_recorded(&house).await;
    dies_while_an_attempt_is_recorded(&house).await;
    house.drained().await;
    nothing_is_stranded(&house);
}

/// The agent suffers `fault` the next `count` times, or until something else is said.
async fn script(house: &House, fault: &str, count: Option<u32>) {
    let mut script: Value = serde_json::from_str(fault).unwrap();
    script["count"] = json!(count);
    let put = house.stack.call(Method::PUT, "/_local/agent", Some(script)).await;
    assert_eq!(put.status, 200, "{fault}: {put:?}");
}

/// A key of printable characters: what happens is its own name.
fn key(what: &str) -> String {
    what.chars().filter(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(*letter)).collect()
}

/// The caller waits and gets the answer, after so many calls of the agent.
async fn answered(house: &House, what: &str, calls: usize) {
    let answer = house.ask_until_answered(&key(what), "deal_analysis", None).await;
    assert_eq!(answer.status, 200, "{what}: {answer:?}");
    house.stack.ended(&answer.tracking_id(), "delivered").await;
    assert_eq!(house.stack.deliveries(&answer.tracking_id()).await.len(), 1, "{what}");
    assert_eq!(house.agent_calls(&key(what)).await, calls, "{what}");
}

/// The caller is told, the general webhook is told, and the conversation has failed.
async fn refused(house: &House, what: &str, calls: usize) {
    let answer = house.ask_until_answered(&key(what), "deal_analysis", None).await;
    assert_eq!((answer.status, &answer.body["code"]), (502, &json!("agent_failed")), "{what}");
    house.stack.ended(&answer.tracking_id(), "failed").await;
    let deliveries = house.stack.deliveries(&answer.tracking_id()).await;
    assert_eq!((deliveries.len(), &deliveries[0]["header"]), (1, &json!("general")), "{what}");
    assert!(deliveries[0]["body"].as_str().unwrap().contains("conversation.failed"), "{what}");
    assert_eq!(house.agent_calls(&key(what)).await, calls, "{what}");
}

/// Six tries fit into the six hours, then it is over.
async fn exhausted(house: &House) {
    script(house, THROTTLED, None).await;
    refused(house, "throttled for good", 6).await;
    house.stack.call(Method::DELETE, "/_local/agent", None).await;
}

/// Slower than the caller waits: a promise, kept with the answer that the first invocation was waiting for.
async fn slow(house: &House) {
    script(house, r#"{"delay_ms":2000}"#, Some(1)).await;
    let promise = house.ask_until_answered("slow", "deal_analysis", Some("wait=1")).await;
    assert_eq!(promise.status, 202, "{promise:?}");
    house.stack.ended(&promise.tracking_id(), "delivered").await;
    assert_eq!(house.agent_calls("slow").await, 1);
    assert_eq!(house.stack.deliveries(&promise.tracking_id()).await.len(), 1);
}

fn arm(house: &House, function: Function, part: &'static str, moment: Moment, what: &str) -> Trap {
    let point = FaultPoint { function, write: Write::Object(part), moment, nth: 1 };
    house.proxy.arm(point, House::aim(&key(what)))
}

/// A failed try is asked again, recorded or not. A final failure that was recorded is final.
async fn dies_while_a_failure_is_recorded(house: &House) {
    for moment in [Moment::Before, Moment::After] {
        let what = format!("agent-attempts {moment:?}");
        let trap = arm(house, Function::ManagerAgent, "/agent-attempts/", moment, &what);
        script(house, THROTTLED, Some(1)).await;
        answered(house, &what, 2).await;
        assert!(trap.has_fired(), "{what}");
    }
    for (moment, calls) in [(Moment::Before, 2), (Moment::After, 1)] {
        let what = format!("final failure {moment:?}");
        let trap = arm(house, Function::ManagerAgent, "/answer.json", moment, &what);
        script(house, FINAL[0], None).await;
        refused(house, &what, calls).await;
        assert!(trap.has_fired(), "{what}");
    }
    house.stack.call(Method::DELETE, "/_local/agent", None).await;
}

/// A receiver that fails once, and a delivery that dies with the failure unrecorded or just recorded: the
/// second attempt delivers. Two classes, so that both wait for their message at the same time.
async fn dies_while_an_attempt_is_recorded(house: &House) {
    let once = json!({"status": 503, "count": 1});
    let cases = [("data_analysis", Moment::Before), ("lead_analysis", Moment::After)];
    let lives = cases.map(|(class, moment)| {
        let once = once.clone();
        async move {
            let what = format!("attempt {moment:?}");
            let trap = arm(house, Function::Delivery, "/attempts/", moment, &what);
            house.stack.call(Method::PUT, &format!("/_local/inbox/{class}"), Some(once)).await;
            let answer = house.ask_until_answered(&key(&what), class, None).await;
            house.stack.ended(&answer.tracking_id(), "delivered").await;
            assert!(trap.has_fired(), "{what}");
            assert_eq!(house.stack.deliveries(&answer.tracking_id()).await.len(), 2, "{what}");
        }
    });
    join_all(lives).await;
}
