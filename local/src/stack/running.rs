//! A stack that is up.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::thread::JoinHandle as ThreadHandle;
use std::time::Duration;

use local_lambda::{FunctionSettings, Lambda};
use local_s3::ObjectStore;
use local_sqs::{Sqs, SqsOptions, run_event_source_mapping};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::invokers::QueueFunctions;
use super::preparation::{ACCOUNT_ID, Prepared, REGION};
use super::services::Services;
use super::{StackError, agent, front_door, settings};
use crate::cli::Arguments;
use crate::environment::Caller;
use crate::inbox::Inbox;
use crate::logs::Recent;
use crate::metrics::Registry;
use crate::page::Conversations;
use crate::state::{Ready, StateFolder};
use crate::{console, logs};
use sam_template::EventSource;

/// How long the functions get to end by themselves. With [`MAPPINGS_END_WITHIN`] and [`LOGS_END_WITHIN`] it
/// stays below the 5 s that a stop may take (SPEC section 10).
const FUNCTIONS_END_WITHIN: Duration = Duration::from_secs(3);
/// What the event source mappings may take to give back what they have not begun.
const MAPPINGS_END_WITHIN: Duration = Duration::from_millis(500);
/// What the last lines may take to reach their files.
const LOGS_END_WITHIN: Duration = Duration::from_millis(500);

/// Everything that must be ended.
pub(super) struct Running {
    state: StateFolder,
    ready: Ready,
    lambda: Lambda,
    servers: Vec<JoinHandle<()>>,
    mappings: JoinSet<()>,
    stop_mappings: watch::Sender<bool>,
    logs: ThreadHandle<()>,
}

impl Running {
    /// Starts everything.
    pub(super) fn start(
        arguments: &Arguments,
        caller: &Caller,
        prepared: Prepared,
        executables: &BTreeMap<String, PathBuf>,
        launcher: &[OsString],
    ) -> Result<Self, StackError> {
        let sqs = open_queues(arguments, &prepared)?;
        let objects = open_objects(&prepared)?;
        let (metrics, recent) = (Registry::default(), Recent::default());
        let (lines, incoming) = mpsc::unbounded_channel();
        let logs =
            logs::start(incoming, prepared.state.logs(), metrics.clone(), recent.clone(), arguments.verbose)
                .map_err(StackError::Runtime)?;
        let lambda = Lambda::start(functions(caller, &prepared, executables, launcher), lines);
        let ready = ready(caller, &prepared, &sqs);
        let agent = agent::Agent::new(arguments, caller);
        let services = Services {
            sqs: sqs.router(),
            lambda: lambda.router(),
            bedrock: agent.service,
            s3: objects.router(),
        };
        let local = front_door::Local {
            inbox: Inbox::new(prepared.signing),
            metrics: &metrics,
            logs: &recent,
            agent: agent.control,
            conversations: Conversations { objects, bucket: prepared.bucket.clone() },
            sqs: sqs.clone(),
            api_key: ready.api_key.as_deref(),
        };
        let front = front_door::router(&prepared.gateway, &lambda, local);
        let servers = vec![prepared.aws.serve(services.router()), prepared.front.serve(front)];
        let stop_mappings = watch::Sender::new(false);
        let mappings = start_mappings(&prepared.deployment.event_sources, &sqs, &lambda, &stop_mappings);
        Ok(Self { state: prepared.state, ready, lambda, servers, mappings, stop_mappings, logs })
    }

    /// Tells scripts that all is up.
    pub(super) fn announce(&self) -> Result<Ready, StackError> {
        self.state.announce_ready(&self.ready)?;
        Ok(self.ready.clone())
    }

    /// Ends everything that was started.
    pub(super) async fn stop(mut self) {
        if let Err(error) = self.state.withdraw_ready() {
            console::note(&format!("cannot remove {}: {error}", self.state.ready_file().display()));
        }
        self.stop_mappings.send_replace(true);
        // A batch that runs may take minutes: its messages come back when the stack is up again.
        let finished = async { while self.mappings.join_next().await.is_some() {} };
        let _ = timeout(MAPPINGS_END_WITHIN, finished).await;
        self.mappings.abort_all();
        self.lambda.shutdown(FUNCTIONS_END_WITHIN).await;
        for server in self.servers {
            server.abort();
        }
        drop(self.lambda);
        let _ = timeout(LOGS_END_WITHIN, tokio::task::spawn_blocking(move || drop(self.logs.join()))).await;
    }
}

fn start_mappings(
    sources: &[EventSource],
    sqs: &Sqs,
    lambda: &Lambda,
    stop: &watch::Sender<bool>,
) -> JoinSet<()> {
    let mut mappings = JoinSet::new();
    for source in sources {
        let mut stop = stop.subscribe();
        let stopped = async move { drop(stop.wait_for(|is_stopped| *is_stopped).await) };
        let (sqs, functions) = (sqs.clone(), QueueFunctions(lambda.clone()));
        mappings.spawn(run_event_source_mapping(sqs, settings::event_source(source), functions, stopped));
    }
    mappings
}

fn open_queues(arguments: &Arguments, prepared: &Prepared) -> Result<Sqs, StackError> {
    let sqs = Sqs::open(SqsOptions {
        database: prepared.state.queues(),
        base_url: prepared.aws.url(),
        region: REGION.to_owned(),
        account_id: ACCOUNT_ID.to_owned(),
        time_scale: arguments.time_scale,
    })
    .map_err(|error| StackError::Queues(error.into()))?;
    let queues: Vec<_> = prepared.deployment.queues.iter().map(settings::queue).collect();
    sqs.declare(&queues).map_err(|error| StackError::Queues(error.into()))?;
    Ok(sqs)
}

fn open_objects(prepared: &Prepared) -> Result<ObjectStore, StackError> {
    let objects = ObjectStore::open(prepared.state.objects()).map_err(StackError::Objects)?;
    for bucket in prepared.deployment.buckets.iter().chain([&prepared.bucket]) {
        objects.ensure_bucket(bucket).map_err(StackError::Objects)?;
    }
    Ok(objects)
}

fn functions(
    caller: &Caller,
    prepared: &Prepared,
    executables: &BTreeMap<String, PathBuf>,
    launcher: &[OsString],
) -> Vec<FunctionSettings> {
    let around = settings::Surroundings {
        caller,
        offers: &prepared.offers,
        launcher,
        executables,
        exists: &|path| path.is_file(),
    };
    prepared.deployment.functions.iter().map(|function| settings::function(function, &around)).collect()
}

fn ready(caller: &Caller, prepared: &Prepared, sqs: &Sqs) -> Ready {
    let made_key = (!caller.brings_api_keys()).then(|| prepared.secrets.api_key.clone());
    let queues = prepared.deployment.queues.iter();
    Ready {
        gateway_url: prepared.front.url(),
        api_key: made_key,
        aws_endpoint_url: prepared.aws.url(),
        inbox_url: prepared.offers.inbox_url.clone(),
        signing_secret: prepared.signing.newest_default().map(str::to_owned),
        queue_urls: queues.map(|queue| (queue.name.clone(), sqs.queue_url(&queue.name))).collect(),
        bucket: prepared.bucket.clone(),
        pid: std::process::id(),
    }
}
