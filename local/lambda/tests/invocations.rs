//! What one invocation sees and gives, run by a real runtime client in a process of its own.

#![expect(clippy::unwrap_used, reason = "a test's helpers may panic as the test itself may")]

mod support;

use local_lambda::{FunctionErrorKind, InvokeError, MAXIMUM_PAYLOAD, OutputStream};
use serde_json::json;
use std::time::Duration;
use support::*;

#[tokio::test]
async fn a_function_gets_its_event_and_its_answer_comes_back() {
    let lambda = start(settings());
    let event = json!({ "question": "What is the deal status for IXIS?", "größe": 3 });
    assert_eq!(answer(&lambda, event.clone()).await, event);
}

#[tokio::test]
async fn the_context_is_lambdas() {
    let (lambda, before) = (start(settings()), epoch_ms());
    let invocation = invoke(&lambda, json!({ "do": "context" })).await;
    let context = parse(&invocation);
    assert_eq!(context["request_id"], invocation.request_id);
    assert_eq!(uuid::Uuid::parse_str(&invocation.request_id).unwrap().to_string(), invocation.request_id);
    assert_eq!(context["arn"], "arn:aws:lambda:us-east-1:000000000000:function:obedient");
    assert!(context["trace_id"].as_str().unwrap().starts_with("Root=1-"));
    let deadline = u128::from(context["deadline"].as_u64().unwrap());
    assert!((before..=epoch_ms()).contains(&(deadline - PATIENCE.as_millis())));
}

#[expect(clippy::disallowed_methods, reason = "compares the real deadline with the real time")]
fn epoch_ms() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()
}

#[tokio::test]
async fn the_environment_is_the_functions_and_lambdas_and_nothing_else() {
    let mut settings = settings();
    settings.environment = [("LOG_LEVEL".to_owned(), "warn".to_owned())].into();
    let environment = answer(&start(settings), json!({ "do": "environment" })).await;
    let names: Vec<&str> = environment.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "AWS_DEFAULT_REGION",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "LAMBDA_TASK_ROOT",
        "LANG",
        "LOG_LEVEL",
        "PATH",
        "TZ",
        "_HANDLER",
        // Set by the runtime client for each invocation.
        "_X_AMZN_TRACE_ID",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_launcher_runs_before_the_executable() {
    let mut settings = settings();
    settings.launcher = ["/usr/bin/env", "LAUNCHED=yes"].map(Into::into).into();
    let environment = answer(&start(settings), json!({ "do": "environment" })).await;
    assert_eq!(environment["LAUNCHED"], "yes");
}

#[tokio::test]
async fn what_a_function_writes_arrives_line_by_line() {
    let (lambda, mut lines) = start_with_lines(settings());
    let pid = u32::try_from(pid(&lambda).await).unwrap();
    answer(&lambda, json!({ "do": "write" })).await;
    let mut seen = [lines.recv().await.unwrap(), lines.recv().await.unwrap()];
    seen.sort_by_key(|line| line.text.clone());
    let [error, output] = seen;
    assert_eq!((error.stream, error.text.as_str()), (OutputStream::Stderr, "to standard error"));
    assert_eq!((output.stream, output.text.as_str()), (OutputStream::Stdout, "to standard output"));
    assert_eq!((output.function.as_str(), output.pid), ("obedient", pid));
}

#[tokio::test]
async fn an_error_of_the_function_is_a_function_error_and_the_process_lives_on() {
    let lambda = start(settings());
    let before = pid(&lambda).await;
    let (_, message) = failure(&lambda, json!({ "do": "fail" })).await;
    assert_eq!(message, "it did not work");
    let (_, message) = failure(&lambda, json!({ "do": "panic" })).await;
    assert!(message.contains("it fell over"), "{message}");
    assert_eq!(pid(&lambda).await, before);
}

#[tokio::test]
async fn a_process_that_exits_fails_its_invocation() {
    let lambda = start(settings());
    let (kind, message) = failure(&lambda, json!({ "do": "exit", "status": 3 })).await;
    assert_eq!(kind, "Runtime.ExitError");
    assert_eq!(message, "RequestId: ID Error: Runtime exited with error: exit status 3");
    assert_eq!(answer(&lambda, json!(1)).await, 1);
}

#[tokio::test]
async fn a_process_that_is_killed_at_work_fails_its_invocation() {
    let lambda = start(settings());
    let pid = pid(&lambda).await;
    let busy = tokio::spawn({
        let lambda = lambda.clone();
        async move { failure(&lambda, json!({ "do": "sleep", "ms": 60_000 })).await }
    });
    until("busy", || lambda.processes()[0].state == local_lambda::ProcessState::Busy).await;
    kill(pid);
    let (kind, message) = busy.await.unwrap();
    assert_eq!(kind, "Runtime.ExitError");
    assert_eq!(message, "RequestId: ID Error: Runtime exited with error: signal: killed");
}

#[tokio::test]
async fn a_function_that_takes_too_long_is_killed() {
    let mut settings = settings();
    settings.timeout = Duration::from_secs(1);
    let lambda = start(settings);
    let before = pid(&lambda).await;
    let (kind, message) = failure(&lambda, json!({ "do": "sleep", "ms": 60_000 })).await;
    assert_eq!(kind, "Sandbox.Timedout");
    assert_eq!(message, "RequestId: ID Error: Task timed out after 1.00 seconds");
    until("killed", || !exists(before)).await;
    assert_ne!(pid(&lambda).await, before);
}

#[tokio::test]
async fn a_response_may_have_6_mb_and_no_more() {
    let lambda = start(settings());
    let fits = answer(&lambda, json!({ "do": "big", "bytes": MAXIMUM_PAYLOAD })).await;
    assert_eq!(fits.as_str().unwrap().len(), MAXIMUM_PAYLOAD);
    let (kind, message) = failure(&lambda, json!({ "do": "big", "bytes": 3 * MAXIMUM_PAYLOAD })).await;
    assert_eq!(kind, "Function.ResponseSizeTooLarge");
    assert_eq!(message, "Response payload size exceeded maximum allowed payload size (6291556 bytes).");
    assert_eq!(answer(&lambda, json!(1)).await, 1);
}

#[tokio::test]
async fn what_cannot_be_an_event_is_refused() {
    let lambda = start(settings());
    let refused = |function: &'static str, payload: Vec<u8>| {
        let lambda = lambda.clone();
        async move { lambda.invoke(function, payload.into()).await.unwrap_err() }
    };
    assert_eq!(refused("other", b"1".to_vec()).await, InvokeError::UnknownFunction("other".into()));
    assert_eq!(refused("obedient", b"{".to_vec()).await, InvokeError::InvalidJson);
    let large = vec![b'1'; MAXIMUM_PAYLOAD + 1];
    assert_eq!(refused("obedient", large).await, InvokeError::PayloadTooLarge(MAXIMUM_PAYLOAD));
    assert_eq!(lambda.processes(), []);
}

