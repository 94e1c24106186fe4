//! Ctrl-C and its relatives as something that work asks for between its steps, so that it can put back what
//! it holds.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// What a shell reports of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Whether the user wants an end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Listens from now on. The first Ctrl-C, hang-up or SIGTERM asks for an end; the second one is an end.
    pub(crate) fn listen() -> std::io::Result<Self> {
        let (ask, asked) = watch::channel(false);
        let mut signals = [
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ];
        tokio::spawn(async move {
            let [interrupt, terminate, hangup] = &mut signals;
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    _ = hangup.recv() => {}
                }
                if ask.send_replace(true) {
                    std::process::exit(INTERRUPTED);
                }
            }
        });
        Ok(Self(asked))
    }

    /// One that never comes.
    #[cfg(test)]
    pub(crate) fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Whether an end was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits; false as soon as an end was asked for.
    pub(crate) async fn sleep(&self, wait: Duration) -> bool {
        let mut asked = self.0.clone();
        let ended = async {
            if asked.wait_for(|asked| *asked).await.is_err() {
                // Nobody listens any more: then nobody asks.
                std::future::pending::<()>().await;
            }
        };
        tokio::time::timeout(wait, ended).await.is_err()
    }
}
