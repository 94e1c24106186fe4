//! Lambda's Invoke: what is over, what may still run, and what never started.

use std::time::Duration;

use revops_aws::LambdaManagerAgent;
use revops_core::Timestamp;
use revops_core::messages::{AskReply, AskRequest, Version};
use revops_core::ports::{InvokeError, InvokeManagerAgent};
use revops_core::telemetry::Attribution;

use crate::script::{Answer, Script};

const WITHIN: Duration = Duration::from_secs(20);

async fn invoke(answer: Answer) -> (Result<AskReply, InvokeError>, Script) {
    let script = Script::new([answer]);
    let function = LambdaManagerAgent::new(script.clients(), "manager-agent".into());
    let request = AskRequest {
        v: Version,
        tracking_id: "0198a0a0-0000-7000-8000-000000000000".parse().unwrap(),
        invocation_token: "t-1".into(),
    };
    (function.invoke(&request, WITHIN).await, script)
}

#[tokio::test(start_paused = true)]
async fn the_function_is_invoked_synchronously_with_the_request() {
    let (reply, script) = invoke(Answer::new(200, &[], r#"{"status":"answered"}"#)).await;
    assert_eq!(reply.unwrap(), AskReply::Answered);
    let sent = &script.requests()[0];
    assert_eq!(sent.uri, "http://aws.test/2015-03-31/functions/manager-agent/invocations");
    assert_eq!(sent.header("x-amz-invocation-type"), Some("RequestResponse"));
    assert_eq!(sent.json()["invocation_token"], "t-1");
}

#[tokio::test(start_paused = true)]
async fn a_reply_in_progress_bears_its_time() {
    let body = r#"{"status":"in_progress","retry_at":"2025-08-13T06:30:00.000Z"}"#;
    let (reply, _) = invoke(Answer::new(200, &[], body)).await;
    let retry_at: Timestamp = "2025-08-13T06:30:00Z".parse().unwrap();
    assert_eq!(reply.unwrap(), AskReply::InProgress { retry_at: Some(retry_at) });
}

#[tokio::test(start_paused = true)]
async fn a_function_error_is_an_invocation_that_is_over() {
    let failed = Answer::new(200, &[("x-amz-function-error", "Unhandled")], r#"{"errorType":"Panic"}"#);
    let (reply, _) = invoke(failed).await;
    assert!(matches!(reply, Err(InvokeError::FunctionError(text)) if text.contains("Panic")));
    let (reply, _) = invoke(Answer::new(200, &[], "null")).await;
    assert!(matches!(reply, Err(InvokeError::FunctionError(_))));
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_lambda_refuses_is_not_repeated_here_and_only_a_throttled_one_passes() {
    let refused = [
        (429, "TooManyRequestsException", Attribution::Network),
        (404, "ResourceNotFoundException", Attribution::Configuration),
        (403, "AccessDeniedException", Attribution::Configuration),
    ];
    for (status, code, party) in refused {
        let (reply, script) = invoke(Answer::new(status, &[("x-amzn-errortype", code)], "{}")).await;
        let error = reply.unwrap_err();
        assert_eq!(matches!(error, InvokeError::Throttled(_)), status == 429, "{code}: {error:?}");
        assert_eq!(Attribution::of_invocation(&error), party, "{code}");
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_in_between_nobody_knows_whether_it_runs() {
    for answer in [Answer::Lost, Answer::new(500, &[("x-amzn-errortype", "ServiceException")], "{}")] {
        let (reply, script) = invoke(answer).await;
        assert!(matches!(reply, Err(InvokeError::Lost(_))));
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_wait_ends_when_the_caller_says_so_and_no_sooner() {
    let started = tokio::time::Instant::now();
    let (reply, _) = invoke(Answer::Silence).await;
    assert!(matches!(reply, Err(InvokeError::Lost(_))));
    assert_eq!(started.elapsed().as_secs(), WITHIN.as_secs());
}
