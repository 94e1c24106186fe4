//! The suite of the port `Agent`: what every back end owes the manager-agent function, whatever its service
//! puts on the wire. Run for InvokeAgent's event stream and for both forms of InvokeAgentRuntime's answer.
//!
//! Time is paused: the minutes in these cases cost nothing. There is no double in memory to run it for: the
//! use case's tests script the results of the port themselves.

mod answers;
mod any_bytes;
mod services;
mod streams;

use std::collections::BTreeMap;
use std::time::Duration;

use revops_core::ports::{Agent, AgentAnswer, AgentError, AgentErrorCode, AgentQuestion};

use crate::script::{Answer, Script, Step};
pub(crate) use services::{InvokeAgent, RuntimeDocument, RuntimeEvents, Service, Stream, event};

const DEADLINE: Duration = Duration::from_secs(120);
const LONGEST_SILENCE: Duration = Duration::from_secs(75);

pub(crate) fn question() -> AgentQuestion {
    AgentQuestion {
        session_id: "550e8400-e29b-41d4-a716-446655440000".into(),
        input: "What is the deal status for IXIS?".into(),
        user_context: BTreeMap::from([("region".into(), "emea".into())]),
        deadline: DEADLINE,
        longest_silence: LONGEST_SILENCE,
    }
}

/// Asks a service that answers so.
pub(crate) async fn ask<S: Service>(answer: Answer) -> (Result<AgentAnswer, AgentError>, Script) {
    let script = Script::new([answer]);
    let agent = S::agent(script.clients());
    (agent.ask(&question()).await, script)
}

/// The failure's code, and whether it can pass.
pub(crate) async fn failure<S: Service>(answer: Answer) -> (AgentErrorCode, bool) {
    let (answer, script) = ask::<S>(answer).await;
    assert_eq!(script.requests().len(), 1, "a failed call is not repeated here");
    let error = answer.unwrap_err();
    (error.code(), matches!(error, AgentError::Retryable { .. }))
}

/// A 200 with these steps between the opening and the closing of a body.
pub(crate) fn body<S: Service>(steps: impl IntoIterator<Item = Step>) -> Answer {
    let steps = S::opening().into_iter().map(Step::Bytes).chain(steps);
    S::response(steps.chain(S::closing().into_iter().map(Step::Bytes)).collect())
}

/// A whole answer of these pieces.
pub(crate) fn whole<S: Service>(pieces: &[&[u8]]) -> Answer {
    body::<S>(pieces.iter().map(|piece| Step::Bytes(S::piece(piece))))
}

/// A body that does these things after its opening and ends without its closing.
fn unfinished<S: Service>(steps: impl IntoIterator<Item = Step>) -> Answer {
    S::response(S::opening().into_iter().map(Step::Bytes).chain(steps).collect())
}

fn said<S: Service>(text: &[u8]) -> Step {
    Step::Bytes(S::piece(text))
}

/// Makes each case of a module a test of each service named.
macro_rules! cases_for {
    ($($service:ident as $module:ident),+ => $cases:tt) => {
        $(cases_for!(@one $service, $module, $cases);)+
    };
    (@one $service:ident, $module:ident, [$($case:ident),+ $(,)?]) => {
        mod $module {
            $(
                #[tokio::test(start_paused = true)]
                async fn $case() {
                    super::$case::<crate::agent_port::$service>().await;
                }
            )+
        }
    };
}
use cases_for;
