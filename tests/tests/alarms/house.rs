//! A stack on fast time whose scenarios are recorded.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::alarms::{Recorder, Recording};
use tests::stack::{Answer, Options, Stack};

/// How fast waits pass.
pub(crate) const TIME_SCALE: f64 = 200.0;

/// Conversations of each class in a minute of a scenario.
const PER_CLASS: usize = 3;

pub(crate) const CLASSES: [&str; 4] = ["deal_analysis", "data_analysis", "lead_analysis", "general"];

pub(crate) struct House {
    pub(crate) stack: Stack,
    _state: tempfile::TempDir,
}

impl House {
    pub(crate) async fn start(environment: &[(&str, &str)], changes: &[(&str, &str)]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let options = Options {
            time_scale: TIME_SCALE,
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            template: Some(changed_template(state.path().join("template.yaml"), changes)),
            log: Some(state.path().join("stack.log")),
            ..Options::default()
        };
        let stack = Stack::start(&state.path().join("state"), options).await;
        Self { stack, _state: state }
    }

    pub(crate) async fn recorder(&self) -> Recorder<'_> {
        Recorder::start(&self.stack).await
    }

    /// Asks for an answer of `class`, and waits for it if it comes.
    pub(crate) async fn ask(&self, class: &str) -> Answer {
        self.ask_with(class, &[]).await
    }

    pub(crate) async fn ask_with(&self, class: &str, headers: &[(&str, &str)]) -> Answer {
        let body = json!({"source_process": "alarms", "timestamp": "2025-08-13T06:30:00Z", "route": class,
            "source_system": "tests", "query": "What is the deal status for IXIS?"});
        self.stack.post(&body.to_string(), headers).await
    }

    /// Some healthy conversations of the class, to their ends.
    pub(crate) async fn some(&self, class: &str, recorder: &mut Recorder<'_>) {
        for _ in 0..PER_CLASS {
            let answer = self.ask(class).await;
            self.stack.ended(&answer.tracking_id(), "delivered").await;
            recorder.answered(&answer);
        }
    }

    /// One conversation of the class, which ends so.
    pub(crate) async fn one(&self, class: &str, status: &str, recorder: &mut Recorder<'_>) {
        let answer = self.ask(class).await;
        self.stack.ended(&answer.tracking_id(), status).await;
        recorder.answered(&answer);
    }

    /// From now on, or for its `count`, the webhook of `class` answers so.
    pub(crate) async fn webhook(&self, class: &str, fault: Value) {
        let told = self.stack.call(Method::PUT, &format!("/_local/inbox/{class}"), Some(fault)).await;
        assert!(told.status < 300, "{told:?}");
    }

    /// From now on, or for its `count`, the agent fails so.
    pub(crate) async fn agent(&self, fault: Value) {
        let told = self.stack.call(Method::PUT, "/_local/agent", Some(fault)).await;
        assert!(told.status < 300, "{told:?}");
    }

    /// Everybody behaves again, and no dead letter is to be seen.
    pub(crate) async fn mend(&self) {
        for class in CLASSES {
            self.stack.call(Method::DELETE, &format!("/_local/inbox/{class}"), None).await;
        }
        self.stack.call(Method::DELETE, "/_local/agent", None).await;
        self.stack.dead_letter_bodies().await;
    }

    /// Sends `body` to the queue with this name, as nobody should.
    pub(crate) async fn send(&self, queue: &str, body: &str) {
        let url = &self.stack.ready.queue_urls[queue];
        self.stack.sqs().send_message().queue_url(url).message_body(body).send().await.unwrap();
    }

    /// Waits until a function has printed the metric.
    pub(crate) async fn until_seen(&self, recorder: &Recorder<'_>, metric: &str) {
        let look = || async { recorder.has_seen(metric).then_some(()) };
        self.stack.until_within(Duration::from_secs(60), metric, look).await;
    }

    /// While this is held, nothing can be written below `prefix` of the bucket.
    pub(crate) fn unwritable(&self, prefix: &str) -> Unwritable {
        let folder = self.stack.state().join("s3").join(&self.stack.ready.bucket).join(prefix);
        let aside = folder.with_extension("aside");
        std::fs::rename(&folder, &aside).unwrap();
        std::fs::write(&folder, "in the way").unwrap();
        Unwritable { folder, aside }
    }

    pub(crate) async fn finish(&self, recorder: Recorder<'_>) -> Recording {
        recorder.finish(TIME_SCALE).await
    }
}

/// A folder of the bucket that is out of the way.
pub(crate) struct Unwritable {
    folder: PathBuf,
    aside: PathBuf,
}

impl Drop for Unwritable {
    fn drop(&mut self) {
        std::fs::remove_file(&self.folder).unwrap();
        std::fs::rename(&self.aside, &self.folder).unwrap();
    }
}

fn changed_template(path: PathBuf, changes: &[(&str, &str)]) -> PathBuf {
    let mut text = std::fs::read_to_string("../template.yaml").unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "template.yaml has no {from}");
        text = text.replace(from, to);
    }
    std::fs::write(&path, text).unwrap();
    path
}
