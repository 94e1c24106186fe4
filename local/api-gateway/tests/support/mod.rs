//! What the tests of this crate share: a gateway in memory with a function that remembers its event.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    clippy::unwrap_used,
    reason = "each test binary uses its own part of this module, and helpers may panic as tests may"
)]

use axum::{Router, body::Body, http::Request, http::Response};
use bytes::Bytes;
use local_api_gateway::{HttpApiOptions, HttpFunction, HttpFunctionError, router};
use serde_json::Value;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tower_service::Service;

/// A function that gives a fixed answer.
#[derive(Clone)]
pub struct Fixed {
    pub answer: Result<Bytes, HttpFunctionError>,
    pub takes: Duration,
    pub events: Arc<Mutex<Vec<Bytes>>>,
}

impl HttpFunction for Fixed {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, HttpFunctionError> {
        if !self.takes.is_zero() {
            tokio::time::sleep(self.takes).await;
        }
        self.events.lock().unwrap().push(event);
        self.answer.clone()
    }
}

pub fn returning(payload: Result<&str, HttpFunctionError>) -> Fixed {
    let answer = payload.map(|payload| Bytes::from(payload.to_owned()));
    Fixed { answer, takes: Duration::ZERO, events: Arc::default() }
}

pub struct Gateway {
    pub router: Router,
    pub function: Fixed,
}

pub fn gateway_with(function: Fixed, options: HttpApiOptions) -> Gateway {
    Gateway { router: router(function.clone(), options), function }
}

pub fn gateway(payload: &str) -> Gateway {
    gateway_with(returning(Ok(payload)), HttpApiOptions::default())
}

impl Gateway {
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().call(request).await.unwrap()
    }

    /// Sends a request that must succeed, and gives back its event.
    pub async fn event(&self, request: Request<Body>) -> Value {
        let status = self.send(request).await.status();
        assert_eq!(status, 200);
        serde_json::from_slice(self.function.events.lock().unwrap().last().unwrap()).unwrap()
    }
}

pub fn get(uri: &str) -> Request<Body> {
    Request::get(uri).body(Body::empty()).unwrap()
}

/// The status and the body.
pub async fn read(response: Response<Body>) -> (u16, String) {
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}
