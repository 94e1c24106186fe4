//! The log on AWS: CloudWatch Logs' `FilterLogEvents`, asked again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use revops_aws::call::{Json, ServiceName};
use revops_core::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Line, Looked, Tail};
use crate::aws::sdk;
use crate::aws_call::{Caller, Service};
use crate::error::CtlError;
use crate::target::Target;

static LOGS: Service<Json> = Service {
    name: ServiceName { id: "CloudWatch Logs", host: "logs" },
    protocol: Json { media_type: "application/x-amz-json-1.1", target: "Logs_20140328" },
    permission: "logs:FilterLogEvents",
};

/// Lines arrive up to so much later than they were written; so much is looked at again each time.
const LATE: Duration = Duration::from_secs(30);

/// Reads on from where it stopped.
pub(super) struct Reader {
    caller: Caller<'static, Json>,
    log_group: String,
    pattern: Option<String>,
    since: Timestamp,
    /// Where this look ends: what is written while it goes on is for the next one.
    until: Option<Timestamp>,
    /// Where this look goes on.
    token: Option<String>,
    /// The ids of the last look's newest events, which come again.
    seen: BTreeSet<String>,
    /// The newest events of this look so far, with their times.
    newest: BTreeMap<String, i64>,
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
        Ok(Self::of(caller, log_group, pattern(tail), since))
    }

    fn of(
        caller: Caller<'static, Json>,
        log_group: String,
        pattern: Option<String>,
        since: Timestamp,
    ) -> Self {
        let (seen, newest) = (BTreeSet::new(), BTreeMap::new());
        Self { caller, log_group, pattern, since, until: None, token: None, seen, newest }
    }

    /// The next page of this look, which ends at the `now` of its first page.
    pub(super) async fn next(&mut self, now: Timestamp) -> Result<Looked, CtlError> {
        let input = self.input(now);
        let output = self.caller.call("FilterLogEvents", &input).await?;
        let page: Page = serde_json::from_value(output).map_err(|cause| {
            CtlError::Failed(format!("CloudWatch's answer is not understood: {cause}; update gatewayctl"))
        })?;
        Ok(self.take(page))
    }

    fn input(&mut self, now: Timestamp) -> Value {
        let until = self.until.get_or_insert(now).unix_ms();
        let mut input =
            json!({"logGroupName": self.log_group, "startTime": self.since.unix_ms(), "endTime": until});
        if let Some(pattern) = &self.pattern {
            input["filterPattern"] = json!(pattern);
        }
        if let Some(token) = &self.token {
            input["nextToken"] = json!(token);
        }
        input
    }

    /// The lines of `page` that the last look did not show. After its last page the next look begins a little before
    /// the newest event.
    fn take(&mut self, page: Page) -> Looked {
        let Page { mut events, next_token } = page;
        events.sort_by_key(|event| event.timestamp);
        let lines = events.iter().filter(|event| !self.seen.contains(&event.event_id));
        let lines = lines.map(|event| Line::new(function(&event.log_stream_name), &event.message));
        let lines = lines.filter(|line| !line.is_metric()).collect();
        self.newest.extend(events.into_iter().map(|event| (event.event_id, event.timestamp)));
        let late_ms = i64::try_from(LATE.as_millis()).unwrap_or_default();
        if let Some(newest) = self.newest.values().max().copied() {
            self.newest.retain(|_, at| *at >= newest - late_ms);
            if next_token.is_none() {
                self.since = self.since.max(Timestamp::from_unix_ms(newest - late_ms));
                self.seen = std::mem::take(&mut self.newest).into_keys().collect();
            }
        }
        let is_more = next_token.is_some();
        self.token = next_token;
        self.until = self.until.filter(|_| is_more);
        Looked { lines, is_more }
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
        Reader::of(caller, "group".to_owned(), None, Timestamp::from_unix_ms(since))
    }

    fn page(events: Vec<Event>, next_token: Option<&str>) -> Page {
        Page { events, next_token: next_token.map(str::to_owned) }
    }

    fn texts(looked: &Looked) -> Vec<String> {
        let text = |line: &Line| line.to_json()["message"].as_str().unwrap().to_owned();
        looked.lines.iter().map(text).collect()
    }

    fn event(id: &str, timestamp: i64) -> Event {
        Event { event_id: id.to_owned(), log_stream_name: String::new(), timestamp, message: id.to_owned() }
    }

    const NOW: Timestamp = Timestamp::from_unix_ms(300_000);

    #[test]
    fn a_late_line_is_found_and_none_is_shown_twice() {
        let mut reader = reader(100_000);
        let looked = reader.take(page(vec![event("b", 200_000), event("a", 150_000)], None));
        assert_eq!(texts(&looked), ["a", "b"]);
        assert_eq!(reader.input(NOW)["startTime"], 170_000, "a little before the newest");
        let again = vec![event("late", 180_000), event("b", 200_000), event("c", 201_000)];
        assert_eq!(texts(&reader.take(page(again, None))), ["late", "c"]);
    }

    #[test]
    fn each_page_is_shown_when_it_comes_and_a_look_ends_where_it_began() {
        let mut reader = reader(100_000);
        assert_eq!(reader.input(NOW)["endTime"], 300_000);
        let first = reader.take(page(vec![event("a", 200_000)], Some("t")));
        assert_eq!((texts(&first), first.is_more), (vec!["a".to_owned()], true));
        let later = Timestamp::from_unix_ms(400_000);
        let asked =
            json!({"logGroupName": "group", "startTime": 100_000, "endTime": 300_000, "nextToken": "t"});
        assert_eq!(reader.input(later), asked);
        let last = reader.take(page(vec![event("b", 201_000)], None));
        assert_eq!((texts(&last), last.is_more), (vec!["b".to_owned()], false));
        assert_eq!(reader.input(later)["endTime"], 400_000, "the next look");
        let again = reader.take(page(vec![event("a", 200_000), event("b", 201_000)], None));
        assert_eq!(texts(&again), Vec::<String>::new());
    }

    #[test]
    fn a_quiet_log_is_read_from_where_it_was() {
        let mut reader = reader(100_000);
        let looked = reader.take(page(Vec::new(), None));
        assert!(looked.lines.is_empty() && !looked.is_more);
        let asked = json!({"logGroupName": "group", "startTime": 100_000, "endTime": 300_000});
        assert_eq!(reader.input(NOW), asked);
    }

    #[test]
    fn a_stream_tells_its_function() {
        assert_eq!(
            function("2025/08/13/gateway-DeliveryFunction-x1[$LATEST]abc"),
            "gateway-DeliveryFunction-x1"
        );
    }
}
