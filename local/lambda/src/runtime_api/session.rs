//! The dialogue with one process: whose turn it is, and which invocation is open.

use crate::invocation::Call;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::mpsc;

/// An event on its way to the process.
#[derive(Debug)]
pub(crate) struct NextEvent {
    pub(crate) call: Call,
    /// When the process is killed, since the Unix epoch.
    pub(crate) deadline: Duration,
}

/// What a process reports.
#[derive(Debug)]
pub(crate) enum RuntimeEvent {
    /// It asks for an event: its initialisation, or its last invocation, is over.
    Ready,
    /// It could not initialise; the payload says why.
    InitFailed(Bytes),
    /// It is done with the open invocation.
    Answered(RuntimeReport),
}

/// How an invocation ended, in the process's view.
#[derive(Debug)]
pub(crate) enum RuntimeReport {
    Response(Bytes),
    ResponseTooLarge,
    Error { payload: Bytes, handled: bool },
}

/// Why a request of the process is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It names an invocation that is not open.
    UnknownInvocation,
    /// It asks for the next event while one is open.
    OutOfTurn,
    /// Its body is too large.
    TooLarge,
    /// Its body ended early.
    Broken,
    /// The service has given the process up.
    Closed,
}

/// The state behind one Runtime API.
pub(super) struct Session {
    reports: mpsc::Sender<RuntimeEvent>,
    next: tokio::sync::Mutex<mpsc::Receiver<NextEvent>>,
    /// The request id of the invocation that waits for an answer.
    open: Mutex<Option<String>>,
}

impl Session {
    pub(super) fn new(reports: mpsc::Sender<RuntimeEvent>, next: mpsc::Receiver<NextEvent>) -> Self {
        Self { reports, next: tokio::sync::Mutex::new(next), open: Mutex::new(None) }
    }

    fn open(&self) -> MutexGuard<'_, Option<String>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next event, however long it takes. When the process gives up its connection the server
    /// drops this future, which then takes no event.
    pub(super) async fn next(&self) -> Result<NextEvent, Refusal> {
        if self.open().is_some() {
            return Err(Refusal::OutOfTurn);
        }
        self.report(RuntimeEvent::Ready).await?;
        let event = self.next.lock().await.recv().await.ok_or(Refusal::Closed)?;
        *self.open() = Some(event.call.request_id.clone());
        Ok(event)
    }

    /// Whether `request_id` is the open invocation.
    pub(super) fn check(&self, request_id: &str) -> Result<(), Refusal> {
        if self.open().as_deref() == Some(request_id) { Ok(()) } else { Err(Refusal::UnknownInvocation) }
    }

    /// Closes the open invocation with its answer; a second answer is refused.
    pub(super) async fn answer(&self, request_id: &str, report: RuntimeReport) -> Result<(), Refusal> {
        if self.open().take_if(|open| open == request_id).is_none() {
            return Err(Refusal::UnknownInvocation);
        }
        self.report(RuntimeEvent::Answered(report)).await
    }

    pub(super) async fn init_failed(&self, payload: Bytes) -> Result<(), Refusal> {
        self.report(RuntimeEvent::InitFailed(payload)).await
    }

    async fn report(&self, event: RuntimeEvent) -> Result<(), Refusal> {
        self.reports.send(event).await.map_err(|_| Refusal::Closed)
    }
}

impl NextEvent {
    /// The event with its headers, as `/invocation/next` answers it.
    pub(super) fn into_response(self) -> Result<Response, Refusal> {
        let Call { request_id, function_arn, trace_id, client_context, payload } = self.call;
        let mut response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", request_id)
            .header("lambda-runtime-deadline-ms", self.deadline.as_millis().to_string())
            .header("lambda-runtime-invoked-function-arn", function_arn)
            .header("lambda-runtime-trace-id", trace_id);
        if let Some(context) = client_context {
            response = response.header("lambda-runtime-client-context", context);
        }
        // Only a name that is no header value could fail here, and such an event cannot be delivered.
        response.body(Body::from(payload)).map(IntoResponse::into_response).map_err(|_| Refusal::Closed)
    }
}
