//! The queues of a stack.

use aws_sdk_sqs::types::QueueAttributeName as Attribute;

use super::Stack;

/// How long what was received from a dead-letter queue stays hidden: longer than anybody looks.
const HIDDEN_SECONDS: i32 = 3_600;

impl Stack {
    /// The oldest message of the outbound dead-letter queue.
    ///
    /// # Panics
    /// There is none.
    pub async fn dead_letter(&self) -> aws_sdk_sqs::types::Message {
        let is_outbound = |name: &&String| name.contains("dead") && !name.contains("query");
        let name = self.ready.queue_urls.keys().find(is_outbound).unwrap();
        let received = self.sqs().receive_message().queue_url(&self.ready.queue_urls[name]);
        let received = received.message_attribute_names("All").wait_time_seconds(10).send().await.unwrap();
        received.messages().first().unwrap_or_else(|| panic!("{name} is empty")).clone()
    }

    /// A client of the embedded queues.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        let anybody = aws_sdk_sqs::config::Credentials::new("local", "local", None, None, "tests");
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(aws_sdk_sqs::config::BehaviorVersion::latest())
            .endpoint_url(&self.ready.aws_endpoint_url)
            .region(aws_sdk_sqs::config::Region::new("us-east-1"))
            .credentials_provider(anybody);
        aws_sdk_sqs::Client::from_conf(config.build())
    }

    /// How many messages are in the queues that somebody reads.
    ///
    /// # Panics
    /// The queues do not answer.
    pub async fn messages(&self) -> u64 {
        let client = self.sqs();
        let mut sum = 0;
        for (_, url) in self.ready.queue_urls.iter().filter(|(name, _)| !name.contains("dead")) {
            let asked = client.get_queue_attributes().queue_url(url).attribute_names(Attribute::All);
            let attributes = asked.send().await.unwrap().attributes.unwrap_or_default();
            for name in [
                Attribute::ApproximateNumberOfMessages,
                Attribute::ApproximateNumberOfMessagesNotVisible,
                Attribute::ApproximateNumberOfMessagesDelayed,
            ] {
                sum += attributes[&name].parse::<u64>().unwrap();
            }
        }
        sum
    }

    /// The bodies of all messages in the dead-letter queues, which stay hidden for an hour.
    ///
    /// # Panics
    /// The queues do not answer.
    pub async fn dead_letter_bodies(&self) -> Vec<String> {
        let client = self.sqs();
        let mut bodies = Vec::new();
        for (_, url) in self.ready.queue_urls.iter().filter(|(name, _)| name.contains("dead")) {
            loop {
                let receive = client.receive_message().queue_url(url).max_number_of_messages(10);
                let received = receive.visibility_timeout(HIDDEN_SECONDS).send().await.unwrap();
                if received.messages().is_empty() {
                    break;
                }
                bodies.extend(received.messages.into_iter().flatten().filter_map(|message| message.body));
            }
        }
        bodies
    }
}
