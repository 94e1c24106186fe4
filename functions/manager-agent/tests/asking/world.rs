//! A conversation, an agent that answers from a script, and a clock to move.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use manager_agent::{AskError, ManagerAgent, Report, Settings};
use revops_core::fake::{FixedClock, FixedRandom, MemoryRecords};
use revops_core::messages::{AskReply, AskRequest, Version};
use revops_core::ports::{
    Agent, AgentAnswer, AgentError, AgentErrorCode, AgentQuestion, Clock, CreateRecords, Created,
};
use revops_core::records::{AgentAttemptRecord, AgentUsage, QueryRecord, VERSION, keys};
use revops_core::retry::RetryPolicy;
use revops_core::{Timestamp, TrackingId};
use serde_json::Value;

use crate::store::Store;

pub(crate) type Scripted = Result<AgentAnswer, AgentError>;

pub(crate) fn answer(text: &str) -> AgentAnswer {
    let usage = AgentUsage {
        backend: "scripted".into(),
        latency_ms: 800,
        input_tokens: Some(1200),
        output_tokens: Some(80),
        guardrail_intervened: false,
    };
    AgentAnswer { text: text.into(), collaborators: vec!["DealAnalysisAgent".into()], usage }
}

pub(crate) fn retryable(code: AgentErrorCode) -> AgentError {
    AgentError::Retryable { code, detail: "internal detail".into() }
}

pub(crate) fn permanent(code: AgentErrorCode) -> AgentError {
    AgentError::Permanent { code, detail: "internal detail".into() }
}

/// Answers from its script, after letting every other task run for a while. Clones share the script.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptedAgent {
    answers: Arc<Mutex<VecDeque<Scripted>>>,
    asked: Arc<Mutex<Vec<AgentQuestion>>>,
    breaks: Arc<Mutex<Option<MemoryRecords>>>,
}

impl ScriptedAgent {
    /// What it will answer next.
    pub(crate) fn script(&self, answers: impl IntoIterator<Item = Scripted>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// The store is out from the moment the agent has answered.
    pub(crate) fn outage_after_asking(&self, records: &MemoryRecords) {
        *self.breaks.lock().unwrap() = Some(records.clone());
    }
}

impl Agent for ScriptedAgent {
    async fn ask(&self, question: &AgentQuestion) -> Scripted {
        self.asked.lock().unwrap().push(question.clone());
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        if let Some(records) = self.breaks.lock().unwrap().take() {
            records.set_outage(true);
        }
        self.answers.lock().unwrap().pop_front().expect("a question that the script does not expect")
    }
}

/// One conversation and the function that is asked about it.
pub(crate) struct World {
    pub(crate) id: TrackingId,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) records: MemoryRecords,
    pub(crate) function: ManagerAgent<Store, ScriptedAgent>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl World {
    /// A conversation with a query, and what the agent will answer.
    pub(crate) fn new(answers: impl IntoIterator<Item = Scripted>) -> Self {
        let world = Self::without_query();
        world.agent().script(answers);
        world.put_query(None);
        world
    }

    pub(crate) fn without_query() -> Self {
        let clock = Arc::new(FixedClock::at("2025-08-13T06:30:00Z".parse().unwrap()));
        let records = MemoryRecords::new(Arc::clone(&clock));
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let written = Arc::clone(&lines);
        let report = Report::new(move |measurements| {
            written.lock().unwrap().extend(measurements.to_line(Timestamp::from_unix_ms(0)));
        });
        let settings = Settings {
            agent_timeout: Duration::from_secs(120),
            route_hint: true,
            manager_name: "ManagerAgent".into(),
            retry: RetryPolicy::default(),
            scale: "1".parse().unwrap(),
        };
        let function = ManagerAgent {
            records: Store::new(records.clone()),
            agent: ScriptedAgent::default(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            random: Arc::new(FixedRandom::default()),
            settings,
            report,
        };
        let id = TrackingId::new(clock.now(), &FixedRandom::default());
        Self { id, clock, records, function, lines }
    }

    /// Stores the query, with the agent session that the caller named.
    pub(crate) fn put_query(&self, agent_session: Option<&str>) {
        let query = QueryRecord {
            v: VERSION,
            tracking_id: self.id,
            caller: "crm".into(),
            received_at: self.clock.now(),
            source_system: "external_app".into(),
            source_process: "quarterly_review".into(),
            original_timestamp: "2025-08-13T06:30:00Z".into(),
            query: "What is the deal status for IXIS?".into(),
            agent_session: agent_session.map(str::to_owned),
            user_context: BTreeMap::from([("region".into(), "emea".into())]),
            expected_header: None,
            route: None,
            deliver_before: None,
            ledger: None,
        };
        self.put(keys::query(self.id).path(), &serde_json::to_value(query).unwrap());
    }

    /// Puts a record there that somebody else wrote.
    pub(crate) fn put(&self, key: &str, record: &Value) {
        put(&self.records, key, record);
    }

    pub(crate) async fn ask(&self, token: &str) -> Result<AskReply, AskError> {
        self.ask_with_seconds_left(token, 150).await
    }

    pub(crate) async fn ask_with_seconds_left(
        &self,
        token: &str,
        seconds: u64,
    ) -> Result<AskReply, AskError> {
        let request = AskRequest { v: Version, tracking_id: self.id, invocation_token: token.to_owned() };
        let ends_at = self.clock.now().plus(Duration::from_secs(seconds));
        self.function.ask(&request, ends_at).await
    }

    pub(crate) fn agent(&self) -> &ScriptedAgent {
        &self.function.agent
    }

    pub(crate) fn asked(&self) -> Vec<AgentQuestion> {
        self.agent().asked.lock().unwrap().clone()
    }

    /// The conversation's record with this name.
    pub(crate) fn record(&self, name: &str) -> Option<Value> {
        self.records.json(&format!("conversations/{}/{name}", self.id))
    }

    /// How many metric lines name `metric`.
    pub(crate) fn metric_lines(&self, metric: &str) -> usize {
        self.lines.lock().unwrap().iter().filter(|line| line.contains(metric)).count()
    }

    /// The failed try `number`, as another invocation recorded it.
    pub(crate) fn failed_try(&self, number: u32, retry_at: Timestamp) -> (String, Value) {
        let record = AgentAttemptRecord {
            v: VERSION,
            number,
            started_at: self.clock.now(),
            duration_ms: 5,
            code: AgentErrorCode::Throttled,
            retry_at,
        };
        (keys::agent_attempt(self.id, number).path().to_owned(), serde_json::to_value(record).unwrap())
    }
}

/// Puts a record there that was not there.
pub(crate) fn put(records: &MemoryRecords, key: &str, record: &Value) {
    let body = serde_json::to_vec(record).unwrap();
    assert_eq!(without_waiting(records.create(key, body)).unwrap(), Created::New, "{key}");
}

/// The result of a future that never waits, as those of the in-memory ports.
fn without_waiting<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("an in-memory port waited"),
    }
}
