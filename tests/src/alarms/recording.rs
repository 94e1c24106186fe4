//! What a stack did, as the series that CloudWatch would have of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aws_sdk_sqs::types::QueueAttributeName as Attribute;
use reqwest::Method;
use serde_json::Value;

use super::series::SeriesId;
use crate::stack::{Answer, Stack};

/// Values by series: what one minute of a scenario looks like.
#[derive(Clone, Debug, Default)]
pub struct Recording(pub BTreeMap<SeriesId, Vec<f64>>);

/// Listens to a stack from its making on.
#[derive(Debug)]
pub struct Recorder<'a> {
    stack: &'a Stack,
    /// How long each log was when it began.
    read: BTreeMap<PathBuf, usize>,
    invocations: Value,
    answers: Vec<u16>,
}

impl Recording {
    fn add(&mut self, id: SeriesId, value: f64) {
        self.0.entry(id).or_default().push(value);
    }

    /// The same with every value of the metric `name` times `factor`: for what cannot be waited for, or made so often.
    #[must_use]
    pub fn magnified(mut self, name: &str, factor: f64) -> Self {
        for (_, values) in self.0.iter_mut().filter(|(id, _)| id.name == name) {
            values.iter_mut().for_each(|value| *value *= factor);
        }
        self
    }

    /// The sum of a series; 0 where there is none.
    #[must_use]
    pub fn sum(&self, id: &SeriesId) -> f64 {
        self.0.get(id).into_iter().flatten().sum()
    }
}

impl<'a> Recorder<'a> {
    /// Begins now.
    pub async fn start(stack: &'a Stack) -> Self {
        let mut recorder =
            Self { stack, read: BTreeMap::new(), invocations: Value::Null, answers: Vec::new() };
        recorder.settled().await;
        recorder.read = recorder.logs().into_iter().map(|(path, text)| (path, text.len())).collect();
        recorder.invocations = recorder.invocations_now().await;
        recorder
    }

    /// Counts an answer, as API Gateway would.
    pub fn answered(&mut self, answer: &Answer) {
        self.answers.push(answer.status);
    }

    /// Whether a function has printed the metric since the beginning.
    #[must_use]
    pub fn has_seen(&self, metric: &str) -> bool {
        self.printed().0.keys().any(|id| id.name == metric)
    }

    /// Ends now. `time_scale` is the stack's.
    pub async fn finish(self, time_scale: f64) -> Recording {
        self.settled().await;
        let mut recording = self.printed().magnified("OldestAttemptAge", time_scale);
        for status in &self.answers {
            let of = |name| SeriesId::new("AWS/ApiGateway", name, &[("ApiId", "HttpApi")]);
            recording.add(of("Count"), 1.0);
            recording.add(of("5xx"), f64::from(u8::from(*status >= 500)));
        }
        let now = self.invocations_now().await;
        for (function, counts) in now.as_object().unwrap() {
            for (name, count) in
                [("Errors", "errors"), ("Throttles", "throttles"), ("Invocations", "invocations")]
            {
                let before = self.invocations[function][count].as_f64().unwrap_or_default();
                let id = SeriesId::new("AWS/Lambda", name, &[("FunctionName", function)]);
                recording.add(id, counts[count].as_f64().unwrap() - before);
            }
        }
        self.gauge_queues(&mut recording).await;
        recording
    }

    async fn gauge_queues(&self, recording: &mut Recording) {
        let client = self.stack.sqs();
        for (queue, url) in &self.stack.ready.queue_urls {
            let asked = client.get_queue_attributes().queue_url(url).attribute_names(Attribute::All);
            let attributes = asked.send().await.unwrap().attributes.unwrap_or_default();
            for (name, attribute) in [
                ("ApproximateNumberOfMessagesVisible", Attribute::ApproximateNumberOfMessages),
                ("ApproximateNumberOfMessagesNotVisible", Attribute::ApproximateNumberOfMessagesNotVisible),
            ] {
                let id = SeriesId::new("AWS/SQS", name, &[("QueueName", queue)]);
                recording.add(id, attributes[&attribute].parse().unwrap());
            }
        }
    }

    /// What the functions printed since the beginning.
    fn printed(&self) -> Recording {
        let mut recording = Recording::default();
        for (path, text) in self.logs() {
            let from = self.read.get(&path).copied().unwrap_or_default();
            text.get(from..).unwrap_or_default().lines().for_each(|line| read_line(line, &mut recording));
        }
        recording
    }

    fn logs(&self) -> Vec<(PathBuf, String)> {
        let files = std::fs::read_dir(self.stack.state().join("logs")).into_iter().flatten().flatten();
        files.map(|file| (file.path(), std::fs::read_to_string(file.path()).unwrap_or_default())).collect()
    }

    /// Waits until nobody prints any more: the log is written beside the work.
    async fn settled(&self) {
        let length = || self.logs().iter().map(|(_, text)| text.len()).sum::<usize>();
        let mut before = length();
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
            let now = length();
            if now == before {
                return;
            }
            before = now;
        }
    }

    async fn invocations_now(&self) -> Value {
        self.stack.call(Method::GET, "/_local/invocations", None).await.body
    }
}

/// Adds what a line of embedded metric format measures, under each of its dimension sets.
fn read_line(line: &str, recording: &mut Recording) {
    let Some(line) = line.contains("\"_aws\"").then(|| serde_json::from_str::<Value>(line).ok()).flatten()
    else {
        return;
    };
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().into_iter().flatten() {
        for set in directive["Dimensions"].as_array().unwrap() {
            let names = set.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            let dimensions: Vec<_> = names.map(|name| (name, line[name].as_str().unwrap())).collect();
            for metric in directive["Metrics"].as_array().unwrap() {
                let name = metric["Name"].as_str().unwrap();
                let id = SeriesId::new(directive["Namespace"].as_str().unwrap(), name, &dimensions);
                recording.add(id, line[name].as_f64().unwrap());
            }
        }
    }
}
