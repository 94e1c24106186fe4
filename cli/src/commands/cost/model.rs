//! How often a conversation calls each service, and what that costs.
//!
//! The calls are counted, not guessed: `tests/tests/cost_model.rs` holds them to what the functions do on the local stack.

use serde::Serialize;

use super::prices;

/// How long the gateway waits at most before it lets the worker go on, in seconds (SPEC 2.1).
const LONGEST_WAIT_SECONDS: f64 = 25.0;
/// The memory of every function, in GB (`template.yaml`).
const MEMORY_GB: f64 = 0.25;
/// How often the worker renews the visibility of its message, in seconds.
const WORKER_RENEWAL_SECONDS: f64 = 20.0;
/// The queues that Lambda polls: the questions, and one a class.
const POLLED_QUEUES: f64 = 5.0;
/// Empty receives of one polled queue in a month of 30 days: five pollers, 20 s each.
const IDLE_RECEIVES: f64 = 5.0 * 3.0 * 60.0 * 24.0 * 30.0;
/// Answers of S3 that are records whatever is exported: query, lease, answer, delivery, outcome.
const RECORDS: f64 = 5.0;
/// Log lines and metrics of one conversation, and what Lambda itself logs of its invocations.
const LOGGED_KB: f64 = 6.0;
/// Everything that is kept of a conversation with an answer of 1 kB.
const STORED_KB: f64 = 14.0;
/// API keys, callers' secrets, signing secrets.
const SECRETS: f64 = 3.0;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    /// Conversations a month.
    pub(super) queries: f64,
    /// The agent's time for one answer, in seconds.
    pub(super) agent_seconds: f64,
    /// How many of the callers do not wait, 0 to 1.
    pub(super) asynchronous: f64,
    /// How many formats are exported, 0 to 4.
    pub(super) formats: f64,
    /// The receiver's time for one delivery, in seconds.
    pub(super) receiver_seconds: f64,
    /// What a function takes for itself in one invocation, in seconds.
    pub(super) own_seconds: f64,
    /// arm64 instead of x86_64.
    pub(super) arm: bool,
}

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Line {
    /// What is paid for.
    pub(super) item: &'static str,
    /// How many of them a month.
    pub(super) units: f64,
    /// What a unit is.
    pub(super) unit: &'static str,
    /// US dollars a month.
    pub(super) dollars: f64,
}

/// How often one conversation calls a service.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Calls {
    /// Invocations of all functions.
    pub(super) invocations: f64,
    /// Requests to SQS by the functions and by Lambda's pollers.
    pub(super) queue_requests: f64,
    /// Objects written.
    pub(super) puts: f64,
    /// Objects read.
    pub(super) gets: f64,
}

/// A conversation whose caller waits for its answer.
pub(super) fn waiting(formats: f64) -> Calls {
    // Delivery: send, receive, cut of the visibility, delete.
    Calls { invocations: 3.0, queue_requests: 4.0, puts: RECORDS + formats, gets: 13.0 }
}

/// A conversation that the worker has answered.
pub(super) fn queued(formats: f64, agent_seconds: f64) -> Calls {
    let before = waiting(formats);
    let renewals = (agent_seconds / WORKER_RENEWAL_SECONDS).floor();
    Calls {
        invocations: before.invocations + 1.0,
        queue_requests: 2.0 * before.queue_requests + renewals,
        gets: before.gets + 1.0,
        ..before
    }
}

impl Load {
    /// What the conversations cost.
    pub(super) fn traffic(&self) -> Vec<Line> {
        let queued_share = self.queued_share();
        let (waiting, queued) = (waiting(self.formats), queued(self.formats, self.agent_seconds));
        let mixed = |of: fn(&Calls) -> f64| {
            self.queries * (of(&waiting) * (1.0 - queued_share) + of(&queued) * queued_share)
        };
        let million =
            |item, units: f64, unit, price| Line { item, units, unit, dollars: units / 1e6 * price };
        let mut lines = vec![
            million("HTTP API", self.queries, "requests", prices::API_REQUESTS),
            million(
                "Lambda invocations",
                mixed(|calls| calls.invocations),
                "invocations",
                prices::INVOCATIONS,
            ),
        ];
        lines.extend(self.compute(queued_share));
        lines.extend([
            million("SQS", mixed(|calls| calls.queue_requests), "requests", prices::QUEUE_REQUESTS),
            million("S3 writes", mixed(|calls| calls.puts), "PUTs", prices::PUTS),
            million("S3 reads", mixed(|calls| calls.gets), "GETs", prices::GETS),
            gigabytes("S3 storage, each month it is kept", self.queries * STORED_KB, prices::STORED_GB),
            gigabytes("CloudWatch logs", self.queries * LOGGED_KB, prices::LOGGED_GB),
        ]);
        lines
    }

    /// Those that the worker answers: callers who do not wait, and all whose answer takes longer than a wait.
    fn queued_share(&self) -> f64 {
        if self.agent_seconds > LONGEST_WAIT_SECONDS { 1.0 } else { self.asynchronous }
    }

    /// The four functions' time. Whoever waits for the agent is paid for as long as the agent takes.
    fn compute(&self, queued_share: f64) -> [Line; 4] {
        let waited = self.agent_seconds.min(LONGEST_WAIT_SECONDS) * (1.0 - self.asynchronous);
        let price = prices::GB_SECOND[usize::from(self.arm)];
        let line = |item, seconds: f64| {
            let units = self.queries * seconds * MEMORY_GB;
            Line { item, units, unit: "GB-seconds", dollars: units * price }
        };
        let own = self.own_seconds;
        [
            line("gateway", own + waited),
            line("gateway-worker", queued_share * (own + self.agent_seconds)),
            line("manager-agent", own + self.agent_seconds),
            line("delivery", own + self.receiver_seconds),
        ]
    }
}

/// What `template.yaml` has besides functions and queues.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixtures {
    /// Metrics that alarms watch, each counted as often as it is watched.
    pub(super) alarm_metrics: usize,
    /// Alarms on other alarms.
    pub(super) composite_alarms: usize,
}

/// The functions' own metrics: `series` of them, each paid for in the hours in which it is measured.
pub(super) fn metrics(series: usize) -> Line {
    each("CloudWatch metrics, if asked in every hour", series as f64, "metrics", prices::METRIC)
}

/// What is paid in a month without a single question.
pub(super) fn idle(fixtures: Fixtures) -> Vec<Line> {
    let polls = POLLED_QUEUES * IDLE_RECEIVES;
    let Fixtures { alarm_metrics, composite_alarms } = fixtures;
    vec![
        each("SQS, Lambda's pollers", polls, "requests", prices::QUEUE_REQUESTS / 1e6),
        each("CloudWatch alarms", alarm_metrics as f64, "metrics", prices::ALARM_METRIC),
        each("CloudWatch composite alarms", composite_alarms as f64, "alarms", prices::COMPOSITE_ALARM),
        each("KMS, the alarm topic's key", 1.0, "key", prices::KEY),
        each("Secrets Manager", SECRETS, "secrets", prices::SECRET),
    ]
}

fn each(item: &'static str, units: f64, unit: &'static str, price: f64) -> Line {
    Line { item, units, unit, dollars: units * price }
}

fn gigabytes(item: &'static str, kilobytes: f64, price: f64) -> Line {
    each(item, kilobytes / 1e6, "GB", price)
}
