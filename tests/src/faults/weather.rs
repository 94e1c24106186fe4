//! Bad weather before the embedded AWS services: calls that are throttled, fail, hang, or whose answer is lost.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode};

use super::point::Request;

/// How long a call that hangs is held: longer than a call waits.
pub(super) const HANGS_FOR: Duration = Duration::from_secs(6);

/// How often things go wrong. In gusts, because a fault alone is what the retries beneath the ports hide.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// The share of calls that suffer between gusts, 0 to 1.
    pub calm: f64,
    /// The share of calls that suffer in a gust.
    pub gust: f64,
    /// From the beginning of one gust to that of the next.
    pub every: Duration,
    /// How long a gust lasts.
    pub lasts: Duration,
}

impl Weather {
    /// The share of calls that suffer `since` the weather began.
    #[must_use]
    pub fn share(&self, since: Duration) -> f64 {
        let in_period = since.as_millis() % self.every.as_millis().max(1);
        // The first gust comes a period after the start, so that a run begins like a day.
        let in_gust = since >= self.every && in_period < self.lasts.as_millis();
        if in_gust { self.gust } else { self.calm }
    }
}

/// What a call suffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    /// It is refused as the service does when it is asked too much, and nothing happens.
    Throttled,
    /// It is answered with a 500, and nothing happens.
    Fails,
    /// It is answered with a 500 although it took effect.
    AnswerLost,
    /// It is not answered in time, although it took effect.
    Hangs,
}

/// The weather as it is now.
#[derive(Debug)]
pub(super) struct Sky {
    weather: Weather,
    began: Instant,
    random: Mutex<fastrand::Rng>,
    mishaps: std::sync::atomic::AtomicU64,
}

impl Sky {
    pub(super) fn new(weather: Weather, seed: u64) -> Self {
        let random = Mutex::new(fastrand::Rng::with_seed(seed));
        Self { weather, began: Instant::now(), random, mishaps: Default::default() }
    }

    /// What the next call suffers.
    pub(super) fn next(&self) -> Option<Mishap> {
        let mut random = self.random.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if random.f64() >= self.weather.share(self.began.elapsed()) {
            return None;
        }
        self.mishaps.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // Hanging is rare, since each costs seconds of somebody's time.
        Some(match random.u8(0..20) {
            0..=8 => Mishap::Throttled,
            9..=14 => Mishap::Fails,
            15..=18 => Mishap::AnswerLost,
            _ => Mishap::Hangs,
        })
    }

    pub(super) fn mishaps(&self) -> u64 {
        self.mishaps.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// A refusal in the words of the service that `request` is for.
pub(super) fn throttled(request: Request<'_>) -> Response {
    if request.target.starts_with("AmazonSQS") {
        let body = r#"{"__type":"com.amazonaws.sqs#RequestThrottled","message":"The request was denied due to request throttling."}"#;
        said(StatusCode::FORBIDDEN, "com.amazonaws.sqs#RequestThrottled", body)
    } else if request.path.ends_with("/invocations") {
        let body = r#"{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}"#;
        said(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", body)
    } else {
        let body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        said(StatusCode::SERVICE_UNAVAILABLE, "SlowDown", body)
    }
}

/// The service is broken.
pub(super) fn failed() -> Response {
    said(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "")
}

fn said(status: StatusCode, kind: &'static str, body: &'static str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gust_comes_once_a_period_and_not_at_the_start() {
        let (every, lasts) = (Duration::from_secs(10), Duration::from_secs(1));
        let weather = Weather { calm: 0.01, gust: 0.8, every, lasts };
        let at = |ms: u64| weather.share(Duration::from_millis(ms));
        assert_eq!((at(0), at(500), at(9_999)), (0.01, 0.01, 0.01));
        assert_eq!((at(10_000), at(10_999), at(11_000)), (0.8, 0.8, 0.01));
    }
}
