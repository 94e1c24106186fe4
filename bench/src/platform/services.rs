//! S3, SQS, Lambda's Invoke, Bedrock's agent and a webhook in memory, as far as the functions call them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use revops_aws::SystemClock;
use revops_core::ports::Clock as _;
use serde_json::json;

/// More than any request here has.
const LARGEST: usize = 64 * 1024 * 1024;

/// What a manager-agent function does when it is invoked: the key and the bytes of the answer that it stores.
pub(crate) type Answers = Box<dyn Fn(&[u8]) -> Option<(String, Vec<u8>)> + Send>;

/// The services; clones are the same ones.
#[derive(Clone, Default)]
pub(crate) struct Services(Arc<Mutex<Stored>>);

#[derive(Default)]
struct Stored {
    objects: BTreeMap<String, Object>,
    versions: u64,
    answers: Option<Answers>,
}

struct Object {
    etag: String,
    body: Bytes,
}

impl Services {
    /// Everything on one port, told apart as the clients' requests are.
    pub(super) fn router(&self) -> Router {
        let agent = local_bedrock::router(local_bedrock::BedrockOptions::default());
        let rest = Router::new().fallback(dispatch).with_state(self.clone());
        Router::new()
            .route("/webhook", axum::routing::post(received))
            .route("/agents/{*path}", axum::routing::any_service(agent))
            .fallback_service(rest)
    }

    /// Stores an object of the bucket, whatever was there.
    pub(crate) fn put(&self, key: &str, body: impl Into<Bytes>) {
        self.stored().put(key, body.into());
    }

    /// Says what an invocation of the manager-agent function leaves behind.
    pub(crate) fn answer_with(&self, answers: Answers) {
        self.stored().answers = Some(answers);
    }

    /// Forgets all objects below `prefix`.
    pub(crate) fn forget(&self, prefix: &str) {
        self.stored().objects.retain(|key, _| !key.starts_with(prefix));
    }

    fn stored(&self) -> MutexGuard<'_, Stored> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stored {
    fn put(&mut self, key: &str, body: Bytes) -> String {
        self.versions += 1;
        let etag = format!("\"{}\"", self.versions);
        self.objects.insert(key.to_owned(), Object { etag: etag.clone(), body });
        etag
    }

    /// PutObject, with the conditions of AWS's "conditional writes".
    fn put_object(&mut self, key: &str, headers: &HeaderMap, body: Bytes) -> Response {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let there = self.objects.get(key).map(|object| object.etag.as_str());
        let holds = match (header("if-none-match"), header("if-match")) {
            (Some(_), _) => there.is_none(),
            (None, Some(etag)) => there == Some(etag),
            (None, None) => true,
        };
        if !holds {
            return s3_error(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
        }
        [("etag", self.put(key, body))].into_response()
    }

    fn get_object(&self, key: &str) -> Response {
        let now = Duration::from_millis(SystemClock.now().unix_ms().unsigned_abs());
        let now = httpdate::fmt_http_date(UNIX_EPOCH + now);
        match self.objects.get(key) {
            Some(object) => {
                ([("etag", object.etag.clone()), ("last-modified", now)], object.body.clone()).into_response()
            }
            None => s3_error(StatusCode::NOT_FOUND, "NoSuchKey"),
        }
    }

    fn list(&self, prefix: &str) -> Response {
        let below = self.objects.range(prefix.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        let entry = |(key, object): (&String, &Object)| {
            format!("<Contents><Key>{key}</Key><Size>{}</Size></Contents>", object.body.len())
        };
        let entries: String = below.map(entry).collect();
        let text = format!("<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>");
        ([("content-type", "application/xml")], text).into_response()
    }
}

async fn received(_body: Bytes) -> StatusCode {
    StatusCode::OK
}

async fn dispatch(State(services): State<Services>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut stored = services.stored();
    let path = head.uri.path();
    if head.headers.contains_key("x-amz-target") {
        return sqs(&head.headers, &body);
    }
    if path.starts_with("/2015-03-31/functions/") {
        return invoke(&mut stored, &body);
    }
    let key = path.trim_start_matches('/').split_once('/').map_or("", |(_bucket, key)| key);
    let query = url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
    let prefix = query.into_iter().find(|(name, _)| name == "prefix").map(|(_, prefix)| prefix);
    match (head.method, prefix) {
        (Method::PUT, _) => stored.put_object(key, &head.headers, body),
        (Method::GET, Some(prefix)) => stored.list(&prefix),
        (Method::GET, None) => stored.get_object(key),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

fn sqs(headers: &HeaderMap, body: &[u8]) -> Response {
    let action = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let answer = if action.ends_with(".SendMessage") {
        let text = serde_json::from_slice::<serde_json::Value>(body).unwrap_or_default();
        let text = text["MessageBody"].as_str().unwrap_or_default().to_owned();
        let digest = hex::encode(md5(text.as_bytes()));
        json!({"MessageId": "059f36b4-87a3-44ab-83d2-661975830a7d", "MD5OfMessageBody": digest})
    } else {
        json!({})
    };
    ([("content-type", "application/x-amz-json-1.0")], answer.to_string()).into_response()
}

fn md5(text: &[u8]) -> [u8; 16] {
    use md5::Digest as _;
    md5::Md5::digest(text).into()
}

fn invoke(stored: &mut Stored, payload: &[u8]) -> Response {
    let answer = stored.answers.as_ref().and_then(|answers| answers(payload));
    let Some((key, body)) = answer else {
        return StatusCode::NOT_FOUND.into_response();
    };
    stored.put(&key, body.into());
    Body::from(r#"{"status":"answered"}"#).into_response()
}

fn s3_error(status: StatusCode, code: &str) -> Response {
    let text = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    (status, [("content-type", "application/xml")], text).into_response()
}
