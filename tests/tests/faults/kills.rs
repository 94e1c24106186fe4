//! Every durable step of every function, and a death on each side of it.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::faults::Function::{Delivery, Gateway, GatewayWorker, ManagerAgent};
use tests::faults::{FaultPoint, Function, Moment, Write};

use crate::case::Case;
use crate::house::House;
use crate::reconciled::nothing_is_stranded;

const BOTH: [Moment; 2] = [Moment::Before, Moment::After];
const ASYNC: Option<&str> = Some("respond-async");
const WAITING: Option<&str> = None;

const LEDGER: Write = Write::Object("/idempotency/");
const QUERY: Write = Write::Object("/query.json");
const LEASE: Write = Write::Object("/lease.json");
const ANSWER: Write = Write::Object("/answer.json");
const STORED: Write = Write::Object("/delivery.json");
const ANSWER_QUERY: Write = Write::Message("answer_query");
const DELIVER: Write = Write::Message("deliver");
const ATTEMPT: Write = Write::Object("/attempts/");
const OUTCOME: Write = Write::Object("/outcomes/");
const EXPORT: Write = Write::Object("/conversation-history/");

/// Both sides of each write.
fn around(function: Function, writes: &[Write], prefer: Option<&'static str>) -> Vec<Case> {
    let both = |write: &Write| BOTH.map(|moment| Case::new(function, *write, moment, prefer));
    writes.iter().flat_map(both).collect()
}

/// An answer that is lost before it is stored is asked for again; nothing else is.
fn manager_agent(prefer: Option<&'static str>) -> Vec<Case> {
    let mut cases = around(ManagerAgent, &[LEASE, ANSWER], prefer);
    cases[2].agent_calls = 2;
    cases
}

/// A receiver's 2xx that is lost before it is recorded is asked for again; nothing else is. The four exports
/// are written at the same time, so each is a step, and the last is the last before the deletion.
fn delivered() -> Vec<Case> {
    let mut cases = around(Delivery, &[OUTCOME], ASYNC);
    cases[0].posts = 2;
    for (nth, moment) in (1..=4).flat_map(|nth| BOTH.map(|moment| (nth, moment))) {
        let case = Case::new(Delivery, EXPORT, moment, ASYNC);
        cases.push(Case { point: FaultPoint { nth, ..case.point }, ..case });
    }
    cases
}

/// A class of its own each: a change of visibility does not say which conversation it is for.
fn visibility_cut() -> Vec<Case> {
    let cut = |queue, route, moment| Case { route, ..Case::new(Delivery, Write::Hide(queue), moment, ASYNC) };
    vec![cut("data-analysis", "data_analysis", Moment::Before), cut("general", "general", Moment::After)]
}

/// The leads' webhook refuses for good: attempt, dead-letter copy, outcome, exports.
fn refused() -> Vec<Case> {
    let mut cases = around(Delivery, &[ATTEMPT, DELIVER, OUTCOME, EXPORT], ASYNC);
    cases[0].posts = 2;
    cases.into_iter().map(|case| Case { route: "lead_analysis", ends: "failed", ..case }).collect()
}

fn all_cases() -> Vec<Case> {
    let mut cases = around(Gateway, &[LEDGER, QUERY, Write::Invoke, STORED, DELIVER], WAITING);
    cases.extend(around(Gateway, &[LEDGER, QUERY, ANSWER_QUERY], ASYNC));
    cases.extend(around(GatewayWorker, &[Write::Invoke, STORED, DELIVER], ASYNC));
    cases.extend(manager_agent(WAITING));
    cases.extend(manager_agent(ASYNC));
    cases.extend(delivered());
    cases.extend(visibility_cut());
    cases.extend(refused());
    cases
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_dies_at_whichever_step_every_conversation_ends_as_promised() {
    let house = House::start(1.0, &[]).await;
    let refuses = json!({"status": 400});
    house.stack.call(Method::PUT, "/_local/inbox/lead_analysis", Some(refuses)).await;
    let cases = all_cases();
    let keys: std::collections::BTreeSet<String> = cases.iter().map(Case::key).collect();
    assert_eq!(keys.len(), cases.len(), "two cases have one key");
    let survivors = join_all(cases.into_iter().map(|case| case.run(&house))).await;
    house.drained().await;
    for survivor in &survivors {
        survivor.check(&house).await;
    }
    nothing_is_stranded(&house);
}
