//! `GET /health`.

use revops_core::ports::{CreateRecords, InvokeManagerAgent, ReadRecords, SendMessages};
use revops_core::problem::Problem;
use serde_json::json;

use super::{FrontDoor, Incoming, Reply};

impl<R, Q, M> FrontDoor<R, Q, M>
where
    R: ReadRecords + CreateRecords,
    Q: SendMessages,
    M: InvokeManagerAgent,
{
    /// That the function runs, and its version. `?deep=true` needs credentials and looks at the record
    /// store, without which nothing is accepted.
    pub(super) async fn health(&self, request: &Incoming) -> Result<Reply, Problem> {
        let mut body = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")});
        if !request.query.split('&').any(|pair| pair == "deep=true") {
            return Ok(Reply::json(200, body.to_string()));
        }
        self.caller(request)?;
        let started = self.gateway.now();
        let look =
            tokio::time::timeout(std::time::Duration::from_secs(2), self.gateway.records.get("health.json"));
        let up = matches!(look.await, Ok(Ok(_)));
        let latency_ms = u64::try_from(self.gateway.now().since(started).as_millis()).unwrap_or(u64::MAX);
        let word = if up { "ok" } else { "down" };
        body["dependencies"] = json!({"s3": {"status": word, "latency_ms": latency_ms}});
        body["status"] = json!(word);
        Ok(Reply::json(if up { 200 } else { 503 }, body.to_string()))
    }
}