#[tokio::test]
async fn a_process_that_exits_before_its_first_event_fails_the_invocation() {
    let lambda = start(with_init("exit"));
    for _ in 0..2 {
        let (kind, message) = failure(&lambda, json!(1)).await;
        assert_eq!(kind, "Runtime.ExitError");
        assert_eq!(message, "RequestId: ID Error: Runtime exited with error: exit status 7");
        assert_eq!(lambda.processes(), []);
    }
}

#[tokio::test]
async fn an_initialisation_error_is_what_the_process_said() {
    let (kind, message) = failure(&start(with_init("error")), json!(1)).await;
    assert_eq!((kind.as_str(), message.as_str()), ("Config.Missing", "QUERY_QUEUE_URL is not set"));
}

#[tokio::test]
async fn a_process_that_never_asks_for_an_event_is_given_up_after_ten_seconds() {
    let (kind, message) = failure(&start(with_init("hang")), json!(1)).await;
    assert_eq!(kind, "Sandbox.Timedout");
    assert_eq!(message, "RequestId: ID Error: Init phase timed out after 10.00 seconds");
}

#[tokio::test]
async fn a_binary_that_is_not_there_fails_the_invocation() {
    let mut settings = settings();
    settings.executable = "/nowhere/bootstrap".into();
    let lambda = start(settings);
    let invocation = invoke(&lambda, json!(1)).await;
    assert_eq!(invocation.function_error, Some(FunctionErrorKind::Unhandled));
    assert_eq!(parse(&invocation)["errorType"], "Runtime.InvalidEntrypoint");
    assert_eq!(lambda.processes(), []);
}
