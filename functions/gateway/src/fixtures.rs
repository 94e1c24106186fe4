//! What this crate's tests share: a gateway over in-memory doubles and a scripted manager agent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use revops_core::auth::sha256_hex;
use revops_core::config::Variables;
use revops_core::fake::{FixedClock, FixedRandom, MemoryQueues, MemoryRecords};
use revops_core::messages::{AskReply, AskRequest};
use revops_core::ports::{Clock, FetchSecret, InvokeError, InvokeManagerAgent, ReachManagerAgent};
use revops_core::records::{AgentUsage, Answer, AnswerRecord, FailedAnswer, VERSION, create, keys};
use revops_core::secret::Secret;
use revops_core::{Timestamp, TrackingId};

use crate::config::HttpConfig;
use crate::gateway::Gateway;
use crate::http::{Callers, FrontDoor, Incoming, Reply};

/// The moment at which every test starts.
pub(crate) const START: Timestamp = Timestamp::from_unix_ms(1_795_000_000_000);

/// A clock that follows tokio's, so that paused time moves both.
#[derive(Debug)]
pub(crate) struct TokioClock(tokio::time::Instant);

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        START.plus(self.0.elapsed())
    }
}

/// One scripted reply of the manager agent.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// It stores this answer and says so, after this time.
    Answers(&'static str, Duration),
    /// It stores a final failure.
    FailsForGood,
    /// Somebody else is asking.
    InProgress(Option<Duration>),
    /// Lambda reports a failed invocation.
    FunctionError,
    /// The connection is lost.
    Lost,
}

/// A manager agent that follows its script; the last line repeats.
#[derive(Clone)]
pub(crate) struct ScriptedAgent {
    pub(crate) script: Arc<Mutex<Vec<Script>>>,
    pub(crate) requests: Arc<Mutex<Vec<AskRequest>>>,
    records: MemoryRecords,
}

impl ScriptedAgent {
    fn next(&self) -> Script {
        let mut script = self.script.lock().unwrap();
        if script.len() > 1 { script.remove(0) } else { script[0].clone() }
    }

    /// Decides with the text of the script's first line, unless it was decided before.
    pub(crate) async fn decide_once(&self, id: TrackingId) {
        let Script::Answers(text, _) = self.next() else { panic!("the script must answer") };
        let record = AnswerRecord { v: VERSION, decided_at: START, attempt: 1, answer: answered(text) };
        let _ = create(&self.records, &keys::answer(id), &record).await.unwrap();
    }

    async fn decide(&self, id: TrackingId, answer: Answer) {
        let record = AnswerRecord { v: VERSION, decided_at: START, attempt: 1, answer };
        let _ = create(&self.records, &keys::answer(id), &record).await.unwrap();
    }
}

impl InvokeManagerAgent for ScriptedAgent {
    async fn invoke(&self, request: &AskRequest, within: Duration) -> Result<AskReply, InvokeError> {
        self.requests.lock().unwrap().push(request.clone());
        match self.next() {
            Script::Answers(text, after) => {
                if after > within {
                    tokio::time::sleep(within).await;
                    return Err(InvokeError::Lost("the time was up".into()));
                }
                tokio::time::sleep(after).await;
                self.decide(request.tracking_id, answered(text)).await;
                Ok(AskReply::Answered)
            }
            Script::FailsForGood => {
                let code = revops_core::ports::AgentErrorCode::AccessDenied;
                let message = "The agent is not available.".to_owned();
                self.decide(request.tracking_id, Answer::Failed(FailedAnswer { code, message })).await;
                Ok(AskReply::Failed)
            }
            Script::InProgress(wait) => {
                Ok(AskReply::InProgress { retry_at: wait.map(|wait| START.plus(wait)) })
            }
            Script::FunctionError => Err(InvokeError::FunctionError("Runtime.ExitError".into())),
            Script::Lost => Err(InvokeError::Lost("reset".into())),
        }
    }
}

impl ReachManagerAgent for ScriptedAgent {
    /// Where the script says that it is lost, it cannot be reached either.
    async fn reach(&self) -> Result<(), InvokeError> {
        let lost = matches!(self.script.lock().unwrap()[0], Script::Lost);
        if lost { std::future::pending().await } else { Ok(()) }
    }
}

/// Secrets by ARN; none where the vault is closed.
#[derive(Clone, Default)]
pub(crate) struct Vault(pub(crate) Arc<Mutex<std::collections::BTreeMap<String, String>>>);

impl FetchSecret for Vault {
    async fn fetch(&self, arn: &str) -> Option<Secret> {
        self.0.lock().unwrap().get(arn).cloned().map(Secret::new)
    }
}

fn answered(text: &str) -> Answer {
    Answer::Answered {
        text: text.to_owned(),
        nonce: None,
        agents_used: vec!["ManagerAgent".into(), "DealAnalysisAgent".into()],
        usage: AgentUsage { backend: "bedrock_agent".into(), ..AgentUsage::default() },
    }
}

/// A front door over doubles, and the doubles.
pub(crate) struct House {
    pub(crate) door: FrontDoor<MemoryRecords, MemoryQueues, ScriptedAgent, Vault>,
    pub(crate) vault: Vault,
    pub(crate) records: MemoryRecords,
    pub(crate) queues: MemoryQueues,
    pub(crate) agent: ScriptedAgent,
}

