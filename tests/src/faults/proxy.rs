//! A proxy before the embedded AWS services that kills who is in a trap.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::response::Response;
use axum::serve::ListenerExt as _;
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};

use super::point::Request;
use super::victim::{Victim, owner_of};
use super::weather::{HANGS_FOR, Mishap, Sky, failed, throttled};
use super::{Aim, FaultPoint, Moment, Trap, Weather};

/// More than any record or export.
const LARGEST: usize = 64 * 1024 * 1024;

/// Headers of one connection, not of the message; the rest is passed on, the signature with it.
const HOP_BY_HOP: [HeaderName; 2] = [header::CONNECTION, header::TRANSFER_ENCODING];

/// The services whose endpoint it takes.
const SERVICES: [&str; 3] = ["S3", "SQS", "LAMBDA"];

/// The proxy. Clones are the same one; it serves until its test ends.
#[derive(Clone, Debug)]
pub struct Proxy {
    url: String,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    port: u16,
    upstream: OnceLock<String>,
    client: reqwest::Client,
    traps: Mutex<Vec<Trap>>,
    sky: Mutex<Option<Arc<Sky>>>,
    calls: Mutex<BTreeMap<String, u64>>,
}

impl Proxy {
    /// Starts a proxy on a free port. It passes nothing on until it is told [to whom](Self::connect).
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        // A small answer must not wait for the acknowledgement of an earlier one.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        let shared = Arc::new(Shared { port: address.port(), ..Shared::default() });
        let router = Router::new().fallback(pass).layer(DefaultBodyLimit::max(LARGEST));
        let service = router.with_state(shared.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { url, shared }
    }

    /// The variables that lead a stack's functions here.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        SERVICES.map(|service| (format!("AWS_ENDPOINT_URL_{service}"), self.url.clone())).into()
    }

    /// Passes everything on to the embedded services at `aws_endpoint_url`.
    pub fn connect(&self, aws_endpoint_url: &str) {
        self.shared.upstream.get_or_init(|| aws_endpoint_url.to_owned());
    }

    /// From now on calls suffer as `weather` has it, or none does. Answers how many suffered until now.
    pub fn set_weather(&self, weather: Option<Weather>, seed: u64) -> u64 {
        let mut sky = self.shared.sky.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *sky, weather.map(|weather| Arc::new(Sky::new(weather, seed))));
        before.map_or(0, |sky| sky.mishaps())
    }

    /// How many calls of each kind the functions have made so far, such as `s3 PUT` or `sqs SendMessage`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.shared.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets a trap.
    #[must_use]
    pub fn arm(&self, point: FaultPoint, aim: Aim) -> Trap {
        let trap = Trap::new(point, aim);
        self.shared.traps.lock().unwrap_or_else(PoisonError::into_inner).push(trap.clone());
        trap
    }
}

impl Shared {
    fn traps(&self) -> Vec<Trap> {
        self.traps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn sky(&self) -> Option<Arc<Sky>> {
        self.sky.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The trap that `request` from `peer` walks into.
    async fn sprung(&self, request: Request<'_>, peer: SocketAddr) -> Option<(Trap, Victim)> {
        let mut waiting = self.traps();
        waiting.retain(|trap| trap.waits_for(request));
        if waiting.is_empty() {
            return None;
        }
        let victim = owner_of(peer, self.port).await?;
        let trap = waiting.into_iter().find(|trap| victim.binary == trap.function().binary())?;
        Some((trap, victim))
    }

    fn count(&self, request: Request<'_>) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(request.kind()).or_default() += 1;
    }

    async fn forward(&self, method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Passed {
        let upstream = self.upstream.get().unwrap();
        let url = format!("{upstream}{uri}");
        let mut headers = headers;
        HOP_BY_HOP.iter().for_each(|name| drop(headers.remove(name)));
        let sent = self.client.request(method, url).headers(headers).body(body).send().await;
        let mut answer = sent.unwrap_or_else(|cause| panic!("the embedded services are gone: {cause}"));
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        HOP_BY_HOP.iter().for_each(|name| drop(headers.remove(name)));
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = answer.chunk().await {
            body.extend_from_slice(&chunk);
            assert!(body.len() < LARGEST, "the answer does not end");
        }
        Passed { status, headers, body }
    }
}

/// An answer of the embedded services.
struct Passed {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A caller that gives up and repeats its request, as the SDK does after four seconds, changes nothing: what it
/// sent is passed on, and counts, all the same.
async fn pass(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let handled = tokio::spawn(async move { shared.handle(peer, method, &uri, headers, body).await });
    handled.await.unwrap()
}

impl Shared {
    async fn handle(
        &self,
        peer: SocketAddr,
        method: Method,
        uri: &Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        let text = String::from_utf8_lossy(&body).into_owned();
        let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (target, seen) = (target.to_owned(), method.clone());
        let request = Request { method: &seen, path: uri.path(), target: &target, body: &text };
        self.count(request);
        let mishap = self.sky().and_then(|sky| sky.next());
        match mishap {
            Some(Mishap::Throttled) => return throttled(request),
            Some(Mishap::Fails) => return failed(),
            Some(Mishap::AnswerLost | Mishap::Hangs) | None => {}
        }
        let mut sprung = self.sprung(request, peer).await;
        while let Some((trap, victim)) = &sprung
            && trap.moment() == Moment::Before
        {
            if trap.fires() {
                victim.kill().await;
                return nobody_listens();
            }
            if !trap.has_fired() {
                break;
            }
            // Another request was faster; a trap beside this one may still wait.
            sprung = self.sprung(request, peer).await;
        }
        let passed = self.forward(method, uri, headers, body).await;
        if passed.status.is_success() {
            self.traps().iter().for_each(|trap| trap.learn(request));
            if let Some((trap, victim)) = &sprung
                && trap.moment() == Moment::After
                && trap.fires()
            {
                victim.kill().await;
                return nobody_listens();
            }
        }
        match mishap {
            None => answer(passed),
            Some(Mishap::Hangs) => {
                tokio::time::sleep(HANGS_FOR).await;
                answer(passed)
            }
            Some(_) => failed(),
        }
    }
}

/// The answer to a dead process.
fn nobody_listens() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

fn answer(passed: Passed) -> Response {
    let mut response = Response::new(Body::from(passed.body));
    *response.status_mut() = passed.status;
    *response.headers_mut() = passed.headers;
    response
}
