//! The log on AWS: CloudWatch Logs' `FilterLogEvents`, asked again and again.

use std::collections::BTreeSet;
use std::time::Duration;

use revops_core::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Line, Tail};
use crate::aws::sdk;
use crate::aws_call::{Caller, Service};
use crate::error::CtlError;
use crate::interrupt::Interrupt;
use crate::target::Target;

static LOGS: Service = Service {
    name: "logs",
    target: "Logs_20140328",
    media_type: "application/x-amz-json-1.1",
    endpoint_variable: "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
    permission: "logs:FilterLogEvents",
};

/// Lines arrive up to so much later than they were written; so much is looked at again each time.
const LATE: Duration = Duration::from_secs(30);

/// Reads on from where it stopped.
pub(super) struct Reader {
    caller: Caller<'static>,
    log_group: String,
    pattern: Option<String>,
    since: Timestamp,
    /// The ids of the events of the last look, which may come again.
    seen: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_id: String,
    #[serde(default)]
    log_stream_name: String,
    timestamp: i64,
    message: String,
}

impl Reader {
    pub(super) async fn new(tail: &Tail, target: &Target, since: Timestamp) -> Result<Self, CtlError> {
        let log_group = tail.log_group.clone().ok_or_else(|| {
            CtlError::Usage(
                "which log group? Set GATEWAY_LOG_GROUP or --log-group to the stack's output FunctionLogGroupName \
                 (`aws cloudformation describe-stacks` shows it), or use --local for `cargo local`"
                    .to_owned(),
            )
        })?;
        let caller = Caller::new(&LOGS, sdk(target).await)?;
        Ok(Self { caller, log_group, pattern: pattern(tail), since, seen: BTreeSet::new() })
    }

    /// What is new since the last call.
    pub(super) async fn next(&mut self, interrupt: &Interrupt) -> Result<Vec<Line>, CtlError> {
        let (mut events, mut token) = (Vec::new(), None);
        while !interrupt.is_asked() {
            let output = self.caller.call("FilterLogEvents", &self.input(token)).await?;
            let page: Page = serde_json::from_value(output).map_err(|cause| {
                CtlError::Failed(format!("CloudWatch's answer is not understood: {cause}; update gatewayctl"))
            })?;
            events.extend(page.events);
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        Ok(self.news(events))
    }

    fn input(&self, token: Option<String>) -> Value {
        let mut input = json!({"logGroupName": self.log_group, "startTime": self.since.unix_ms()});
        if let Some(pattern) = &self.pattern {
            input["filterPattern"] = json!(pattern);
        }
        if let Some(token) = token {
            input["nextToken"] = json!(token);
        }
        input
    }

    /// The events that were not there last time. The next look begins a little before the newest.
    fn news(&mut self, mut events: Vec<Event>) -> Vec<Line> {
        events.sort_by_key(|event| event.timestamp);
        let lines = events.iter().filter(|event| !self.seen.contains(&event.event_id));
        let lines = lines.map(|event| Line::new(function(&event.log_stream_name), &event.message));
        let lines = lines.filter(|line| !line.is_metric()).collect();
        if let Some(newest) = events.last() {
            let late_ms = i64::try_from(LATE.as_millis()).unwrap_or_default();
            let from = Timestamp::from_unix_ms(newest.timestamp - late_ms);
            self.since = self.since.max(from);
        }
        self.seen = events.into_iter().map(|event| event.event_id).collect();
        lines
    }
}

/// What the service can sort out itself: terms in quotes occur in the line.
fn pattern(tail: &Tail) -> Option<String> {
    match (&tail.tracking_id, tail.event.as_slice()) {
        (Some(id), _) => Some(format!("\"{id}\"")),
        (None, []) => None,
        (None, events) => {
            let terms = events.iter().map(|event| format!("?\"{}\"", event.replace('"', "")));
            Some(terms.collect::<Vec<_>>().join(" "))
        }
    }
}

/// The streams of a shared log group are named `2025/08/13/<function>[<version>]<id>`.
fn function(stream: &str) -> &str {
    stream.rsplit('/').next().and_then(|name| name.split('[').next()).unwrap_or(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_config::{BehaviorVersion, Region, SdkConfig};

    fn reader(since: i64) -> Reader {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest());
        let caller = Caller::new(&LOGS, config.region(Region::new("us-east-1")).build()).unwrap();
        let since = Timestamp::from_unix_ms(since);
        Reader { caller, log_group: "group".to_owned(), pattern: None, since, seen: BTreeSet::new() }
    }

    fn event(id: &str, timestamp: i64) -> Event {
        Event { event_id: id.to_owned(), log_stream_name: String::new(), timestamp, message: id.to_owned() }
    }

    #[test]
    fn a_late_line_is_found_and_none_is_shown_twice() {
        let mut reader = reader(100_000);
        assert_eq!(reader.news(vec![event("b", 200_000), event("a", 150_000)]).len(), 2);
        assert_eq!(reader.input(None)["startTime"], 170_000, "a little before the newest");
        let news = reader.news(vec![event("late", 180_000), event("b", 200_000), event("c", 201_000)]);
        let texts: Vec<_> = news.iter().map(|line| line.to_json()["message"].clone()).collect();
        assert_eq!(texts, ["late", "c"]);
    }

    #[test]
    fn a_quiet_log_is_read_from_where_it_was() {
        let mut reader = reader(100_000);
        assert!(reader.news(Vec::new()).is_empty());
        assert_eq!(
            reader.input(Some("t".to_owned())),
            json!({"logGroupName": "group", "startTime": 100_000, "nextToken": "t"})
        );
    }

    #[test]
    fn a_stream_tells_its_function() {
        assert_eq!(
            function("2025/08/13/gateway-DeliveryFunction-x1[$LATEST]abc"),
            "gateway-DeliveryFunction-x1"
        );
    }
}
