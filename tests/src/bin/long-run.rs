//! `long-run`: a long bad day on the whole product, and what it cost.
//!
//! ```text
//! cargo long-run                       # 10,000 conversations
//! cargo long-run --conversations 500 --seed 7
//! ```
//! Prints how far it is while it runs, then its figures, and exits with 1 if a promise was broken.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tests::long_run::{Settings, run};

#[derive(Parser)]
#[command(
    about = "Thousands of conversations while receivers fail, AWS calls fail and functions are killed."
)]
struct Arguments {
    /// How many conversations.
    #[arg(long, default_value_t = 10_000)]
    conversations: u32,
    /// Which receivers fail how, and which calls suffer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many callers ask at a time.
    #[arg(long, default_value_t = 12)]
    callers: usize,
    /// How much faster time passes for retries.
    #[arg(long, default_value_t = 100.0)]
    time_scale: f64,
    /// Milliseconds from one kill to the next; 0 kills nobody.
    #[arg(long, default_value_t = 500)]
    kill_every_ms: u64,
    /// Let the AWS calls be: no throttling, errors or time-outs.
    #[arg(long)]
    fair_weather: bool,
    /// Keep the state of the stack and its log here; a temporary folder otherwise.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let bad = Settings::bad_day(arguments.conversations, arguments.seed);
    let settings = Settings {
        callers: arguments.callers,
        time_scale: arguments.time_scale,
        kill_every: (arguments.kill_every_ms > 0).then(|| Duration::from_millis(arguments.kill_every_ms)),
        weather: bad.weather.filter(|_| !arguments.fair_weather),
        folder: arguments.folder,
        ..bad
    };
    let report = run(&settings, |progress| {
        if progress.elapsed.as_secs().is_multiple_of(5) {
            // Nothing is left to do about a closed terminal.
            let _closed = writeln!(std::io::stderr(), "{progress}");
        }
    })
    .await;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
    } else {
        println!("{report}");
    }
    if report.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
