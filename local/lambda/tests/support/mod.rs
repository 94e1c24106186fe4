//! What the tests of this crate share: a service whose function is the example `obedient`.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    clippy::unwrap_used,
    reason = "each test binary uses its own part of this module, and helpers may panic as tests may"
)]

use bytes::Bytes;
use local_lambda::{FunctionErrorKind, FunctionLine, FunctionSettings, Invocation, Lambda};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};
use tokio::sync::mpsc;

/// Long enough for any step on a busy machine; only a test that fails waits for it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The example's binary, which cargo builds beside the tests.
pub fn executable() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().unwrap().parent().unwrap().join("examples/obedient");
    assert!(path.exists(), "build it: cargo build --package local-lambda --examples");
    path
}

pub fn settings() -> FunctionSettings {
    FunctionSettings {
        name: "obedient".into(),
        executable: executable(),
        launcher: Vec::new(),
        timeout: PATIENCE,
        memory_mb: 128,
        environment: [("AWS_LAMBDA_LOG_LEVEL".into(), "ERROR".into())].into(),
        maximum_processes: 100,
    }
}

/// A service with one function, and the lines it writes.
pub fn start_with_lines(settings: FunctionSettings) -> (Lambda, mpsc::UnboundedReceiver<FunctionLine>) {
    let (lines, receiver) = mpsc::unbounded_channel();
    (Lambda::start(vec![settings], lines), receiver)
}

pub fn start(settings: FunctionSettings) -> Lambda {
    start_with_lines(settings).0
}

pub fn with_init(mode: &str) -> FunctionSettings {
    let mut settings = settings();
    settings.environment.insert("INIT".into(), mode.into());
    settings
}

pub fn event(event: Value) -> Bytes {
    event.to_string().into()
}

pub async fn invoke(lambda: &Lambda, body: Value) -> Invocation {
    lambda.invoke("obedient", event(body)).await.unwrap()
}

pub fn parse(invocation: &Invocation) -> Value {
    serde_json::from_slice(&invocation.payload).unwrap()
}

/// The answer of an invocation that must succeed.
pub async fn answer(lambda: &Lambda, body: Value) -> Value {
    let invocation = invoke(lambda, body).await;
    assert_eq!(invocation.function_error, None, "{:?}", invocation.payload);
    parse(&invocation)
}

/// The type and the message of an invocation that must fail unhandled.
pub async fn failure(lambda: &Lambda, body: Value) -> (String, String) {
    let invocation = invoke(lambda, body).await;
    assert_eq!(invocation.function_error, Some(FunctionErrorKind::Unhandled));
    let error = parse(&invocation);
    let text = |name: &str| error[name].as_str().unwrap().replace(&invocation.request_id, "ID");
    (text("errorType"), text("errorMessage"))
}

/// The process that answers.
pub async fn pid(lambda: &Lambda) -> u64 {
    answer(lambda, json!({ "do": "context" })).await["pid"].as_u64().unwrap()
}

pub fn kill(pid: u64) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

/// Whether a process of this number exists, dead and unreaped ones not counted.
pub fn exists(pid: u64) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

/// Waits until something becomes true.
pub async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// A path of its own for a test's file.
pub fn scratch(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

pub fn length(path: &std::path::Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}
