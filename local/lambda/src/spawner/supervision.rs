//! Starting, watching and stopping processes, on the spawner's thread.

use super::{ChildHandle, ChildSpec, LineSink};
use crate::lines::{self, OutputStream};
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    io,
    os::unix::process::ExitStatusExt,
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    sync::{oneshot, watch},
    task::JoinSet,
    time::timeout,
};

/// The part of a shutdown's time that processes get to end by themselves, before they are killed.
const GRACEFUL_SHARE: f64 = 0.8;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It exited with this status.
    Status(i32),
    /// This signal ended it.
    Signal(i32),
    /// The kernel would not say.
    Unknown,
}

impl From<io::Result<ExitStatus>> for Exit {
    fn from(status: io::Result<ExitStatus>) -> Self {
        let Ok(status) = status else { return Self::Unknown };
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Status(code),
            (None, Some(signal)) => Self::Signal(signal),
            (None, None) => Self::Unknown,
        }
    }
}

/// What every process is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Directive {
    Run,
    Terminate,
    Kill,
}

/// The processes that are alive.
pub(super) struct Children {
    lines: LineSink,
    command: watch::Sender<Directive>,
    supervisors: JoinSet<()>,
}

impl Children {
    pub(super) fn new(lines: LineSink) -> Self {
        Self { lines, command: watch::Sender::new(Directive::Run), supervisors: JoinSet::new() }
    }

    pub(super) fn start(&mut self, spec: ChildSpec) -> io::Result<ChildHandle> {
        while self.supervisors.try_join_next().is_some() {}
        let mut child = command(&spec)?.spawn()?;
        let pid = child.id().ok_or_else(|| io::Error::other("the process has no id"))?;
        self.forward_lines(&mut child, &spec.function, pid);
        let (exited, exit) = watch::channel(None);
        let (alive, released) = oneshot::channel();
        let command = self.command.subscribe();
        self.supervisors.spawn(async move {
            let status = supervise(child, released, command).await;
            exited.send_replace(Some(status));
        });
        Ok(ChildHandle { pid, exit, _alive: alive })
    }

    fn forward_lines(&self, child: &mut Child, function: &str, pid: u32) {
        let (function, lines) = (function.to_owned(), &self.lines);
        if let Some(stdout) = child.stdout.take() {
            let task = lines::forward(stdout, function.clone(), pid, OutputStream::Stdout, lines.clone());
            tokio::spawn(task);
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(lines::forward(stderr, function, pid, OutputStream::Stderr, lines.clone()));
        }
    }

    pub(super) async fn stop(&mut self, within: Duration) {
        self.command.send_replace(Directive::Terminate);
        if timeout(within.mul_f64(GRACEFUL_SHARE), self.all_ended()).await.is_err() {
            self.command.send_replace(Directive::Kill);
            let _ = timeout(within.mul_f64(1.0 - GRACEFUL_SHARE), self.all_ended()).await;
        }
    }

    async fn all_ended(&mut self) {
        while self.supervisors.join_next().await.is_some() {}
    }
}

fn command(spec: &ChildSpec) -> io::Result<Command> {
    let (program, arguments) =
        spec.arguments.split_first().ok_or_else(|| io::Error::other("no program to start"))?;
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(&spec.environment).kill_on_drop(true);
    // A group of its own: an interrupt from the terminal reaches the stack alone, which then decides, and what
    // a launcher started besides the function ends with it.
    command.process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}

/// Waits for the end of a process, which comes by itself, when its handle is dropped, or by command.
async fn supervise(
    mut child: Child,
    mut released: oneshot::Receiver<()>,
    mut command: watch::Receiver<Directive>,
) -> Exit {
    let mut killed = false;
    loop {
        tokio::select! {
            status = child.wait() => return status.into(),
            _ = &mut released, if !killed => {
                killed = true;
                obey(&child, Directive::Kill);
            }
            Ok(()) = command.changed() => obey(&child, *command.borrow_and_update()),
        }
    }
}

fn obey(child: &Child, command: Directive) {
    // `id` is none once the process was waited for: its number may belong to another one by then.
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let signal = match command {
        Directive::Run => return,
        Directive::Terminate => Signal::TERM,
        Directive::Kill => Signal::KILL,
    };
    // An error means that the process has just ended, which the wait reports.
    let _ = pid.map(|pid| kill_process_group(pid, signal));
}
