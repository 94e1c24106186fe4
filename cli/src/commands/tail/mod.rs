//! `gatewayctl tail`: the functions' log as it is written.

mod cloudwatch;
mod line;
mod stack;

use std::io::Write;
use std::time::Duration;

use revops_aws::SystemClock;
use revops_core::ports::Clock as _;
use revops_core::{Timestamp, TrackingId};

use crate::commands::reconcile::Since;
use crate::error::CtlError;
use crate::interrupt::Interrupt;
use crate::target::Target;
use crate::terminal::Terminal;
use line::{Level, Line};

/// How often `--follow` looks.
const LOOK_EVERY: Duration = Duration::from_secs(2);

const EXAMPLES: &str = "\
Examples:
  gatewayctl --local tail --follow
  gatewayctl tail --tracking-id ID --since 7d
  gatewayctl tail --level warn --follow
  gatewayctl tail --event WEBHOOK_DELIVERY_ATTEMPTED --since 1h --json

Without --local it reads the log group of the stack's output FunctionLogGroupName from CloudWatch Logs, by
--log-group or GATEWAY_LOG_GROUP, which needs the permission logs:FilterLogEvents.";

/// Show the functions' log, oldest line first.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Tail {
    /// Only what concerns this conversation
    #[arg(long, value_name = "ID")]
    tracking_id: Option<TrackingId>,
    /// Only lines of this level or worse
    #[arg(long, value_enum, default_value_t = Level::Trace, hide_default_value = true)]
    level: Level,
    /// Only this event, such as `WEBHOOK_DELIVERY_FAILED`; may be repeated
    #[arg(long, value_name = "EVENT")]
    event: Vec<String>,
    /// How far back to begin: a time such as 2025-08-13T06:30:00Z, or an age such as 10m
    #[arg(long, value_name = "T", default_value = "10m")]
    since: Since,
    /// Go on with what is written from now on, until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// The log group on AWS
    #[arg(long, value_name = "NAME", env = "GATEWAY_LOG_GROUP")]
    log_group: Option<String>,
}

/// Where lines come from.
enum Source {
    Stack(stack::Reader),
    CloudWatch(Box<cloudwatch::Reader>),
}

/// One page of a look at the log.
struct Looked {
    lines: Vec<Line>,
    /// Whether this look goes on.
    is_more: bool,
}

/// Prints the lines that are wanted, page by page.
pub(crate) async fn run(
    tail: &Tail,
    target: &Target,
    as_json: bool,
    out: &mut impl Write,
) -> Result<(), CtlError> {
    let (terminal, interrupt) = (Terminal::of_stdout(), Interrupt::listen()?);
    let since = tail.since.before(SystemClock.now());
    let mut source = match target.is_local() {
        true => Source::Stack(stack::Reader::new(tail.tracking_id)),
        false => Source::CloudWatch(Box::new(cloudwatch::Reader::new(tail, target, since).await?)),
    };
    loop {
        let Looked { lines, is_more } = match &mut source {
            Source::Stack(reader) => reader.next(target).await?,
            Source::CloudWatch(reader) => reader.next(SystemClock.now()).await?,
        };
        for line in lines.iter().filter(|line| tail.wants(line, since)) {
            if as_json { writeln!(out, "{}", line.to_json())? } else { line.print(&terminal, out)? }
        }
        out.flush()?;
        if is_more && !interrupt.is_asked() {
            continue;
        }
        // Whoever follows ends it by Ctrl-C: that is no failure.
        if !tail.follow || !interrupt.sleep(LOOK_EVERY).await {
            return Ok(());
        }
    }
}

impl Tail {
    fn wants(&self, line: &Line, since: Timestamp) -> bool {
        let id = self.tracking_id.map(|id| id.to_string());
        id.is_none_or(|id| line.tracking_id() == Some(&id))
            && line.level() >= self.level
            && (self.event.is_empty() || self.event.iter().any(|event| line.event() == Some(event)))
            && line.at().is_none_or(|at| at >= since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    #[derive(clap::Parser)]
    struct Call {
        #[command(flatten)]
        tail: Tail,
    }

    fn wanted(call: &[&str], text: &str) -> bool {
        let tail = Call::parse_from([&["tail"], call].concat()).tail;
        tail.wants(&Line::new("delivery", text), "2025-08-13T06:30:00Z".parse().unwrap())
    }

    const ID: &str = "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b";
    const TEXT: &str = r#"{"timestamp":"2025-08-13T06:30:00.5Z","level":"WARN","event":"WEBHOOK_DELIVERY_FAILED","tracking_id":"0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b","message":"m"}"#;

    #[test]
    fn each_filter_alone_keeps_a_line_or_drops_it() {
        assert!(wanted(&[], TEXT));
        assert!(wanted(&["--tracking-id", ID], TEXT));
        assert!(!wanted(&["--tracking-id", "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c"], TEXT));
        assert!(wanted(&["--level", "warn"], TEXT) && !wanted(&["--level", "error"], TEXT));
        assert!(wanted(&["--event", "X", "--event", "WEBHOOK_DELIVERY_FAILED"], TEXT));
        assert!(!wanted(&["--event", "WEBHOOK_DELIVERY_SUCCESS"], TEXT));
        assert!(!wanted(&[], &TEXT.replace("06:30:00.5", "06:29:59.9")), "older than --since");
    }

    #[test]
    fn a_panic_is_shown_unless_one_conversation_is_wanted() {
        assert!(wanted(&["--level", "error"], "thread 'main' panicked"));
        assert!(!wanted(&["--tracking-id", ID], "thread 'main' panicked"));
    }
}
