//! Callers with one idempotency key who race, die and come again, in any order and at any step: one
//! conversation, and no 2xx before its invocation has seen to the promise.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proptest::prelude::*;
use revops_core::fake::{MemoryQueues, MemoryRecords, Stepwise, step};
use revops_core::messages::{AskReply, AskRequest};
use revops_core::ports::{
    CountMessages, InvokeError, InvokeManagerAgent, OutgoingMessage, QueueError, ReachManagerAgent,
    SendMessages,
};

use super::{FrontDoor, Reply};
use crate::fixtures::{self, House, ORIGINAL, ScriptedAgent, Vault};

#[derive(Clone, Copy, Debug)]
enum Action {
    /// A caller comes who waits, or who does not.
    Come { waits: bool },
    /// One of the invocations goes one step on.
    Step(usize),
    /// The gateway dies under one of them, between two steps.
    Die(usize),
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        2 => any::<bool>().prop_map(|waits| Action::Come { waits }),
        16 => (0..5_usize).prop_map(Action::Step),
        1 => (0..5_usize).prop_map(Action::Die),
    ]
}

/// Queues that note which invocation was being stepped when a message was accepted.
#[derive(Clone)]
struct NotedQueues {
    queues: MemoryQueues,
    stepping: Arc<Mutex<usize>>,
    senders: Arc<Mutex<BTreeSet<usize>>>,
}

impl SendMessages for NotedQueues {
    async fn send(&self, queue_url: &str, message: OutgoingMessage) -> Result<(), QueueError> {
        self.senders.lock().unwrap().insert(*self.stepping.lock().unwrap());
        self.queues.send(queue_url, message).await
    }
}

impl CountMessages for NotedQueues {
    async fn in_flight(&self, queue_url: &str) -> Result<u64, QueueError> {
        self.queues.in_flight(queue_url).await
    }
}

/// The manager agent, whose first decision stands, as it does in the product.
struct SteppedAgent(ScriptedAgent);

impl InvokeManagerAgent for SteppedAgent {
    async fn invoke(&self, request: &AskRequest, _within: Duration) -> Result<AskReply, InvokeError> {
        step().await;
        self.0.decide_once(request.tracking_id).await;
        step().await;
        Ok(AskReply::Answered)
    }
}

impl ReachManagerAgent for SteppedAgent {
    async fn reach(&self) -> Result<(), InvokeError> {
        Ok(())
    }
}

type Door = FrontDoor<Stepwise<MemoryRecords>, Stepwise<NotedQueues>, SteppedAgent, Vault>;
type Invocation = Pin<Box<dyn Future<Output = Reply>>>;

struct Model {
    house: House,
    door: Arc<Door>,
    queues: NotedQueues,
    running: BTreeMap<usize, Invocation>,
    come: usize,
    replies: Vec<(usize, Reply)>,
}

impl Model {
    fn new() -> Self {
        let house = House::that_answers();
        let queues =
            NotedQueues { queues: house.queues.clone(), stepping: Arc::default(), senders: Arc::default() };
        let (records, agent) = (Stepwise(house.records.clone()), SteppedAgent(house.agent.clone()));
        let door = Arc::new(house.front_door(records, Stepwise(queues.clone()), agent));
        Self { house, door, queues, running: BTreeMap::new(), come: 0, replies: Vec::new() }
    }

    fn come(&mut self, waits: bool) {
        self.come += 1;
        let prefer = if waits { "wait=5" } else { "respond-async" };
        let headers = [("idempotency-key", "k-1"), ("prefer", prefer)];
        let request = self.house.incoming("POST", "/webhook", &headers, ORIGINAL.as_bytes());
        let door = Arc::clone(&self.door);
        self.running.insert(self.come, Box::pin(async move { door.handle(request).await }));
    }

    /// The invocation at `index` of those that run.
    fn number(&self, index: usize) -> Option<usize> {
        self.running.keys().nth(index).copied()
    }

    fn step(&mut self, index: usize) {
        let Some(number) = self.number(index) else { return };
        *self.queues.stepping.lock().unwrap() = number;
        let Some(invocation) = self.running.get_mut(&number) else { return };
        if let Poll::Ready(reply) = invocation.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.running.remove(&number);
            self.replies.push((number, reply));
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Come { waits } => self.come(waits),
            Action::Step(index) => self.step(index),
            Action::Die(index) => {
                if let Some(number) = self.number(index) {
                    self.running.remove(&number);
                }
            }
        }
    }

    /// Everybody dies but one more caller, who comes with the same key.
    fn finish(&mut self) {
        self.running.clear();
        self.come(true);
        while !self.running.is_empty() {
            self.step(0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn racers_on_one_key_are_one_conversation_and_no_2xx_comes_before_its_own_message(
        actions in prop::collection::vec(action(), 0..200),
    ) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        let _entered = runtime.enter();
        let mut model = Model::new();
        for action in actions {
            model.act(action);
        }
        model.finish();

        let mut conversations = BTreeSet::new();
        for (number, reply) in &model.replies {
            let body = fixtures::json(reply);
            prop_assert!(matches!(reply.status, 200 | 202), "{}: {}", reply.status, body);
            prop_assert!(model.queues.senders.lock().unwrap().contains(number), "a 2xx without a message");
            conversations.insert(body["tracking_id"].as_str().unwrap().to_owned());
        }
        prop_assert_eq!(conversations.len(), 1);
        prop_assert_eq!(model.replies.last().unwrap().1.status, 200);
        let queries = model.house.records.keys().into_iter().filter(|key| key.ends_with("/query.json")).count();
        prop_assert_eq!(queries, 1, "one question is stored");
        let sent = model.house.sent();
        let deliveries: BTreeSet<_> = sent.iter().filter_map(|(_, body)| body["delivery_id"].as_str()).collect();
        prop_assert_eq!(deliveries.len(), 1);
        let originals = sent.iter().filter(|(_, body)| body["type"] == "deliver" && body["copy"] != true);
        prop_assert!(originals.count() <= 1, "whoever comes later sends a copy");
    }
}
