//! Invocations that overlap, die and are repeated, in any order and at any step: the agent is never asked
//! twice at a time, never again without a reason, and the conversation always comes to an answer.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use manager_agent::{AskError, ManagerAgent};
use proptest::prelude::*;
use revops_core::fake::{MemoryRecords, Stepwise, step};
use revops_core::messages::{AskReply, AskRequest, Version};
use revops_core::ports::{Agent, AgentAnswer, AgentError, AgentErrorCode, AgentQuestion, Clock};

use crate::world::{World, answer, retryable};

/// Longer than any lease and than the function's own time-out: whoever still runs is dead by then.
const EXPIRY: Duration = Duration::from_secs(200);

#[derive(Clone, Copy, Debug)]
enum Action {
    /// Somebody invokes the function with a token of its own.
    Start,
    /// Lambda reported that an invocation died, and its token is repeated.
    Repeat,
    /// One of those that run goes one step on: one call of a port begins or ends.
    Step(usize),
    /// One of those that run dies between two steps.
    Die(usize),
    /// Time passes until all leases are over.
    Expire,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        2 => Just(Action::Start),
        1 => Just(Action::Repeat),
        24 => (0..4_usize).prop_map(Action::Step),
        1 => (0..4_usize).prop_map(Action::Die),
        1 => Just(Action::Expire),
    ]
}

/// What the agent saw.
#[derive(Debug, Default)]
struct Seen {
    asking: u32,
    at_a_time: u32,
    asked: u32,
    failed: u32,
    /// Which invocation is being stepped, and those that have asked.
    stepping: usize,
    askers: Vec<usize>,
}

/// Fails as often as it is told to, then answers.
#[derive(Clone)]
struct WatchedAgent {
    seen: Arc<Mutex<Seen>>,
    failures: u32,
}

struct Asking(Arc<Mutex<Seen>>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.lock().unwrap().asking -= 1;
    }
}

impl Agent for WatchedAgent {
    async fn ask(&self, _question: &AgentQuestion) -> Result<AgentAnswer, AgentError> {
        let asking = {
            let mut seen = self.seen.lock().unwrap();
            seen.asking += 1;
            seen.asked += 1;
            seen.at_a_time = seen.at_a_time.max(seen.asking);
            let asker = seen.stepping;
            seen.askers.push(asker);
            Asking(Arc::clone(&self.seen))
        };
        step().await;
        step().await;
        let mut seen = self.seen.lock().unwrap();
        let fails = seen.failed < self.failures;
        seen.failed += u32::from(fails);
        drop(seen);
        drop(asking);
        if fails { Err(retryable(AgentErrorCode::Throttled)) } else { Ok(answer("the one")) }
    }
}

type Invocation = Pin<Box<dyn Future<Output = Result<AskReply, AskError>>>>;

struct Running {
    number: usize,
    token: String,
    future: Invocation,
}

struct Model {
    world: World,
    function: Arc<ManagerAgent<Stepwise<MemoryRecords>, WatchedAgent>>,
    seen: Arc<Mutex<Seen>>,
    running: Vec<Running>,
    dead: Vec<Running>,
    deaths_of_askers: u32,
    started: usize,
    replies: Vec<AskReply>,
}

impl Model {
    fn new(failures: u32) -> Self {
        let (world, seen) = (World::new([]), Arc::<Mutex<Seen>>::default());
        let function = Arc::new(ManagerAgent {
            records: Stepwise(world.records.clone()),
            agent: WatchedAgent { seen: Arc::clone(&seen), failures },
            clock: Arc::clone(&world.clock) as Arc<dyn Clock>,
            random: Arc::clone(&world.function.random),
            settings: world.function.settings.clone(),
            report: manager_agent::Report::new(|_| {}),
        });
        let (running, dead, replies) = (Vec::new(), Vec::new(), Vec::new());
        Self { world, function, seen, running, dead, deaths_of_askers: 0, started: 0, replies }
    }

    fn start(&mut self, token: String) {
        self.started += 1;
        let (function, ends_at) =
            (Arc::clone(&self.function), self.world.clock.now().plus(Duration::from_secs(150)));
        let request = AskRequest { v: Version, tracking_id: self.world.id, invocation_token: token.clone() };
        let future = Box::pin(async move { function.ask(&request, ends_at).await });
        self.running.push(Running { number: self.started, token, future });
    }

    fn step(&mut self, index: usize) {
        let Some(running) = self.running.get_mut(index) else { return };
        self.seen.lock().unwrap().stepping = running.number;
        match running.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => {}
            Poll::Ready(reply) => {
                self.replies.push(reply.unwrap());
                self.running.remove(index);
            }
        }
    }

    fn die(&mut self, index: usize) {
        if index >= self.running.len() {
            return;
        }
        let mut dead = self.running.remove(index);
        dead.future = Box::pin(std::future::pending());
        self.deaths_of_askers += u32::from(self.seen.lock().unwrap().askers.contains(&dead.number));
        self.dead.push(dead);
    }

    fn expire(&mut self) {
        while !self.running.is_empty() {
            self.die(0);
        }
        self.world.clock.advance(EXPIRY);
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Start => self.start(format!("t-{}", self.started)),
            Action::Repeat => {
                if let Some(dead) = self.dead.pop() {
                    self.start(dead.token);
                }
            }
            Action::Step(index) => self.step(index),
            Action::Die(index) => self.die(index),
            Action::Expire => self.expire(),
        }
    }

    /// Invocations one after the other, with time between them, until there is an answer.
    fn finish(&mut self) -> AskReply {
        for _ in 0..100 {
            self.expire();
            self.start(format!("last-{}", self.started));
            while !self.running.is_empty() {
                self.step(0);
            }
            match self.replies.last().unwrap() {
                AskReply::InProgress { .. } => {}
                decided @ (AskReply::Answered | AskReply::Failed) => return decided.clone(),
            }
        }
        panic!("no answer after a hundred invocations");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_agent_is_asked_once_at_a_time_and_again_only_after_a_failure_or_a_death(
        actions in prop::collection::vec(action(), 0..250),
        failures in 0..3_u32,
    ) {
        let mut model = Model::new(failures);
        for action in actions {
            model.act(action);
        }
        prop_assert_eq!(model.finish(), AskReply::Answered);
        let seen = model.seen.lock().unwrap();
        prop_assert_eq!(seen.at_a_time, 1);
        prop_assert!(
            seen.asked <= 1 + seen.failed + model.deaths_of_askers,
            "{} asked after {} failures and {} deaths", seen.asked, seen.failed, model.deaths_of_askers
        );
        prop_assert_eq!(&model.world.record("answer.json").unwrap()["text"], "the one");
    }
}
