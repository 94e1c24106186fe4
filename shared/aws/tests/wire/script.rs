//! An HTTP client that answers from a script and remembers the requests: no socket, no second of waiting.

use std::collections::VecDeque;
use std::future::Future as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Frame};
use revops_aws::Clients;
use revops_aws::http::{Http, Sending};
use tokio::time::{Sleep, sleep};

/// One thing that happens to a response's body.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// These bytes arrive.
    Bytes(Vec<u8>),
    /// Nothing arrives for this long.
    Pause(Duration),
    /// Nothing more ever arrives.
    Silence,
    /// The connection is lost.
    Lost,
}

/// What happens to a request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Status, headers and body.
    Response(u16, Vec<(&'static str, String)>, Vec<Step>),
    /// No answer ever comes.
    Silence,
    /// The connection is lost before an answer.
    Lost,
}

impl Answer {
    /// A whole answer.
    pub(crate) fn new(status: u16, headers: &[(&'static str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self::Response(status, headers, vec![Step::Bytes(body.into())])
    }
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The answers to come and the requests so far. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Answer>,
    requests: Vec<Sent>,
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = answers.into_iter().collect();
        Self(Arc::new(Mutex::new(State { answers, requests: Vec::new() })))
    }

    /// Clients whose every request goes to this script.
    pub(crate) fn clients(&self) -> Clients {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url("http://aws.test")
            .build();
        Clients::over(self.clone(), config, true)
    }

    pub(crate) fn requests(&self) -> Vec<Sent> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl HttpClient for Script {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sending = self.send(request.try_into_http1x().unwrap());
        HttpConnectorFuture::new(async { Ok(sending.await?.try_into().unwrap()) })
    }
}

impl Http for Script {
    fn send(&self, request: Request<SdkBody>) -> Sending {
        let mut state = self.state();
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        state.requests.push(Sent {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            headers: headers.collect(),
            body: String::from_utf8(request.body().bytes().unwrap_or_default().to_vec()).unwrap(),
        });
        let answer = state.answers.pop_front().expect("a request that the script does not expect");
        Box::pin(async move {
            match answer {
                Answer::Response(status, headers, steps) => Ok(response(status, headers, steps)),
                Answer::Silence => std::future::pending().await,
                Answer::Lost => Err(ConnectorError::io("connection reset".into())),
            }
        })
    }
}

fn response(status: u16, headers: Vec<(&'static str, String)>, steps: Vec<Step>) -> Response<SdkBody> {
    let body = SdkBody::from_body_1_x(ScriptedBody { steps: steps.into(), pause: None });
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body).unwrap()
}

struct ScriptedBody {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Body for ScriptedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        loop {
            if let Some(pause) = self.pause.as_mut() {
                ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            match self.steps.pop_front() {
                Some(Step::Bytes(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes.into())))),
                Some(Step::Lost) => {
                    return Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())));
                }
                Some(Step::Pause(pause)) => self.pause = Some(Box::pin(sleep(pause))),
                Some(Step::Silence) => {
                    self.steps.push_front(Step::Silence);
                    return Poll::Pending;
                }
                None => return Poll::Ready(None),
            }
        }
    }
}
