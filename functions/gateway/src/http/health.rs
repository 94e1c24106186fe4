//! `GET /health`: that the function runs; with `?deep=true`, whether what it depends on does.

use std::future::Future;
use std::time::Duration;

use futures_util::future::try_join_all;
use revops_core::Timestamp;
use revops_core::ports::{CountMessages, ReachManagerAgent, ReadRecords};
use revops_core::telemetry::{event, with_causes};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{FrontDoor, Reply};

/// How long a dependency may take before it counts as down.
const LIMIT: Duration = Duration::from_secs(2);

/// An object that nobody writes: its absence is an answer, and needs the same permissions as a record's.
const PROBE: &str = "conversations/health.json";

/// Whether the query string asks for the deep check.
pub(super) fn is_deep(query: &str) -> bool {
    query.split('&').any(|pair| pair == "deep=true")
}

/// The function runs, and this is its version.
pub(super) fn shallow() -> Reply {
    Reply::json(200, body("ok").to_string())
}

fn body(status: &str) -> Value {
    json!({"status": status, "version": env!("CARGO_PKG_VERSION")})
}

impl<R, Q, M, F> FrontDoor<R, Q, M, F>
where
    R: ReadRecords,
    Q: CountMessages,
    M: ReachManagerAgent,
{
    /// Looks at every dependency at the same time; 503 if one is down.
    pub(super) async fn deep_health(&self) -> Reply {
        let gateway = &self.gateway;
        let (s3, queues, manager_agent) = tokio::join!(
            self.look("s3", async { gateway.records.get(PROBE).await.map(|_| ()) }),
            self.look("queues", self.every_queue()),
            self.look("manager-agent", gateway.manager_agent.reach()),
        );
        let up = [&s3, &queues, &manager_agent].iter().all(|look| look["status"] == "ok");
        let mut body = body(if up { "ok" } else { "down" });
        body["dependencies"] = json!({"s3": s3, "queues": queues, "manager-agent": manager_agent});
        Reply::json(if up { 200 } else { 503 }, body.to_string())
    }

    /// Every queue that the gateway sends to.
    async fn every_queue(&self) -> Result<(), revops_core::ports::QueueError> {
        let config = &self.gateway.config;
        let mut urls = config.class_queues.urls();
        urls.insert(&config.query_queue_url);
        try_join_all(urls.into_iter().map(|url| self.gateway.queues.in_flight(url))).await.map(|_| ())
    }

    /// One dependency: what it is told is up or down, and why only to the log.
    async fn look<E: std::error::Error>(
        &self,
        name: &str,
        probe: impl Future<Output = Result<(), E>>,
    ) -> Value {
        let started: Timestamp = self.gateway.now();
        let cause = match timeout(LIMIT, probe).await {
            Ok(Ok(())) => None,
            Ok(Err(cause)) => Some(with_causes(&cause)),
            Err(elapsed) => Some(elapsed.to_string()),
        };
        if let Some(cause) = &cause {
            tracing::error!(event = event::ERROR_OCCURRED, dependency = name, cause, "a dependency is down");
        }
        let latency = self.gateway.now().since(started).as_millis();
        let status = if cause.is_none() { "ok" } else { "down" };
        json!({"status": status, "latency_ms": u64::try_from(latency).unwrap_or(u64::MAX)})
    }
}

#[cfg(test)]
mod tests {
    use crate::fixtures::{House, Script, json};

    #[tokio::test(start_paused = true)]
    async fn health_is_open_and_the_deep_check_is_not() {
        let house = House::that_answers();
        assert_eq!(house.get("/health", "wrong").await.status, 200);
        assert_eq!(house.get("/health?deep=true", "wrong").await.status, 401);
        let body = json(&house.get("/health?deep=true", "k-crm").await);
        for name in ["s3", "queues", "manager-agent"] {
            assert_eq!(body["dependencies"][name]["status"], "ok", "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whichever_dependency_is_down_is_named_within_two_seconds() {
        type Break = fn(&House);
        let breaks: [(&str, Break); 3] = [
            ("s3", |house| house.records.set_outage(true)),
            ("queues", |house| house.queues.set_outage(true)),
            ("manager-agent", |house| *house.agent.script.lock().unwrap() = vec![Script::Lost]),
        ];
        for (name, breaks) in breaks {
            let house = House::that_answers();
            breaks(&house);
            let reply = house.get("/health?deep=true", "k-crm").await;
            let body = json(&reply);
            assert_eq!((reply.status, body["status"].as_str()), (503, Some("down")), "{name}");
            for (dependency, look) in body["dependencies"].as_object().unwrap() {
                assert_eq!(look["status"] == "down", dependency == name, "{name}: {body}");
                assert!(look["latency_ms"].as_u64().unwrap() <= 2_000);
            }
        }
    }
}
