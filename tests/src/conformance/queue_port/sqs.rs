//! The SQS adapter, looked at with a plain client.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use revops_aws::{Clients, SqsQueues};
use uuid::Uuid;

use super::{Arrived, Queues};
use crate::conformance::harness::check::present;
use crate::conformance::{Endpoint, Failure, Verdict};

/// The adapter, with a new queue a case.
#[derive(Clone, Debug)]
pub struct Sqs {
    client: Client,
    clients: Clients,
}

impl Sqs {
    /// The adapter over `endpoint`.
    #[must_use]
    pub fn new(endpoint: &Endpoint) -> Self {
        Self { client: endpoint.sqs(), clients: endpoint.clients() }
    }
}

impl Queues for Sqs {
    type Port = SqsQueues;

    fn port(&self) -> SqsQueues {
        SqsQueues::new(self.clients.clone())
    }

    async fn queue(&self) -> Result<String, Failure> {
        let name = format!("conformance-{}", Uuid::new_v4());
        let created = self.client.create_queue().queue_name(name).send().await?;
        present("the queue's URL", created.queue_url)
    }

    async fn receive(&self, queue_url: &str) -> Result<Option<Arrived>, Failure> {
        let request = self.client.receive_message().queue_url(queue_url).message_attribute_names("All");
        let request = request.message_system_attribute_names(MessageSystemAttributeName::All);
        let received = request.send().await?.messages.unwrap_or_default();
        received.into_iter().next().map(arrived).transpose()
    }

    async fn delayed(&self, queue_url: &str) -> Result<usize, Failure> {
        let name = QueueAttributeName::ApproximateNumberOfMessagesDelayed;
        let request = self.client.get_queue_attributes().queue_url(queue_url).attribute_names(name.clone());
        let attributes = request.send().await?.attributes.unwrap_or_default();
        Ok(present("the count", attributes.get(&name))?.parse()?)
    }

    async fn delete(&self, queue_url: &str, receipt: &str) -> Verdict {
        self.client.delete_message().queue_url(queue_url).receipt_handle(receipt).send().await?;
        Ok(())
    }

    fn out_of_reach(&self) -> SqsQueues {
        SqsQueues::new(Endpoint::unreachable().clients())
    }
}

fn arrived(message: Message) -> Result<Arrived, Failure> {
    let system = message.attributes.unwrap_or_default();
    let mut attributes: Vec<(String, String)> = message
        .message_attributes
        .unwrap_or_default()
        .into_iter()
        .map(|(name, value)| (name, value.string_value.unwrap_or_default()))
        .collect();
    attributes.sort();
    Ok(Arrived {
        body: present("the body", message.body)?,
        group: system.get(&MessageSystemAttributeName::MessageGroupId).cloned(),
        attributes,
        receipt: present("the receipt", message.receipt_handle)?,
    })
}
