//! One execution environment: a process of a function and its Runtime API.

use crate::{
    clock,
    environment::{self, ProcessIdentity},
    function_error::Failure,
    invocation::{Call, FunctionErrorKind, Invocation},
    pool::Slot,
    runtime_api::{NextEvent, RuntimeApi, RuntimeEvent},
    settings::FunctionSettings,
    spawner::{ChildHandle, ChildSpec, Exit, Spawner},
};
use bytes::Bytes;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use std::{io, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use uuid::Uuid;

mod answer;

/// How long a process may take until it asks for its first event (Lambda quotas: 10 s).
const INIT_LIMIT: Duration = Duration::from_secs(10);

/// A process that is past its initialisation. Dropping it kills it and frees its place.
pub(crate) struct Process {
    child: ChildHandle,
    api: RuntimeApi,
    slot: Slot,
}

/// Why a process did not get as far as its first event.
pub(crate) enum InitError {
    /// Lambda says why.
    Failure(Failure),
    /// The process said why, in this payload.
    Reported(Bytes),
}

impl InitError {
    /// The end of the invocation that the process was started for.
    pub(crate) fn end(self, call: &Call) -> Invocation {
        let payload = match self {
            Self::Failure(failure) => failure.payload(&call.request_id),
            Self::Reported(payload) => payload,
        };
        call.ended(payload, Some(FunctionErrorKind::Unhandled))
    }
}

impl Process {
    /// Starts a process and waits until it asks for its first event.
    pub(crate) async fn start(
        settings: &FunctionSettings,
        spawner: &Spawner,
        slot: Slot,
    ) -> Result<Self, InitError> {
        let mut process = Self::spawn(settings, spawner, slot).await.map_err(|error| {
            tracing::error!(%error, function = settings.name, "a function's process did not start");
            InitError::Failure(Failure::NotStarted)
        })?;
        let deadline = Instant::now() + INIT_LIMIT;
        match timeout_at(deadline, process.event()).await {
            Ok(Ok(RuntimeEvent::InitFailed(payload))) => Err(InitError::Reported(payload)),
            Ok(Ok(RuntimeEvent::Ready | RuntimeEvent::Answered(_))) => Ok(process),
            Ok(Err(exit)) => Err(InitError::Failure(Failure::Exited(exit))),
            Err(_) => Err(InitError::Failure(Failure::InitTimedOut(INIT_LIMIT))),
        }
    }

    async fn spawn(settings: &FunctionSettings, spawner: &Spawner, slot: Slot) -> io::Result<Self> {
        let api = RuntimeApi::open().await?;
        let identity = ProcessIdentity {
            runtime_api: api.address,
            started: clock::since_epoch(),
            stream: Uuid::new_v4(),
        };
        let mut arguments = settings.launcher.clone();
        arguments.push(settings.executable.clone().into());
        let environment = environment::of_process(settings, &identity);
        let function = settings.name.clone();
        let child = spawner.start(ChildSpec { function, arguments, environment }).await?;
        slot.started(child.pid);
        Ok(Self { child, api, slot })
    }

    /// This process's place among the function's processes.
    pub(crate) const fn slot(&self) -> &Slot {
        &self.slot
    }

    /// How the process ended, once it has.
    pub(crate) fn exit(&self) -> watch::Receiver<Option<Exit>> {
        self.child.exit.clone()
    }

    /// Whether the process is alive at this moment, asked of the kernel: news of an end may be on the way.
    pub(crate) fn is_alive(&self) -> bool {
        let pid = i32::try_from(self.child.pid).ok().and_then(Pid::from_raw);
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        pid.is_some_and(|pid| matches!(waitid(WaitId::Pid(pid), options), Ok(None)))
    }

    /// The next thing the process says, or how it ended. What it said before its end comes first.
    async fn event(&mut self) -> Result<RuntimeEvent, Exit> {
        tokio::select! {
            biased;
            Some(event) = self.api.events.recv() => Ok(event),
            exit = ended(&mut self.child.exit) => Err(exit),
        }
    }

    /// Hands the event over and waits for the answer, the process's end, or the time-out.
    pub(crate) async fn serve(&mut self, call: &Call, timeout: Duration) -> Served {
        // A process that reconnected while it was idle has said more than once that it is ready.
        while self.api.events.try_recv().is_ok() {}
        let deadline = Instant::now() + timeout;
        let event = NextEvent { call: call.clone(), deadline: clock::since_epoch() + timeout };
        // The queue has room for one event, and the last one was taken; it closes only with the process.
        let _ = self.api.next.send(event).await;
        loop {
            match timeout_at(deadline, self.event()).await {
                Ok(Ok(RuntimeEvent::Answered(report))) => {
                    return Served { end: answer::of(report, call), answered: true, deadline };
                }
                // A process that serves is past its initialisation: an error of that is none any more.
                Ok(Ok(RuntimeEvent::Ready | RuntimeEvent::InitFailed(_))) => {}
                Ok(Err(exit)) => return Served::failed(Failure::Exited(exit), call, deadline),
                Err(_) => return Served::failed(Failure::TimedOut(timeout), call, deadline),
            }
        }
    }

    /// Whether the process asks for its next event before `deadline`; only then can it be used again.
    pub(crate) async fn ready_by(&mut self, deadline: Instant) -> bool {
        matches!(timeout_at(deadline, self.event()).await, Ok(Ok(RuntimeEvent::Ready)))
    }
}

/// The end of an invocation, and whether the process lived to give it.
pub(crate) struct Served {
    pub(crate) end: Invocation,
    /// The process answered, and may be used again.
    pub(crate) answered: bool,
    /// When its time is up.
    pub(crate) deadline: Instant,
}

impl Served {
    fn failed(failure: Failure, call: &Call, deadline: Instant) -> Self {
        let payload = failure.payload(&call.request_id);
        Self { end: call.ended(payload, Some(FunctionErrorKind::Unhandled)), answered: false, deadline }
    }
}

/// Waits for a process to end.
pub(crate) async fn ended(exit: &mut watch::Receiver<Option<Exit>>) -> Exit {
    // The sender is dropped without a word only when the spawner's thread ends, which kills the process.
    exit.wait_for(Option::is_some).await.ok().and_then(|exit| *exit).unwrap_or(Exit::Unknown)
}
