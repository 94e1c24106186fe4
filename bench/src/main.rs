//! The measuring harness: what a user waits for and pays for, beside a control in the same run.
//!
//! It prints what it measured and asserts nothing: figures depend on the machine.
//!
//! ```text
//! all           the whole table, and which parts it has
//! platform/     what a function sees of AWS: a Runtime API, and services over TLS that answer at once
//! cases         what each function is given to do; conversation: the records that takes
//! functions     start, memory and cost of one process
//! throughput/   posting beside a bare hyper client
//! stack/        the local stack: latency, a backlog, kill -9
//! text, sizes   classification and plain text; the bootstraps
//! report        the table, and every sample as JSON
//! ```

mod all;
mod binaries;
mod cases;
mod conversation;
mod flood;
mod functions;
mod isolation;
mod overhead;
mod platform;
mod process;
mod receiver;
mod report;
mod sizes;
mod spread;
mod stack;
mod text;
mod throughput;

use std::io::Write as _;

use clap::{Parser, Subcommand};
use isolation::Fourth;
use spread::Spread;
use tests::stack::{Options, Stack};

/// Requests that warm the stack and are not counted.
const WARM_UP: usize = 20;

/// How often each case of the isolation is measured, the cases in turn.
const ROUNDS: u32 = 2;

#[derive(Parser)]
#[command(about = "Measures what a user waits for and pays for, beside a control in the same run.")]
struct Arguments {
    /// What to measure; the overhead unless said.
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// The whole table: sizes, text, cold starts, warm invocations, memory, throughput, growth, latency, a backlog,
    /// and kill -9. Builds what it measures first; about half an hour on two cores after that.
    All(all::All),
    /// One side of the throughput; `all` starts it.
    #[command(hide = true)]
    Poster {
        /// Who posts.
        side: throughput::Side,
        /// Where to.
        url: String,
        /// How often.
        messages: usize,
    },
    /// The time until the stack is ready, and what the gateway adds to the agent's own time.
    Overhead {
        /// Waiting callers, one after the other.
        #[arg(long, default_value_t = 200)]
        questions: usize,
    },
    /// From acceptance to the receiver's 2xx at three healthy destinations, while a fourth is healthy, hangs, or
    /// hangs with a backlog.
    Isolation {
        /// Questions a case, ten a second, a quarter of them for the fourth destination.
        #[arg(long, default_value_t = 400)]
        questions: u32,
        /// Messages of the fourth destination that wait.
        #[arg(long, default_value_t = 100_000)]
        backlog: u32,
    },
}

fn main() -> std::io::Result<()> {
    let what = Arguments::parse().what.unwrap_or(What::Overhead { questions: 200 });
    let mut runtime = match what {
        // The services that functions call answer beside the harness itself.
        What::All(_) => tokio::runtime::Builder::new_multi_thread(),
        What::Poster { .. } | What::Overhead { .. } | What::Isolation { .. } => {
            tokio::runtime::Builder::new_current_thread()
        }
    };
    runtime.enable_all().build()?.block_on(measure(what))
}

async fn measure(what: What) -> std::io::Result<()> {
    match what {
        What::All(all) => all::run(&all).await,
        What::Poster { side, url, messages } => throughput::post(side, &url, messages).await,
        What::Overhead { questions } => overhead(questions).await,
        What::Isolation { questions, backlog } => isolation(questions, backlog).await,
    }
}

async fn overhead(questions: usize) -> std::io::Result<()> {
    let state = tempfile::tempdir()?;
    let started = std::time::Instant::now();
    let stack = Stack::start(state.path(), Options::default()).await;
    let ready = started.elapsed();
    let report = overhead::measure(&stack, WARM_UP, questions).await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "start until ready, binaries checked or built first: {} ms", ready.as_millis())?;
    writeln!(out, "{questions} waiting callers, one after the other, milliseconds:")?;
    let rows = [
        ("whole answer", report.total),
        ("the agent's own time", report.agent),
        ("overhead above the agent", report.overhead),
    ];
    write!(out, "{}", spread::table(&rows))
}

async fn isolation(questions: u32, backlog: u32) -> std::io::Result<()> {
    let cases = [
        ("the fourth is healthy".to_owned(), Fourth::Healthy),
        ("the fourth hangs".to_owned(), Fourth::Hangs),
        (format!("it hangs, {backlog} messages wait"), Fourth::HangsWithBacklog(backlog)),
    ];
    let mut samples = cases.each_ref().map(|_| Vec::new());
    for round in 1..=ROUNDS {
        for ((name, fourth), samples) in cases.iter().zip(&mut samples) {
            writeln!(std::io::stderr(), "round {round} of {ROUNDS}: {name}")?;
            samples.extend(isolation::measure(*fourth, questions).await?);
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "accepted until the receiver's 2xx at three healthy destinations, milliseconds:")?;
    let spreads = samples.map(Spread::of);
    let rows: Vec<_> = cases.iter().zip(spreads).map(|((name, _), spread)| (name.as_str(), spread)).collect();
    write!(out, "{}", spread::table(&rows))
}
