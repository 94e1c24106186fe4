//! One conversation, one death, and what must be true afterwards.

use std::time::Duration;

use serde_json::{Value, json};
use tests::faults::{FaultPoint, Function, Moment, Trap, Write};
use tests::stack::Answer;

use crate::house::House;

/// A killed worker's message hides for a minute, the copies of those who repeated it for twenty seconds.
const ENDS_WITHIN: Duration = Duration::from_secs(150);

/// All the exports.
const EXPORTS: [&str; 4] = ["analysis.json", "conversation.json", "metadata.json", "summary.json"];

/// A conversation and where one of its functions dies.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) point: FaultPoint,
    /// `Prefer`; none waits for the answer.
    pub(crate) prefer: Option<&'static str>,
    /// The class that it is delivered to.
    pub(crate) route: &'static str,
    /// How it ends.
    pub(crate) ends: &'static str,
    /// How often the agent is asked: as rarely as the promise allows.
    pub(crate) agent_calls: usize,
    /// How often it is POSTed: as rarely as at-least-once allows.
    pub(crate) posts: usize,
}

impl Case {
    /// One that is delivered to the deal team, asked once and delivered once.
    pub(crate) fn new(
        function: Function,
        write: Write,
        moment: Moment,
        prefer: Option<&'static str>,
    ) -> Self {
        let point = FaultPoint { function, write, moment, nth: 1 };
        Self { point, prefer, route: "deal_analysis", ends: "delivered", agent_calls: 1, posts: 1 }
    }

    /// A name that no other case has.
    pub(crate) fn key(&self) -> String {
        let FaultPoint { function, write, moment, nth } = self.point;
        let step = match write {
            Write::Object(part) => part.trim_matches('/').replace(['/', ' '], "-"),
            Write::Message(kind) => format!("message-{kind}"),
            Write::Hide(queue) => format!("hide-{queue}"),
            Write::Invoke => "invoke".to_owned(),
        };
        let (function, manner) = (function.binary(), self.prefer.unwrap_or("waiting"));
        format!("{function}.{step}.{nth}.{moment:?}.{manner}.{}", self.ends).to_lowercase()
    }

    /// Arms the trap, asks, and waits for the outcome.
    pub(crate) async fn run(self, house: &House) -> Survivor {
        let key = self.key();
        let trap = house.proxy.arm(self.point, House::aim(&key));
        let answer = house.ask_until_answered(&key, self.route, self.prefer).await;
        let outcome = house.outcome(&answer.tracking_id(), ENDS_WITHIN).await;
        Survivor { case: self, key, trap, answer, outcome }
    }
}

/// A conversation that has ended.
pub(crate) struct Survivor {
    case: Case,
    key: String,
    trap: Trap,
    answer: Answer,
    outcome: Value,
}

impl Survivor {
    /// Once the queues are empty: everything that was promised.
    pub(crate) async fn check(&self, house: &House) {
        let Self { case, key, trap, answer, outcome } = self;
        assert!(trap.has_fired(), "{key}: nobody was killed: {trap:?}");
        assert!([200, 202].contains(&answer.status), "{key}: {answer:?}");
        assert_eq!(outcome["status"], case.ends, "{key}");
        let id = answer.tracking_id();
        let mut exports = house.exports(&id);
        exports.sort();
        assert_eq!(exports, EXPORTS, "{key}");
        let shown = house.stack.conversation(&id).await.body;
        assert_eq!(shown["status"], case.ends, "{key}: {shown}");
        let calls = house.agent_calls(key).await;
        assert_eq!(calls, case.agent_calls, "{key}: how often the agent was asked");
        self.check_deliveries(&house.stack.deliveries(&id).await);
    }

    /// One delivery, however often it was POSTed, and the one that the caller was told of.
    fn check_deliveries(&self, deliveries: &[Value]) {
        let Self { case, key, answer, .. } = self;
        assert_eq!(deliveries.len(), case.posts, "{key}: how often it was delivered");
        let first = &deliveries[0];
        for delivery in deliveries {
            assert_eq!(delivery["headers"]["webhook-id"], first["headers"]["webhook-id"], "{key}");
            assert_eq!(delivery["body"], first["body"], "{key}");
            assert_eq!(delivery["signature"], json!("valid"), "{key}");
        }
        if answer.status == 200 {
            let told = &answer.body["webhook_delivery"]["delivery_id"];
            assert_eq!(*told, first["headers"]["webhook-id"], "{key}");
            let envelope: Value = serde_json::from_str(first["body"].as_str().unwrap()).unwrap();
            assert_eq!(answer.body["ai_response"]["response_rich"], envelope["response_rich"], "{key}");
        }
    }
}
