//! What posting costs: the delivery function with records and queues in memory, beside a bare hyper client that sends
//! the same bodies. Each side is a process of its own, so that the receiver's work is not counted.

mod ours;
mod plain;

use std::io::{self, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::ValueEnum;

use crate::receiver::Receiver;
use crate::report::Section;

/// Bytes of an envelope, about.
const ENVELOPE: usize = 2_000;

/// Messages at a time, on both sides: a batch of SQS.
const AT_A_TIME: usize = 10;

/// Who posts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Side {
    /// A bare hyper client.
    Hyper,
    /// The delivery function.
    Delivery,
}

/// `rounds` times `messages` of each side, in turn.
pub(crate) async fn measure(rounds: usize, messages: usize) -> io::Result<Section> {
    let goal = "≤ 2 × the control's: half of its requests per CPU second";
    let title = "delivery throughput: CPU of one request, records in memory";
    let mut section = Section::new(title, "µs", goal).with_control();
    let receiver = Receiver::start().await?;
    for _ in 0..rounds {
        for (side, name) in [(Side::Hyper, "hyper (control)"), (Side::Delivery, "delivery function")] {
            let url = receiver.url.clone();
            let cost = tokio::task::spawn_blocking(move || in_own_process(side, &url, messages)).await??;
            section.add(name, cost.as_secs_f64() * 1e6 / messages as f64);
        }
    }
    Ok(section)
}

fn in_own_process(side: Side, url: &str, messages: usize) -> io::Result<Duration> {
    let side = side.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let program = std::env::current_exe()?;
    let mut command = Command::new(program);
    command.args(["poster", &side, url, &messages.to_string()]).stdout(Stdio::null()).stderr(Stdio::piped());
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let nanoseconds = text.lines().last().and_then(|line| line.parse().ok());
    nanoseconds
        .map(Duration::from_nanos)
        .ok_or_else(|| io::Error::other(format!("the poster failed: {text}")))
}

/// The process of one side: posts, and tells its processor time in nanoseconds on standard error, since standard
/// output has the function's own log.
pub(crate) async fn post(side: Side, url: &str, messages: usize) -> io::Result<()> {
    let cost = match side {
        Side::Hyper => plain::post(url, messages).await,
        Side::Delivery => ours::post(url, messages).await,
    }?;
    writeln!(io::stderr(), "{}", cost.as_nanos())
}