impl House {
    /// A house whose manager agent follows `script`.
    pub(crate) fn with(script: Vec<Script>) -> Self {
        Self::configured(script, &[])
    }

    /// The same with other variables; an empty one is not set.
    pub(crate) fn configured(script: Vec<Script>, variables: &[(&str, &str)]) -> Self {
        let records = MemoryRecords::new(Arc::new(FixedClock::at(START)));
        let queues = MemoryQueues::default();
        let agent = ScriptedAgent {
            script: Arc::new(Mutex::new(script)),
            requests: Arc::default(),
            records: records.clone(),
        };
        let vault = Vault::default();
        let door = front_door(variables, &vault, records.clone(), queues.clone(), agent.clone());
        Self { door, vault, records, queues, agent }
    }

    /// Another front door of this house, over other ports.
    pub(crate) fn front_door<R, Q, M>(&self, records: R, queues: Q, agent: M) -> FrontDoor<R, Q, M, Vault> {
        front_door(&[], &self.vault, records, queues, agent)
    }

    /// A house whose agent answers at once.
    pub(crate) fn that_answers() -> Self {
        Self::with(vec![Script::Answers("# IXIS\n\nThe **deal** is in negotiation.", Duration::ZERO)])
    }

    /// Sends the original example with `headers`.
    pub(crate) async fn post(&self, headers: &[(&'static str, &str)]) -> Reply {
        self.send("POST", "/webhook", headers, ORIGINAL.as_bytes()).await
    }

    pub(crate) async fn get(&self, path: &str, key: &str) -> Reply {
        self.send("GET", path, &[("x-api-key", key)], b"").await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &[u8],
    ) -> Reply {
        self.door.handle(self.incoming(method, path, headers, body)).await
    }

    /// A request as API Gateway passes it on; a POST has credentials and says that it is JSON.
    pub(crate) fn incoming(
        &self,
        method: &str,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &[u8],
    ) -> Incoming {
        let mut map = http::HeaderMap::new();
        if method == "POST" {
            map.insert("content-type", "application/json".parse().unwrap());
            map.insert("authorization", "Bearer k-crm".parse().unwrap());
        }
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let deadline = self.door.gateway.clock.now().plus(Duration::from_secs(29));
        Incoming {
            method: method.parse().unwrap(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: map,
            body: body.to_vec(),
            deadline,
        }
    }

    /// The bodies of all sent messages, parsed, with the name of their queue.
    pub(crate) fn sent(&self) -> Vec<(String, serde_json::Value)> {
        let parsed = |sent: &revops_core::fake::SentMessage| {
            let queue = sent.queue_url.rsplit('/').next().unwrap().to_owned();
            (queue, serde_json::from_str(&sent.message.body).unwrap())
        };
        self.queues.sent().iter().map(parsed).collect()
    }
}

/// The original example of a request.
pub(crate) const ORIGINAL: &str = r#"{"source_process":"quarterly_review","timestamp":"2025-08-13T06:30:00Z","source_system":"external_app","query":"What is the deal status for IXIS?"}"#;

/// The reply's body, parsed.
pub(crate) fn json(reply: &Reply) -> serde_json::Value {
    serde_json::from_str(&reply.body).unwrap()
}

fn front_door<R, Q, M>(
    variables: &[(&str, &str)],
    vault: &Vault,
    records: R,
    queues: Q,
    agent: M,
) -> FrontDoor<R, Q, M, Vault> {
    let config = config(variables);
    let gateway = Gateway {
        config: config.common,
        records,
        queues,
        manager_agent: agent,
        clock: Arc::new(TokioClock(tokio::time::Instant::now())),
        random: Arc::new(FixedRandom::default()),
        emit: |_| {},
    };
    let callers = Callers::new(config.inbound, vault);
    FrontDoor { gateway, callers, default_wait: config.default_wait }
}

fn config(more: &[(&str, &str)]) -> HttpConfig {
    let keys = ["crm", "erp", "ops"]
        .map(|name| format!("\"{name}\":\"{}\"", sha256_hex(format!("k-{name}").as_bytes())));
    let keys = format!("{{{}}}", keys.join(","));
    let variables = [
        ("GENERAL_WEBHOOK_URL", "https://example.com/general"),
        ("DEAL_ANALYSIS_WEBHOOK_URL", "https://example.com/deals"),
        ("OUTBOUND_WEBHOOK_QUEUE_URL", "https://sqs/1/general"),
        ("DEAL_ANALYSIS_QUEUE_URL", "https://sqs/1/deals"),
        ("QUERY_QUEUE_URL", "https://sqs/1/query"),
        ("CONVERSATION_EXPORT_S3_BUCKET", "bucket"),
        ("MANAGER_AGENT_FUNCTION_NAME", "manager-agent"),
        ("INBOUND_API_KEYS", keys.as_str()),
        ("OPERATOR_KEYS", "ops"),
    ];
    let variables = Variables::new(variables.into_iter().chain(more.iter().copied()));
    HttpConfig::from_variables(&variables).unwrap()
}
