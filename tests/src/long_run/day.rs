//! The run itself: callers, a killer and the weather beside each other, until everything has ended.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::{pending, select};
use futures_util::join;
use revops_core::Header;

use super::audit::{Seen, audit, outcome_of};
use super::receiver::Receivers;
use super::{Progress, Report, Settings, callers, killer};
use crate::faults::{Proxy, impatient_template};
use crate::stack::{Options, Stack};

/// How often it is looked at how far everything is.
const LOOK: Duration = Duration::from_secs(1);

/// A queue hides a message that nobody has touched for so long; the shipped six time-outs would make a death
/// before a function's first call cost minutes.
const VISIBILITY_SECONDS: u32 = 20;

/// Runs a day as `settings` has it, tells of its progress, and checks every promise at its end.
///
/// # Panics
/// The stack does not start, or refuses a question.
pub async fn run(settings: &Settings, tell: impl Fn(Progress)) -> Report {
    let temporary = tempfile::tempdir().unwrap();
    let folder = settings.folder.as_deref().unwrap_or(temporary.path());
    let receivers = Receivers::start(settings.seed).await;
    let proxy = Proxy::start().await;
    let template = Some(impatient_template(folder, VISIBILITY_SECONDS, 10));
    let environment = environment(&proxy, &receivers);
    let log = Some(folder.join("stack.log"));
    let options = Options { time_scale: settings.time_scale, environment, template, log, binaries: None };
    let stack = Stack::start(&folder.join("state"), options).await;
    proxy.connect(&stack.ready.aws_endpoint_url);
    let day = Day {
        settings,
        stack: &stack,
        proxy: &proxy,
        began: Instant::now(),
        kills: AtomicU64::new(0),
        accepted: Mutex::default(),
    };
    let mishaps = day.pass(&tell).await;
    let seconds = day.began.elapsed().as_secs_f64();
    let seen = Seen { accepted: &day.accepted(), received: &receivers.all(), seed: settings.seed };
    Report { kills: day.kills.into_inner(), mishaps, seconds, ..audit(&stack, seen).await }
}

/// The functions' way to the services and to the receivers. Leases are short, as the agent answers at once.
fn environment(proxy: &Proxy, receivers: &Receivers) -> Vec<(String, String)> {
    let mut environment = proxy.environment();
    environment.push(("AGENT_TIMEOUT_SECONDS".to_owned(), "5".to_owned()));
    for class in Header::ALL {
        let variable = format!("{}_WEBHOOK_URL", class.variable_prefix());
        environment.push((variable, format!("{}/{class}", receivers.url)));
    }
    environment
}

struct Day<'a> {
    settings: &'a Settings,
    stack: &'a Stack,
    proxy: &'a Proxy,
    began: Instant,
    kills: AtomicU64,
    /// Tracking ids by number.
    accepted: Mutex<BTreeMap<u32, String>>,
}

impl Day<'_> {
    /// Lets the day pass; how many calls suffered. Kills and weather end when nearly everything has, so that
    /// the last few are not chased for ever.
    async fn pass(&self, tell: &impl Fn(Progress)) -> u64 {
        let Settings { conversations, callers, seed, weather, .. } = *self.settings;
        self.proxy.set_weather(weather, seed);
        let asking = callers::ask_all(self.stack, conversations, callers, |number, id| {
            self.accepted.lock().unwrap_or_else(PoisonError::into_inner).insert(number, id);
        });
        let nearly_all = conversations as usize * 95 / 100;
        let storm = async {
            let watching = std::pin::pin!(self.watch(nearly_all, tell));
            let killing = std::pin::pin!(self.kill());
            select(watching, killing).await;
        };
        join!(asking, storm);
        let mishaps = self.proxy.set_weather(None, seed);
        self.watch(conversations as usize, tell).await;
        self.drained().await;
        mishaps
    }

    async fn kill(&self) {
        match self.settings.kill_every {
            Some(every) => killer::kill_for_ever(self.stack, every, self.settings.seed, &self.kills).await,
            None => pending().await,
        }
    }

    /// Until `enough` conversations have ended, or nothing has for too long.
    async fn watch(&self, enough: usize, tell: &impl Fn(Progress)) {
        let mut open: Vec<String> = Vec::new();
        let (mut known, mut ended, mut last_news) = (0, 0, Instant::now());
        while ended < enough && last_news.elapsed() < self.settings.patience {
            tokio::time::sleep(LOOK).await;
            let accepted = self.accepted();
            let before = (accepted.len(), open.len());
            // Whoever was accepted since the last look joins; ids are in the order of numbers, not of time.
            if accepted.len() != known {
                open = accepted.values().cloned().collect();
                known = accepted.len();
            }
            open.retain(|id| outcome_of(self.stack, id).is_none());
            ended = accepted.len() - open.len();
            if before != (known, open.len()) {
                last_news = Instant::now();
            }
            tell(self.progress(accepted.len(), ended));
        }
    }

    fn progress(&self, accepted: usize, ended: usize) -> Progress {
        Progress { accepted, ended, kills: self.kills.load(Ordering::Relaxed), elapsed: self.began.elapsed() }
    }

    /// Until the queues are empty: copies and late messages too.
    async fn drained(&self) {
        let until = Instant::now() + self.settings.patience;
        while self.stack.messages().await > 0 && Instant::now() < until {
            tokio::time::sleep(LOOK).await;
        }
    }

    fn accepted(&self) -> BTreeMap<u32, String> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
