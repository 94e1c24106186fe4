//! A running stack: `cargo local`'s own process, with a state folder and ports of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

mod build;
mod front_door;
mod queues;

pub use build::binaries;
pub(crate) use build::workspace;
pub use front_door::Answer;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// How long a stack may take until it is ready; in practice about a second.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// How long anything else that a test waits for may take.
const WITHIN: Duration = Duration::from_secs(60);

/// Has a stack end with the process that started it, also where that is killed. A stack that refuses to start needs
/// no such care.
const UNTIL_THIS_PROCESS_ENDS: &str = "--until-stdin-closes";

/// How a stack is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// `--time-scale`.
    pub time_scale: f64,
    /// More variables of its environment.
    pub environment: Vec<(String, String)>,
    /// `--template`; none for the shipped one.
    pub template: Option<PathBuf>,
    /// Where its log goes; none for the standard error of the test.
    pub log: Option<PathBuf>,
    /// A folder with its binaries; none for those that the workspace builds.
    pub binaries: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { time_scale: 1.0, environment: Vec::new(), template: None, log: None, binaries: None }
    }
}

/// What `ready.json` says.
#[derive(Clone, Debug, Deserialize)]
pub struct Ready {
    /// The front door.
    pub gateway_url: String,
    /// The key that was made.
    pub api_key: Option<String>,
    /// The embedded AWS services.
    pub aws_endpoint_url: String,
    /// Where the inbox is listed.
    pub inbox_url: String,
    /// The default signing secret.
    pub signing_secret: Option<String>,
    /// Queue URLs by name.
    pub queue_urls: std::collections::BTreeMap<String, String>,
    /// The bucket.
    pub bucket: String,
    /// The stack's process.
    pub pid: u32,
}

/// A stack that ends with its test.
#[derive(Debug)]
pub struct Stack {
    process: Child,
    state: PathBuf,
    options: Options,
    /// What it said when it was ready.
    pub ready: Ready,
    client: reqwest::Client,
}

impl Stack {
    /// Starts a stack over the folder `state`, on free ports, and waits until it is ready.
    ///
    /// # Panics
    /// It does not become ready.
    pub async fn start(state: &Path, options: Options) -> Self {
        let mut process = spawn(state, &options, &[UNTIL_THIS_PROCESS_ENDS]);
        let client = reqwest::Client::new();
        let ready = wait_until_ready(&mut process, state).await;
        Self { process, state: state.to_owned(), options, ready, client }
    }

    /// Kills the stack as `kill -9` does and starts another over the same state.
    ///
    /// # Panics
    /// The new one does not become ready.
    pub async fn kill_and_restart(&mut self) {
        self.kill();
        self.process = spawn(&self.state, &self.options, &[UNTIL_THIS_PROCESS_ENDS]);
        self.ready = wait_until_ready(&mut self.process, &self.state).await;
    }

    /// Kills the stack as `kill -9` does.
    pub fn kill(&mut self) {
        // Already gone is as good.
        let _gone = self.process.kill();
        let _reaped = self.process.wait();
    }

    /// Closes the pipe that the kernel closes when this process is killed, and waits until the stack has ended by
    /// itself, and well.
    ///
    /// # Panics
    /// It does not end.
    pub async fn orphan(&mut self) {
        drop(self.process.stdin.take());
        let deadline = tokio::time::Instant::now() + WITHIN;
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "it outlives whoever started it");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Runs `gatewayctl --local` over this stack with `arguments`, to its end.
    ///
    /// # Panics
    /// It cannot be started.
    #[must_use]
    pub fn gatewayctl(&self, arguments: &[&str]) -> Output {
        self.gatewayctl_command(arguments).output().unwrap()
    }

