//! The service: every function of the stack behind one handle.

use crate::{
    clock,
    counts::Counts,
    function_name,
    invocation::{Call, Invocation, InvokeError, MAXIMUM_PAYLOAD},
    invoke_api,
    lines::FunctionLine,
    pool::{Pool, ProcessInfo},
    settings::FunctionSettings,
    spawner::Spawner,
    trace,
};
use bytes::Bytes;
use serde::de::IgnoredAny;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::Instant,
};
use uuid::Uuid;

/// How long a process is kept without work.
const IDLE_LIMIT: Duration = Duration::from_mins(5);
/// How often idle processes are looked at.
const IDLE_CHECK: Duration = Duration::from_secs(15);

/// The stack's Lambda service. Clones are handles to one service; dropping the last kills every process.
#[derive(Clone)]
pub struct Lambda {
    inner: Arc<Inner>,
}

struct Inner {
    functions: BTreeMap<String, Arc<Pool>>,
    spawner: Spawner,
    runtime: Handle,
    closed: AtomicBool,
}

/// What a caller may say beside the payload.
#[derive(Default)]
pub(crate) struct Extras {
    /// JSON in ASCII.
    pub(crate) client_context: Option<String>,
    /// An X-Ray header to continue.
    pub(crate) trace_id: Option<String>,
}

impl Lambda {
    /// Makes the functions invocable; no process is started until one is needed. Every line that a process
    /// writes is sent to `lines`.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime: invocations run on the one this is called in.
    #[must_use]
    pub fn start(settings: Vec<FunctionSettings>, lines: mpsc::UnboundedSender<FunctionLine>) -> Self {
        let spawner = Spawner::new(lines);
        let pool = |settings: FunctionSettings| {
            (settings.name.clone(), Arc::new(Pool::new(settings, spawner.clone())))
        };
        let functions = settings.into_iter().map(pool).collect();
        let runtime = Handle::current();
        let inner = Arc::new(Inner { functions, spawner, runtime, closed: AtomicBool::new(false) });
        inner.runtime.spawn(retire_idle(Arc::downgrade(&inner)));
        Self { inner }
    }

    /// Invokes a function and waits for its end. If the caller stops waiting, the invocation goes on.
    ///
    /// `function` is a name or an ARN; `payload` is JSON of at most [`MAXIMUM_PAYLOAD`] bytes.
    ///
    /// # Errors
    ///
    /// When no invocation was begun. A function's own failure is an [`Invocation`] with a `function_error`.
    pub async fn invoke(&self, function: &str, payload: Bytes) -> Result<Invocation, InvokeError> {
        let call = self.call(function, payload, Extras::default())?;
        self.run(function, call).await
    }

    /// The Invoke API for AWS clients: `POST /2015-03-31/functions/{name or ARN}/invocations`.
    pub fn router(&self) -> axum::Router {
        invoke_api::router(self.clone())
    }

    /// The processes that live now, of all functions.
    #[must_use]
    pub fn processes(&self) -> Vec<ProcessInfo> {
        self.inner.functions.values().flat_map(|pool| pool.processes()).collect()
    }

    /// Ends the processes that wait for an event, as Lambda does when a function's code has changed. The next events
    /// start processes of the executables that are there then.
    pub fn end_idle(&self) {
        for pool in self.inner.functions.values() {
            pool.retire(tokio::time::Instant::now(), std::time::Duration::ZERO);
        }
    }

    /// What CloudWatch would have counted of each function.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, Counts> {
        self.inner.functions.iter().map(|(name, pool)| (name.clone(), pool.counts())).collect()
    }

    /// Ends the service: nothing is invoked any more, and every process gets SIGTERM, then SIGKILL, and has
    /// ended before `within` is over.
    pub async fn shutdown(&self, within: Duration) {
        self.inner.closed.store(true, Ordering::Release);
        self.inner.spawner.shutdown(within).await;
    }

    /// Builds an invocation that is in order.
    pub(crate) fn call(&self, function: &str, payload: Bytes, extras: Extras) -> Result<Call, InvokeError> {
        let name = function_name::bare(function);
        self.pool(name)?;
        if payload.len() > MAXIMUM_PAYLOAD {
            return Err(InvokeError::PayloadTooLarge(MAXIMUM_PAYLOAD));
        }
        serde_json::from_slice::<IgnoredAny>(&payload).map_err(|_| InvokeError::InvalidJson)?;
        let continued = extras.trace_id.filter(|trace| trace::is_valid_root(trace));
        let random = || [Uuid::new_v4(), Uuid::new_v4()];
        Ok(Call {
            request_id: Uuid::new_v4().to_string(),
            function_arn: function_name::arn(name),
            trace_id: continued.unwrap_or_else(|| trace::new_root(clock::since_epoch(), random())),
            client_context: extras.client_context,
            payload,
        })
    }

    /// Runs a call on a process. What is begun is not bound to the caller: it runs on the service's runtime.
    pub(crate) async fn run(&self, function: &str, call: Call) -> Result<Invocation, InvokeError> {
        let pool = self.pool(function_name::bare(function))?;
        if self.inner.closed.load(Ordering::Acquire) {
            return Err(InvokeError::ShuttingDown);
        }
        let place = pool.acquire()?;
        let (reply, end) = oneshot::channel();
        self.inner.runtime.spawn(Arc::clone(pool).run(place, call, reply));
        // The reply is dropped unsaid only when the runtime itself ends.
        end.await.map_err(|_| InvokeError::ShuttingDown)
    }

    /// Runs something beside the callers.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.inner.runtime.spawn(work);
    }

    fn pool(&self, name: &str) -> Result<&Arc<Pool>, InvokeError> {
        self.inner.functions.get(name).ok_or_else(|| InvokeError::UnknownFunction(name.to_owned()))
    }
}

async fn retire_idle(service: Weak<Inner>) {
    loop {
        tokio::time::sleep(IDLE_CHECK).await;
        let Some(service) = service.upgrade() else { return };
        for pool in service.functions.values() {
            pool.retire(Instant::now(), IDLE_LIMIT);
        }
    }
}
