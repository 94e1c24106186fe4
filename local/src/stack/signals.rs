//! Requests to stop: Ctrl-C, SIGTERM, and the end of whoever started the stack.

use std::future::pending;
use std::io::{self, Read};
use std::thread;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// The requests to stop.
pub(super) struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
    /// None where nobody's end matters.
    closed: Option<oneshot::Receiver<()>>,
}

impl StopSignals {
    /// From now on a request to stop does not end the process by itself. With `until_stdin_closes`, the end of
    /// standard input is one too.
    pub(super) fn listen(until_stdin_closes: bool) -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            closed: until_stdin_closes.then(|| end_of(io::stdin())).transpose()?,
        })
    }

    /// Resolves at the next request.
    pub(super) async fn received(&mut self) {
        let Self { interrupt, terminate, closed } = self;
        let closed = async {
            match closed {
                Some(closed) => drop(closed.await),
                None => pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            () = closed => {}
        }
    }
}

/// Tells when `input` has ended. On a thread of its own, which no shut-down waits for: a read of a pipe cannot be
/// called off.
fn end_of(mut input: impl Read + Send + 'static) -> io::Result<oneshot::Receiver<()>> {
    let (tell, told) = oneshot::channel();
    let read = move || {
        // What is said there means nothing; an input that cannot be read has ended.
        let mut ignored = [0; 64];
        while input.read(&mut ignored).is_ok_and(|count| count > 0) {}
        let _nobody_waits = tell.send(());
    };
    thread::Builder::new().name("stdin".to_owned()).spawn(read)?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_input_that_closes_is_a_request_to_stop_and_what_it_says_before_is_none() {
        let (reader, mut writer) = io::pipe().unwrap();
        let mut told = end_of(reader).unwrap();
        io::Write::write_all(&mut writer, b"quit\n").unwrap();
        assert!(told.try_recv().is_err(), "it is open");
        drop(writer);
        told.await.unwrap();
    }
}