    /// `gatewayctl --local` over this stack with `arguments`, for whoever has something to do while it runs.
    #[must_use]
    pub fn gatewayctl_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(build::binaries().join("gatewayctl"));
        command.args(["--local", "--state"]).arg(&self.state).args(arguments);
        command
    }

    /// The folder of its state.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The objects of the bucket below `prefix`, as paths relative to it.
    #[must_use]
    pub fn objects(&self, prefix: &str) -> Vec<PathBuf> {
        let root = self.state.join("s3").join(&self.ready.bucket).join(prefix);
        let mut found = Vec::new();
        collect(&root, &root, &mut found);
        found.sort();
        found
    }

    /// Whether there is an object at `key` of the bucket.
    #[must_use]
    pub fn has_object(&self, key: &str) -> bool {
        self.state.join("s3").join(&self.ready.bucket).join(key).exists()
    }

    /// The JSON object at `key` of the bucket.
    #[must_use]
    pub fn object(&self, key: &str) -> Option<Value> {
        let path = self.state.join("s3").join(&self.ready.bucket).join(key);
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    /// Looks until `look` finds something, for a minute.
    ///
    /// # Panics
    /// It finds nothing.
    pub async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        self.until_within(WITHIN, what, look).await
    }

    /// Looks until `look` finds something, for `within`.
    ///
    /// # Panics
    /// It finds nothing.
    pub async fn until_within<T, F: Future<Output = Option<T>>>(
        &self,
        within: Duration,
        what: &str,
        look: impl Fn() -> F,
    ) -> T {
        let deadline = tokio::time::Instant::now() + within;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(tokio::time::Instant::now() < deadline, "waited {within:?} in vain: {what}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Stack {
    /// Lines of the functions that wanted to be metrics and that CloudWatch would refuse, each with the rule that it
    /// breaks.
    #[must_use]
    pub fn refused_metrics(&self) -> String {
        std::fs::read_to_string(self.state.join("logs/refused-metrics.log")).unwrap_or_default()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.kill();
        // Whatever a test was about: every line that a function printed is held to CloudWatch's rules.
        if !std::thread::panicking() {
            assert_eq!(self.refused_metrics(), "", "CloudWatch would refuse these metrics");
        }
    }
}

/// One of the binaries that a stack consists of, as it was built.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    build::binaries().join(name)
}

/// `gatewayctl`, as it was built, without a stack.
#[must_use]
pub fn gatewayctl() -> Command {
    Command::new(build::binaries().join("gatewayctl"))
}

/// Starts a stack that is expected to refuse, and tells what it wrote.
///
/// # Panics
/// It cannot be started at all.
#[must_use]
pub fn refusal(state: &Path, arguments: &[&str]) -> String {
    let process = spawn(state, &Options::default(), arguments);
    let output = process.wait_with_output().unwrap();
    assert!(!output.status.success(), "it did not refuse");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn spawn(state: &Path, options: &Options, arguments: &[&str]) -> Child {
    let binaries = options.binaries.as_deref().unwrap_or_else(|| build::binaries());
    let ports = if arguments.contains(&"--port") { &[][..] } else { &["--port", "0"][..] };
    Command::new(binaries.join("local"))
        .args(ports)
        .args(["--aws-port", "0", "--time-scale", &options.time_scale.to_string()])
        .arg("--state")
        .arg(state)
        .arg("--bin-dir")
        .arg(binaries)
        .args(options.template.iter().flat_map(|template| ["--template".as_ref(), template.as_os_str()]))
        .args(arguments)
        .current_dir(build::workspace())
        .envs(options.environment.iter().cloned())
        // Held open by the `Child`, and by the kernel no longer than this process lives.
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(stderr(options, arguments))
        .spawn()
        .unwrap()
}

/// A stack that is expected to refuse is listened to.
fn stderr(options: &Options, arguments: &[&str]) -> Stdio {
    match &options.log {
        Some(log) => std::fs::File::create(log).unwrap().into(),
        None if arguments.contains(&UNTIL_THIS_PROCESS_ENDS) => Stdio::inherit(),
        None => Stdio::piped(),
    }
}

async fn wait_until_ready(process: &mut Child, state: &Path) -> Ready {
    let deadline = tokio::time::Instant::now() + READY_WITHIN;
    loop {
        let written = std::fs::read(state.join("ready.json")).ok();
        let ready: Option<Ready> = written.and_then(|json| serde_json::from_slice(&json).ok());
        // After a crash the old file is still there; it bears another process's id.
        if let Some(ready) = ready.filter(|ready| ready.pid == process.id()) {
            return ready;
        }
        assert!(process.try_wait().unwrap().is_none(), "the stack ended before it was ready");
        assert!(tokio::time::Instant::now() < deadline, "the stack was not ready within {READY_WITHIN:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if let Ok(relative) = path.strip_prefix(root) {
            found.push(relative.to_owned());
        }
    }
}
