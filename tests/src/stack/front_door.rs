//! What callers and receivers of a stack see.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{Stack, WITHIN};

/// More than any answer of the stack.
const LARGEST: usize = 64 * 1024 * 1024;

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, parsed; null when it is not JSON.
    pub body: Value,
}

impl Stack {
    /// Asks `query` like the original example, with `headers`.
    ///
    /// # Panics
    /// The stack does not answer at all.
    pub async fn ask(&self, query: &str, headers: &[(&str, &str)]) -> Answer {
        let body = json!({"source_process": "quarterly_review", "timestamp": "2025-08-13T06:30:00Z",
            "source_system": "external_app", "query": query});
        self.post(&body.to_string(), headers).await
    }

    /// POSTs `body` to `/webhook`.
    ///
    /// # Panics
    /// The stack does not answer at all.
    pub async fn post(&self, body: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}/webhook", self.ready.gateway_url);
        let mut request =
            self.client.post(url).header("content-type", "application/json").body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.header("x-api-key", self.key()).send().await.unwrap()).await
    }

    /// Calls `path` of the front door, with the key.
    ///
    /// # Panics
    /// The stack does not answer at all.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.ready.gateway_url);
        let request = self.client.request(method, url).header("x-api-key", self.key());
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        answer(request.send().await.unwrap()).await
    }

    /// The conversation as `GET /webhook/{id}` shows it.
    pub async fn conversation(&self, id: &str) -> Answer {
        self.call(Method::GET, &format!("/webhook/{id}"), None).await
    }

    /// The conversation once it has the outcome `status`, which it has within a minute.
    pub async fn ended(&self, id: &str, status: &str) -> Value {
        self.ended_within(id, status, WITHIN).await
    }

    /// The conversation once it has the outcome `status`, which it has within `within`.
    ///
    /// # Panics
    /// It ends otherwise, or not in time.
    pub async fn ended_within(&self, id: &str, status: &str, within: Duration) -> Value {
        let look = || async {
            let conversation = self.conversation(id).await.body;
            let found = conversation.pointer("/outcome/status").cloned();
            assert!(found.is_none() || found == Some(json!(status)), "ended otherwise: {conversation}");
            found.map(|_| conversation)
        };
        self.until_within(within, &format!("{id} ends {status}"), look).await
    }

    /// What the inbox received for the conversation `id`.
    pub async fn deliveries(&self, id: &str) -> Vec<Value> {
        let inbox = self.call(Method::GET, "/_local/inbox", None).await.body;
        let of_this = |received: &&Value| received.pointer("/headers/x-tracking-id") == Some(&json!(id));
        inbox.as_array().into_iter().flatten().filter(of_this).cloned().collect()
    }

    /// How often the agent was asked.
    pub async fn agent_invocations(&self) -> u64 {
        let shown = self.call(Method::GET, "/_local/agent", None).await.body;
        shown["invocations"].as_u64().unwrap_or_default()
    }

    fn key(&self) -> &str {
        self.ready.api_key.as_deref().unwrap_or_default()
    }
}

impl Answer {
    /// The tracking id in the body.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn tracking_id(&self) -> String {
        self.body["tracking_id"].as_str().unwrap_or_else(|| panic!("no tracking id: {self:?}")).to_owned()
    }
}

async fn answer(mut response: Response) -> Answer {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        body.extend_from_slice(&chunk);
        assert!(body.len() < LARGEST, "the answer does not end");
    }
    Answer { status, headers, body: serde_json::from_slice(&body).unwrap_or_default() }
}
