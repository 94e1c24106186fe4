//! A stack whose functions can be killed, and what is looked at in it.

use std::time::Duration;

use revops_core::ids::agent_session;
use revops_core::request::idempotency_key;
use serde_json::{Value, json};
use tests::faults::{Aim, Proxy, impatient_template};
use tests::stack::{Answer, Options, Stack};

/// The name of the key that the stack makes for its caller.
const CALLER: &str = "local";

/// How long the queues may take until nothing is left in them. A killed worker's message hides for a minute.
const DRAINED_WITHIN: Duration = Duration::from_secs(150);

/// A message that nobody has touched comes back after this.
const VISIBILITY_SECONDS: u32 = 15;

/// The stack, and the proxy before its embedded services.
pub(crate) struct House {
    pub(crate) stack: Stack,
    pub(crate) proxy: Proxy,
    _state: tempfile::TempDir,
}

impl House {
    /// Starts both. Leases are short, since the agent has only seconds to answer.
    pub(crate) async fn start(time_scale: f64, more: &[(&str, &str)]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let proxy = Proxy::start().await;
        let mut environment = proxy.environment();
        environment.push(("AGENT_TIMEOUT_SECONDS".to_owned(), "3".to_owned()));
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let template = Some(impatient_template(state.path(), VISIBILITY_SECONDS, 1));
        let options = Options { time_scale, environment, template, ..Options::default() };
        let stack = Stack::start(&state.path().join("state"), options).await;
        proxy.connect(&stack.ready.aws_endpoint_url);
        Self { stack, proxy, _state: state }
    }

    /// Asks with an idempotency key and an agent session of the same name, and repeats the request with the
    /// same key as long as it gets an error that is not final, as the contract says is safe.
    pub(crate) async fn ask_until_answered(&self, key: &str, route: &str, prefer: Option<&str>) -> Answer {
        let body = json!({"source_process": "faults", "timestamp": "2025-08-13T06:30:00Z", "route": route,
            "source_system": "tests", "session_id": key, "query": "What is the deal status for IXIS?"});
        let mut headers = vec![("idempotency-key", key)];
        headers.extend(prefer.map(|prefer| ("prefer", prefer)));
        let ask = || async {
            let answer = self.stack.post(&body.to_string(), &headers).await;
            let may_pass = answer.status >= 500 || answer.status == 429;
            let is_final = !may_pass || answer.body["code"] == "agent_failed";
            is_final.then_some(answer)
        };
        self.stack.until(&format!("{key} is answered"), ask).await
    }

    /// The conversation of `key`, for a trap.
    pub(crate) fn aim(key: &str) -> Aim {
        let parsed = idempotency_key("Idempotency-Key", key).unwrap();
        Aim::Conversation(parsed.digest(CALLER))
    }

    /// The outcome of the conversation's first run, once it is there. Looks at the records themselves: fifty
    /// conversations that ask the front door all the time would leave no processor for the product.
    pub(crate) async fn outcome(&self, id: &str, within: Duration) -> Value {
        let look = || async {
            let mut found = ["delivered", "failed", "expired"].into_iter().filter_map(|status| {
                self.stack.object(&format!("conversations/{id}/outcomes/001-{status}.json"))
            });
            found.next()
        };
        self.stack.until_within(within, &format!("{id} ends"), look).await
    }

    /// How often the agent was asked in the session of `key`.
    pub(crate) async fn agent_calls(&self, key: &str) -> usize {
        let shown = self.stack.call(reqwest::Method::GET, "/_local/agent", None).await.body;
        let session = json!(agent_session(CALLER, key).to_string());
        shown["recent_sessions"].as_array().unwrap().iter().filter(|recent| **recent == session).count()
    }

    /// The names of the conversation's exports.
    pub(crate) fn exports(&self, id: &str) -> Vec<String> {
        let all = self.stack.objects("conversation-history");
        let of_this = all.iter().filter(|path| path.to_string_lossy().contains(id));
        of_this.filter_map(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned()).collect()
    }

    /// Waits until every message was worked off, copies and late ones too.
    pub(crate) async fn drained(&self) {
        let look = || async { (self.stack.messages().await == 0).then_some(()) };
        self.stack.until_within(DRAINED_WITHIN, "the queues are empty", look).await;
    }
}
