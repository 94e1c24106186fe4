//! The one thread that starts the functions' processes.
//!
//! A process may ask the kernel for a signal when its parent ends (`PR_SET_PDEATHSIG`, which the stack's
//! launcher does), and for the kernel the parent is the *thread* that started it. Hence all processes are
//! started, watched and stopped by one thread that lives as long as the stack's [`Lambda`](crate::Lambda).

mod supervision;

use crate::lines::FunctionLine;
use std::{collections::BTreeMap, ffi::OsString, io, time::Duration};
use tokio::sync::{mpsc, oneshot, watch};

pub(crate) use supervision::Exit;

/// Where the functions' lines go.
pub(crate) type LineSink = mpsc::UnboundedSender<FunctionLine>;

/// What to start.
pub(crate) struct ChildSpec {
    pub(crate) function: String,
    /// Program and arguments.
    pub(crate) arguments: Vec<OsString>,
    /// The whole environment.
    pub(crate) environment: BTreeMap<OsString, OsString>,
}

/// A started process. Dropping the handle kills it.
pub(crate) struct ChildHandle {
    pub(crate) pid: u32,
    /// How it ended, once it has.
    pub(crate) exit: watch::Receiver<Option<Exit>>,
    _alive: oneshot::Sender<()>,
}

enum Order {
    Start(ChildSpec, oneshot::Sender<io::Result<ChildHandle>>),
    Shutdown { within: Duration, done: oneshot::Sender<()> },
}

/// A handle to the thread; the thread ends, and kills what it started, when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Spawner {
    orders: mpsc::UnboundedSender<Order>,
}

impl Spawner {
    /// Starts the thread. If that fails, every [`start`](Self::start) fails and says so.
    pub(crate) fn new(lines: LineSink) -> Self {
        let (orders, incoming) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new().name("lambda-processes".into());
        if let Err(error) = thread.spawn(move || run(incoming, lines)) {
            tracing::error!(%error, "no thread for the functions' processes");
        }
        Self { orders }
    }

    /// Starts a process.
    pub(crate) async fn start(&self, spec: ChildSpec) -> io::Result<ChildHandle> {
        let (reply, answer) = oneshot::channel();
        let _ = self.orders.send(Order::Start(spec, reply));
        answer.await.unwrap_or_else(|_| Err(io::Error::other("processes are no longer started")))
    }

    /// Stops every process, and starts no more: SIGTERM, then SIGKILL before `within` is over.
    pub(crate) async fn shutdown(&self, within: Duration) {
        let (done, finished) = oneshot::channel();
        let _ = self.orders.send(Order::Shutdown { within, done });
        // An error means that the thread has ended already, and with it every process.
        let _ = finished.await;
    }
}

fn run(mut orders: mpsc::UnboundedReceiver<Order>, lines: LineSink) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tracing::error!(%error, "no runtime for the functions' processes"),
    };
    runtime.block_on(async {
        let mut children = supervision::Children::new(lines);
        while let Some(order) = orders.recv().await {
            match order {
                Order::Start(spec, reply) => {
                    // A caller that went away drops the handle, which stops the process again.
                    let _ = reply.send(children.start(spec));
                }
                Order::Shutdown { within, done } => {
                    orders.close();
                    children.stop(within).await;
                    let _ = done.send(());
                }
            }
        }
    });
}
