//! Log lines and metrics on standard output, one JSON object a line: what CloudWatch Logs takes in as it is.

use std::io::Write;
use std::str::FromStr;

use revops_core::config::Variables;
use revops_core::ports::Clock;
use revops_core::telemetry::Measurements;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::SystemClock;

/// Crates that talk on their own account; only their warnings are of interest.
const FOREIGN: [&str; 13] = [
    "aws_config",
    "aws_credential_types",
    "aws_runtime",
    "aws_sdk",
    "aws_sigv4",
    "aws_smithy",
    "h2",
    "hyper",
    "hyper_rustls",
    "hyper_util",
    "lambda_runtime",
    "reqwest",
    "rustls",
];

/// The least severe level that is logged: `LOG_LEVEL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLevel(LevelFilter);

impl Default for LogLevel {
    fn default() -> Self {
        Self(LevelFilter::INFO)
    }
}

/// The text names no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be error, warn, info, debug or trace")]
pub struct NotALevel;

impl FromStr for LogLevel {
    type Err = NotALevel;

    fn from_str(text: &str) -> Result<Self, NotALevel> {
        let filter = match text.to_ascii_lowercase().as_str() {
            "error" | "critical" => LevelFilter::ERROR,
            "warn" | "warning" => LevelFilter::WARN,
            "info" => LevelFilter::INFO,
            "debug" => LevelFilter::DEBUG,
            "trace" => LevelFilter::TRACE,
            _ => return Err(NotALevel),
        };
        Ok(Self(filter))
    }
}

impl LogLevel {
    /// The level of `LOG_LEVEL`; `info` where it is missing, or wrong: logging starts before the
    /// configuration is checked, which then complains.
    #[must_use]
    pub fn of(variables: &Variables) -> Self {
        variables.get("LOG_LEVEL").and_then(|text| text.parse().ok()).unwrap_or_default()
    }
}

/// Sends the log lines of this process to standard output. Call it once, first thing; a second call does
/// nothing.
pub fn init(level: LogLevel) {
    let _already_there = tracing_subscriber::registry().with(lines(level, std::io::stdout)).try_init();
}

/// One object a line: `timestamp`, `level`, and the event's own fields (`event`, `tracking_id`, `message`, …)
/// side by side.
fn lines<S, W>(level: LogLevel, writer: W) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let foreign = level.0.min(LevelFilter::WARN);
    let targets = Targets::new().with_default(level.0).with_targets(FOREIGN.map(|name| (name, foreign)));
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_ansi(false)
        .with_writer(writer)
        .with_filter(targets)
}

/// Writes `measurements` as one line of CloudWatch's embedded metric format. A closed standard output loses
/// the metric, not the work.
pub fn emit(measurements: &Measurements) {
    if let Some(mut line) = measurements.to_line(SystemClock.now()) {
        line.push('\n');
        let _lost = std::io::stdout().lock().write_all(line.as_bytes());
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The lines that `log` writes at this level.
    pub(crate) fn logged(level: &str, log: impl FnOnce()) -> Vec<serde_json::Value> {
        let captured = Captured::default();
        let writer = captured.clone();
        let layer = lines(level.parse().unwrap(), move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_is_one_flat_object_whatever_span_it_was_written_in() {
        let lines = logged("info", || {
            let span = tracing::info_span!("Lambda runtime invoke", requestId = "r");
            let _entered = span.enter();
            tracing::info!(event = "WEBHOOK_X", tracking_id = %"t-1", attempt = 2, "it\nhappened");
        });
        let line = lines[0].as_object().unwrap();
        assert_eq!((&line["level"], &line["event"]), (&"INFO".into(), &"WEBHOOK_X".into()));
        assert_eq!((&line["tracking_id"], &line["attempt"]), (&"t-1".into(), &2.into()));
        assert_eq!(line["message"], "it\nhappened");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
        assert_eq!(line.len(), 6, "{line:?}");
    }

    #[test]
    fn the_sdk_is_heard_only_when_it_warns() {
        let lines = logged("debug", || {
            tracing::info!(target: "aws_smithy_runtime::client", "chatter");
            tracing::warn!(target: "aws_smithy_runtime::client", "trouble");
            tracing::debug!("ours");
        });
        let messages: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
        assert_eq!(messages, ["trouble", "ours"]);
    }

    #[test]
    fn a_level_below_the_wanted_one_is_silent() {
        assert!(logged("error", || tracing::warn!("hm")).is_empty());
    }

    #[test]
    fn a_wrong_level_is_info_until_the_configuration_complains() {
        assert_eq!(LogLevel::of(&Variables::new([("LOG_LEVEL", "loud")])), LogLevel::default());
        assert_eq!("WARNING".parse(), "warn".parse::<LogLevel>());
        assert!("loud".parse::<LogLevel>().is_err());
    }
}
