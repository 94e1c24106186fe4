//! A served stand-in, and the AWS SDK's client for it.

use std::time::Duration;

use aws_sdk_bedrockagentruntime::Client;
use aws_sdk_bedrockagentruntime::config::retry::RetryConfig;
use aws_sdk_bedrockagentruntime::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_bedrockagentruntime::operation::invoke_agent::builders::InvokeAgentFluentBuilder;
use aws_sdk_bedrockagentruntime::types::{ResponseStream, TracePart};
use local_bedrock::{BedrockOptions, Faults};

/// The nonce of every asked route line.
pub const NONCE: &str = "7d1f0c2e-5a77-4b1f-9f5e-0c6a4b1d2e3f";

pub struct Served {
    pub url: String,
    pub client: Client,
}

/// A served sample agent with its control endpoint.
pub async fn served() -> Served {
    served_with(BedrockOptions::default()).await
}

pub async fn served_with(options: BedrockOptions) -> Served {
    let faults: Faults = options.faults.clone();
    let url = serve(local_bedrock::router(options).merge(local_bedrock::control_router(faults))).await;
    let client = client(&url);
    Served { url, client }
}

pub async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn client(url: &str) -> Client {
    let config = aws_sdk_bedrockagentruntime::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("any", "thing", None, None, "test"))
        .endpoint_url(url)
        .retry_config(RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// A question as the product wraps it.
pub fn wrapped(question: &str) -> String {
    format!(
        "Today is 2026-11-22, 20:18 UTC; quarter Q4; November 2026.\n\n{question}\n\nEnd your answer with \
         one line, nothing after it: `route: <class> {NONCE}`, where <class> is one of deal_analysis, \
         data_analysis, lead_analysis, general."
    )
}

pub fn invoke(client: &Client, session: &str, input: &str) -> InvokeAgentFluentBuilder {
    let call = client.invoke_agent().agent_id("LOCALAGENT").agent_alias_id("TSTALIASID");
    call.session_id(session).input_text(input).enable_trace(true)
}

/// What a stream brought before it ended well, or before its first error.
#[derive(Default)]
pub struct Read {
    pub chunks: Vec<Vec<u8>>,
    pub traces: Vec<TracePart>,
    pub return_controls: usize,
    /// The error's full text.
    pub error: Option<String>,
}

impl Read {
    pub fn text(&self) -> String {
        String::from_utf8(self.chunks.concat()).unwrap()
    }
}

/// Sends the call and reads its stream to the end.
pub async fn read(call: InvokeAgentFluentBuilder) -> Read {
    let mut response = tokio::time::timeout(Duration::from_secs(20), call.send()).await.unwrap().unwrap();
    let mut read = Read::default();
    loop {
        match response.completion.recv().await {
            Ok(Some(ResponseStream::Chunk(chunk))) => {
                assert!(chunk.attribution().is_none());
                read.chunks.push(chunk.bytes().unwrap().as_ref().to_vec());
            }
            Ok(Some(ResponseStream::Trace(trace))) => read.traces.push(trace),
            Ok(Some(ResponseStream::ReturnControl(_))) => read.return_controls += 1,
            Ok(Some(other)) => panic!("{other:?}"),
            Ok(None) => return read,
            Err(error) => {
                read.error = Some(format!("{error:?}"));
                return read;
            }
        }
    }
}
