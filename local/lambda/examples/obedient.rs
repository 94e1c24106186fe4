//! A Lambda function that does what its event says, for the tests of this crate: a real client of the Runtime
//! API, in a process of its own.
//!
//! Events: `{"do": "echo" | "context" | "environment" | "fail" | "panic" | "exit" | "sleep" | "big" | "write",
//! …}`. With the variable `INIT` it misbehaves before its first event: `exit`, `error` or `hang`.

#![expect(clippy::panic, clippy::print_stderr, reason = "misbehaving is what it is for")]

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    if std::env::var_os("DIE_WITH_PARENT").is_some() {
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    }
    match std::env::var("INIT").as_deref() {
        Ok("exit") => std::process::exit(7),
        Ok("error") => {
            report_init_error().await?;
            std::process::exit(1);
        }
        Ok("hang") => std::future::pending().await,
        _ => lambda_runtime::run(service_fn(obey)).await,
    }
}

async fn obey(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let (event, context) = event.into_parts();
    let number = |name: &str| event[name].as_u64().unwrap_or_default();
    match event["do"].as_str().unwrap_or("echo") {
        "context" => Ok(json!({
            "pid": std::process::id(),
            "request_id": context.request_id,
            "deadline": context.deadline,
            "arn": context.invoked_function_arn,
            "trace_id": context.xray_trace_id,
            "client_context": context.client_context,
        })),
        "environment" => Ok(json!(std::env::vars().collect::<BTreeMap<_, _>>())),
        "fail" => Err("it did not work".into()),
        "panic" => panic!("it fell over"),
        "exit" => std::process::exit(i32::try_from(number("status"))?),
        "sleep" => {
            tokio::time::sleep(Duration::from_millis(number("ms"))).await;
            append(&event)?;
            Ok(json!({ "pid": std::process::id() }))
        }
        "count" => {
            append(&event)?;
            Err("counted".into())
        }
        "big" => Ok(Value::String("x".repeat(usize::try_from(number("bytes"))?))),
        "write" => {
            println!("to standard output");
            eprintln!("to standard error");
            Ok(Value::Null)
        }
        _ => Ok(event),
    }
}

/// Leaves a trace in the file that the event names, if any.
fn append(event: &Value) -> Result<(), Error> {
    use std::io::Write;
    if let Some(path) = event["file"].as_str() {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(b"x")?;
    }
    Ok(())
}

async fn report_init_error() -> Result<(), Error> {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
    let url = format!("http://{api}/2018-06-01/runtime/init/error");
    let error = r#"{"errorType":"Config.Missing","errorMessage":"QUERY_QUEUE_URL is not set"}"#;
    reqwest::Client::builder().no_proxy().build()?.post(url).body(error).send().await?;
    Ok(())
}
