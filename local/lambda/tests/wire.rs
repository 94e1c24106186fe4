//! The Runtime API as a process that breaks its rules sees it: the process is a shell that sleeps, and the test
//! speaks for it.

#![expect(clippy::unwrap_used, reason = "a test's helpers may panic as the test itself may")]

mod support;

use local_lambda::{FunctionErrorKind, Lambda};
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use support::*;

/// A service whose process leaves its Runtime API's address in a file and does nothing else.
async fn silent(name: &str) -> (Lambda, Runtime, tokio::task::JoinHandle<local_lambda::Invocation>) {
    let file = scratch(name);
    let mut settings = settings();
    settings.environment.insert("ADDRESS_FILE".into(), file.to_str().unwrap().into());
    let script =
        "echo $AWS_LAMBDA_RUNTIME_API > $ADDRESS_FILE.new; mv $ADDRESS_FILE.new $ADDRESS_FILE; exec sleep 60";
    settings.launcher = ["/bin/sh", "-c", script].map(Into::into).into();
    let lambda = start(settings);
    let invocation = tokio::spawn({
        let lambda = lambda.clone();
        async move { invoke(&lambda, json!({ "n": 1 })).await }
    });
    until("address known", || length(&file) > 0).await;
    let address = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    (lambda, Runtime { base: format!("http://{address}/2018-06-01/runtime") }, invocation)
}

struct Runtime {
    base: String,
}

impl Runtime {
    fn client() -> Client {
        Client::builder().no_proxy().build().unwrap()
    }

    fn post(&self, path: &str) -> RequestBuilder {
        Self::client().post(format!("{}/{path}", self.base))
    }

    /// The id of the next event.
    async fn next(&self) -> String {
        let response = self.get_next().send().await.unwrap();
        response.headers()["lambda-runtime-aws-request-id"].to_str().unwrap().to_owned()
    }

    fn get_next(&self) -> RequestBuilder {
        Self::client().get(format!("{}/invocation/next", self.base))
    }
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn an_answer_to_another_invocation_is_refused() {
    let (_lambda, runtime, _invocation) = silent("other-id").await;
    let id = runtime.next().await;
    assert_eq!(status(runtime.post("invocation/other/response")).await, 400);
    assert_eq!(status(runtime.post(&format!("invocation/{id}/response")).body("1")).await, 202);
    assert_eq!(status(runtime.post(&format!("invocation/{id}/response")).body("2")).await, 400);
}

#[tokio::test]
async fn the_next_event_is_refused_while_one_is_open() {
    let (_lambda, runtime, invocation) = silent("two-at-once").await;
    let id = runtime.next().await;
    assert_eq!(status(runtime.get_next()).await, 403);
    assert_eq!(status(runtime.post(&format!("invocation/{id}/response")).body("1")).await, 202);
    assert_eq!(invocation.await.unwrap().payload, "1");
}

#[tokio::test]
async fn an_error_can_be_reported_as_handled() {
    let (_lambda, runtime, invocation) = silent("handled").await;
    let id = runtime.next().await;
    let report = runtime.post(&format!("invocation/{id}/error"));
    let report = report.header("Lambda-Runtime-Function-Error-Type", "Handled").body(r#"{"errorType":"E"}"#);
    assert_eq!(status(report).await, 202);
    assert_eq!(invocation.await.unwrap().function_error, Some(FunctionErrorKind::Handled));
}

#[tokio::test]
async fn a_streamed_response_is_collected() {
    let (_lambda, runtime, invocation) = silent("streams").await;
    let id = runtime.next().await;
    let report = runtime.post(&format!("invocation/{id}/response"));
    let report = report.header("Lambda-Runtime-Function-Response-Mode", "streaming").body("prelude and body");
    assert_eq!(status(report).await, 202);
    assert_eq!(invocation.await.unwrap().payload, "prelude and body");
}
