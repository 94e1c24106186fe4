//! A stack on fast time, and what is done and looked at in it.

use aws_sdk_sqs::types::QueueAttributeName as Attribute;
use serde_json::{Value, json};

/// The house of every suite, and what this one does in it.
pub(crate) struct House(tests::house::House);

impl std::ops::Deref for House {
    type Target = tests::house::House;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl House {
    pub(crate) async fn start() -> Self {
        Self(tests::house::House::start().await)
    }

    /// From now on, or for the next `count` POSTs, the webhook of `class` answers so.
    pub(crate) async fn answers(&self, class: &str, fault: Value) {
        self.fault(&format!("inbox/{class}"), fault).await;
    }

    /// Asks for an answer of `class`; the tracking id.
    pub(crate) async fn ask(&self, class: &str) -> String {
        let body = json!({"source_process": "replays", "timestamp": "2025-08-13T06:30:00Z", "route": class,
            "source_system": "tests", "query": "What is the deal status for IXIS?"});
        self.stack.post(&body.to_string(), &[]).await.tracking_id()
    }

    /// A conversation of the deal team that ended in the dead-letter queue, refused with a 400. Its webhook
    /// takes what comes after it.
    pub(crate) async fn refused(&self) -> String {
        self.refused_many(1).await.remove(0)
    }

    /// So many conversations as [`House::refused`] makes one.
    pub(crate) async fn refused_many(&self, count: u32) -> Vec<String> {
        self.answers("deal_analysis", json!({"status": 400, "count": count})).await;
        let mut ids = Vec::new();
        for _ in 0..count {
            let id = self.ask("deal_analysis").await;
            self.stack.ended(&id, "failed").await;
            ids.push(id);
        }
        self.until_dead_letters(u64::from(count)).await;
        ids
    }

    /// Waits until so many messages lie in the dead-letter queue, and nobody holds one.
    pub(crate) async fn until_dead_letters(&self, count: u64) {
        let look = || async { (self.messages("dead-letter").await == (count, 0)).then_some(()) };
        self.stack.until(&format!("{count} dead letters"), look).await;
    }

    /// Waits until every outbound message was worked off.
    pub(crate) async fn until_worked_off(&self) {
        for queue in ["deal-analysis", "data-analysis", "lead-analysis", "general"] {
            let look = || async { (self.messages(queue).await == (0, 0)).then_some(()) };
            self.stack.until(&format!("{queue} is empty"), look).await;
        }
    }

    /// How many messages of the queue can be received, and how many are hidden.
    pub(crate) async fn messages(&self, queue: &str) -> (u64, u64) {
        let asked = self.stack.sqs().get_queue_attributes().queue_url(self.url(queue));
        let attributes = asked.attribute_names(Attribute::All).send().await.unwrap().attributes.unwrap();
        let number = |name: Attribute| attributes[&name].parse::<u64>().unwrap();
        let hidden = number(Attribute::ApproximateNumberOfMessagesNotVisible);
        (number(Attribute::ApproximateNumberOfMessages), hidden)
    }

    pub(crate) fn url(&self, queue: &str) -> &str {
        &self.stack.ready.queue_urls[queue]
    }

    pub(crate) async fn arn(&self, queue: &str) -> String {
        let asked = self.stack.sqs().get_queue_attributes().queue_url(self.url(queue));
        let attributes = asked.attribute_names(Attribute::QueueArn).send().await.unwrap().attributes.unwrap();
        attributes[&Attribute::QueueArn].clone()
    }

    /// The conversation's POSTs, all under one id and with the same bytes.
    pub(crate) async fn posts(&self, id: &str) -> usize {
        let posts = self.stack.deliveries(id).await;
        for post in &posts {
            assert_eq!(post["headers"]["webhook-id"], posts[0]["headers"]["webhook-id"]);
            assert_eq!((&post["body"], &post["signature"]), (&posts[0]["body"], &json!("valid")));
        }
        posts.len()
    }

    /// The record that the conversation's run ended so, once it is there.
    pub(crate) async fn outcome(&self, id: &str, name: &str) -> Value {
        let key = format!("conversations/{id}/outcomes/{name}.json");
        self.stack.until(&format!("{id} has {name}"), || async { self.stack.object(&key) }).await
    }
}
