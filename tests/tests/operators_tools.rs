//! What an operator types and looks at, end to end: `gatewayctl`'s commands and the console's endpoints against a
//! running stack, and what they say when something is missing.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what failed by panicking")]

use std::io::Read as _;
use std::process::{Command, Output, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use tests::stack::{Options, Stack};

const QUESTION: &str = "What is the deal status for IXIS?";

async fn stack() -> (tempfile::TempDir, Stack) {
    let state = tempfile::tempdir().unwrap();
    let stack = Stack::start(state.path(), Options { time_scale: 10.0, ..Options::default() }).await;
    (state, stack)
}

/// What was printed, and the exit code.
fn told(output: &Output) -> (String, i32) {
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (text, output.status.code().unwrap())
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

/// `gatewayctl` without a stack, with nothing but these variables.
fn elsewhere(stack: &Stack, arguments: &[&str], variables: &[(&str, &str)]) -> (String, i32) {
    let program = stack.gatewayctl_command(&[]).get_program().to_owned();
    let mut command = Command::new(program);
    // No configuration of whoever runs the tests, and no metadata service.
    command.env_clear().env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", "/nonexistent");
    told(&command.envs(variables.iter().copied()).args(arguments).output().unwrap())
}

#[tokio::test]
async fn send_track_tells_the_whole_way_with_the_retry_its_cause_and_the_end() {
    let (_state, stack) = stack().await;
    for class in ["deal_analysis", "general"] {
        let fault = json!({"status": 503, "count": 1});
        stack.call(Method::PUT, &format!("/_local/inbox/{class}"), Some(fault)).await;
    }
    let (text, code) = told(&stack.gatewayctl(&["send", QUESTION, "--track"]));
    assert_eq!(code, 0, "{text}");
    let mut rest = text.as_str();
    for part in [
        QUESTION,
        "accepted from gatewayctl (manual)",
        "answered by ManagerAgent, DealAnalysisAgent",
        "classified as deal_analysis",
        "attempt 1 failed after",
        "503  [receiver 5xx]",
        "again at",
        "delivered: 200 within",
        "status  delivered",
        "next    nothing: the receiver has it",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part:?} is missing or out of order:\n{text}"));
        rest = &rest[at + part.len()..];
    }
    assert!(!text.contains('\u{1b}'), "a pipe gets no colours");
}

#[tokio::test]
async fn track_explains_a_refusal_to_people_and_to_programs() {
    let (_state, stack) = stack().await;
    stack.call(Method::PUT, "/_local/inbox/deal_analysis", Some(json!({"status": 400}))).await;
    let id = stack.ask(QUESTION, &[]).await.tracking_id();
    stack.ended(&id, "failed").await;
    let (text, code) = told(&stack.gatewayctl(&["track", &id]));
    assert_eq!(code, 0);
    assert!(text.contains("status  failed (fault of: receiver 4xx)"), "{text}");
    assert!(
        text.contains(&format!("to do   once the cause is mended: gatewayctl dlq replay {id}")),
        "{text}"
    );
    let document = json_of(&stack.gatewayctl(&["--json", "track", &id]));
    assert_eq!((&document["status"], &document["attribution"]), (&json!("failed"), &json!("receiver_4xx")));
    assert_eq!(document["attempts"][0]["response"]["http_status"], 400);

    let queues = json_of(&stack.gatewayctl(&["--json", "queues"]));
    let dead = queues.as_array().unwrap().iter().find(|queue| queue["queue"] == "dead-letter").unwrap();
    assert_eq!(dead["waiting"], 1);
    assert!(dead["oldest_seconds"].is_u64(), "{queues}");
}

#[tokio::test]
async fn tail_and_metrics_show_what_the_functions_said_and_measured() {
    let (_state, stack) = stack().await;
    let ids = [stack.ask(QUESTION, &[]).await.tracking_id(), stack.ask("Hello", &[]).await.tracking_id()];
    for id in &ids {
        stack.ended(id, "delivered").await;
    }
    let lines = || async {
        let call = ["--json", "tail", "--tracking-id", &ids[0], "--event", "WEBHOOK_DELIVERY_SUCCESS"];
        let (text, code) = told(&stack.gatewayctl(&call));
        assert_eq!(code, 0, "{text}");
        (!text.is_empty()).then_some(text)
    };
    let text = stack.until("the line is there", lines).await;
    let line: Value = serde_json::from_str(text.trim()).unwrap_or_else(|_| panic!("not one line: {text}"));
    assert_eq!((&line["tracking_id"], &line["function"]), (&json!(ids[0]), &json!("delivery")));
    let (everything, _) = told(&stack.gatewayctl(&["tail"]));
    assert!(everything.contains(&ids[1]) && everything.contains("WEBHOOK_REQUEST_VALIDATED"), "{everything}");
    assert_eq!(told(&stack.gatewayctl(&["tail", "--level", "error"])), (String::new(), 0));

    let delivered = || async {
        let rows = json_of(&stack.gatewayctl(&["--json", "metrics"]));
        let row = rows.as_array().unwrap().iter().find(|row| row["metric"] == "Delivered").unwrap().clone();
        (row["sum"] == json!(2.0)).then_some(rows)
    };
    let rows = stack.until("both are counted", delivered).await;
    assert!(
        rows.as_array()
            .unwrap()
            .iter()
            .any(|row| row["metric"] == "ExportFailed" && row["count"] == json!(0.0))
    );
    let (table, _) = told(&stack.gatewayctl(&["metrics"]));
    assert!(table.contains("EndToEndLatency") && table.contains(" ms"), "{table}");
}

#[tokio::test]
async fn whatever_is_missing_the_error_says_what_to_do_and_the_exit_code_which_kind_it_is() {
    let (_state, stack) = stack().await;
    let absent = "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b";
    let here = |arguments: &[&str]| told(&stack.gatewayctl(arguments));
    let check = |(text, code): (String, i32), expected: i32, advice: &str| {
        assert!(code == expected && text.contains(advice), "{code}: {text}");
    };
    check(here(&["track", "42"]), 2, "is no tracking id");
    check(here(&["track", absent]), 3, "there is no conversation");
    check(here(&["tail", "--level", "loud"]), 2, "possible values");
    check(here(&["man", "fly"]), 3, "--help");

    let endpoint = stack.ready.aws_endpoint_url.clone();
    let bucket = ("CONVERSATION_EXPORT_S3_BUCKET", stack.ready.bucket.as_str());
    let region = ("AWS_REGION", "us-east-1");
    let at_stack = ("AWS_ENDPOINT_URL", endpoint.as_str());
    let key = [("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x")];
    let there = |arguments: &[&str], variables: &[(&str, &str)]| elsewhere(&stack, arguments, variables);
    check(there(&["--local", "track", absent], &[]), 1, "is `cargo local` running?");
    check(there(&["track", absent], &[]), 2, "CONVERSATION_EXPORT_S3_BUCKET");
    check(there(&["track", absent], &[bucket, region, at_stack]), 1, "credentials");
    check(
        there(&["track", absent], &[bucket, region, at_stack, key[0], key[1]]),
        3,
        "there is no conversation",
    );
    let wrong = ("CONVERSATION_EXPORT_S3_BUCKET", "no-such-bucket");
    check(there(&["track", absent], &[wrong, region, at_stack, key[0], key[1]]), 1, "the right bucket");
    check(there(&["tail"], &[region]), 2, "GATEWAY_LOG_GROUP");
    check(there(&["metrics"], &[]), 2, "AWS_REGION");
    check(there(&["metrics"], &[region]), 2, "AWS_PROFILE");
    let open = ("GATEWAY_URL", stack.ready.gateway_url.as_str());
    check(there(&["track", absent], &[open]), 1, "GATEWAY_API_KEY");
}

#[tokio::test]
async fn ctrl_c_ends_watching_and_following_and_says_how_to_go_on() {
    let (_state, stack) = stack().await;
    stack.call(Method::PUT, "/_local/inbox/deal_analysis", Some(json!({"status": 503}))).await;
    let id = stack.ask(QUESTION, &[]).await.tracking_id();
    let failed =
        || async { stack.has_object(&format!("conversations/{id}/attempts/001-001.json")).then_some(()) };
    stack.until("an attempt failed", failed).await;
    for (call, code, last_words) in
        [(&["track", &id, "--watch"][..], 1, "gatewayctl track --watch"), (&["tail", "--follow"][..], 0, "")]
    {
        let mut command = stack.gatewayctl_command(call);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Once something was printed, it listens.
        let (mut out, mut first) = (child.stdout.take().unwrap(), [0]);
        out.read_exact(&mut first).unwrap();
        let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(interrupt.success());
        let rest = std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let (text, found) = told(&child.wait_with_output().unwrap());
        rest.join().unwrap().unwrap();
        assert!(found == code && text.contains(last_words), "{call:?}: {found}: {text}");
    }
}

#[tokio::test]
async fn without_the_bucket_track_asks_the_gateway_for_the_callers_own() {
    let (_state, stack) = stack().await;
    let id = stack.ask(QUESTION, &[]).await.tracking_id();
    stack.ended(&id, "delivered").await;
    let variables = [
        ("GATEWAY_URL", stack.ready.gateway_url.as_str()),
        ("GATEWAY_API_KEY", stack.ready.api_key.as_deref().unwrap()),
    ];
    let (text, code) = elsewhere(&stack, &["track", &id], &variables);
    assert!(code == 0 && text.contains("status  delivered"), "{code}: {text}");
}

#[tokio::test]
async fn the_console_asks_without_a_key_and_tells_what_became_of_it() {
    let (_state, stack) = stack().await;
    let client = reqwest::Client::new();
    let url = |path: &str| format!("{}/_local/{path}", stack.ready.gateway_url);
    let page = client.get(url("")).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");

    let body = json!({"source_process": "p", "timestamp": "2025-08-13T06:30:00Z", "source_system": "s", "query": QUESTION});
    let asked = client.post(url("webhook")).header("content-type", "application/json").body(body.to_string());
    assert_eq!(asked.send().await.unwrap().status(), 200);
    let look = || async {
        let listed = stack.call(Method::GET, "/_local/conversations", None).await.body;
        let first = listed["conversations"][0].clone();
        (first["status"] == "delivered").then_some(first)
    };
    let listed = stack.until("it is listed as delivered", look).await;
    let path = format!("/_local/conversations/{}", listed["tracking_id"].as_str().unwrap());
    let exported = || async {
        let told = stack.call(Method::GET, &path, None).await.body;
        (told["exports"].as_array().map(Vec::len) == Some(4)).then_some(told)
    };
    let told = stack.until("its exports are told", exported).await;
    assert_eq!(
        (&told["query"], &told["envelope"]["type"]),
        (&json!(QUESTION), &json!("conversation.answered"))
    );
    assert_eq!(stack.call(Method::GET, "/_local/conversations/42", None).await.status, 404);

    let key = stack.ready.api_key.as_deref().unwrap();
    for path in ["", "page.js", "conversations", "queues", "functions", "faults", "logs"] {
        let mut answer = client.get(url(path)).send().await.unwrap();
        while let Some(chunk) = answer.chunk().await.unwrap() {
            assert!(!String::from_utf8_lossy(&chunk).contains(key), "/_local/{path} shows the key");
        }
    }
}

#[tokio::test]
async fn no_other_site_reaches_what_the_console_reaches() {
    let (_state, stack) = stack().await;
    let client = reqwest::Client::new();
    let status = async |method: Method, path: &str, name: &str, value: &str| {
        let url = format!("{}/_local/{path}", stack.ready.gateway_url);
        client.request(method, url).header(name, value).body("{}").send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(Method::GET, "conversations", "host", "evil.example:3000").await, 403);
    assert_eq!(status(Method::POST, "webhook", "origin", "http://evil.example").await, 403);
    assert_eq!(status(Method::DELETE, "inbox", "sec-fetch-site", "cross-site").await, 403);
    assert_eq!(status(Method::PUT, "agent", "origin", "null").await, 403);
    assert_eq!(status(Method::POST, "inbox/general", "host", "receiver.example").await, 200);
}
