//! The functions' output: metrics are counted, everything is kept in a file for each function, and what the
//! user should see is shown.

mod files;
mod recent;
mod short_form;

use std::io;
use std::path::PathBuf;
use std::thread::JoinHandle;

use local_lambda::FunctionLine;
use tokio::sync::mpsc::UnboundedReceiver;

pub(crate) use recent::Recent;

use crate::console;
use crate::metrics::{Recorded, Registry};

use files::LogFiles;

/// The log of lines that are no valid metrics, `STATE/logs/refused-metrics.log`.
const REFUSED: &str = "refused-metrics";

/// Starts the thread that takes the functions' lines, until every sender is gone. A thread, because it writes
/// files and would hold up the runtime.
pub(crate) fn start(
    mut lines: UnboundedReceiver<FunctionLine>,
    folder: PathBuf,
    metrics: Registry,
    recent: Recent,
    verbose: bool,
) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("logs".to_owned()).spawn(move || {
        let mut files = LogFiles::new(folder);
        while let Some(line) = lines.blocking_recv() {
            take(&line, &mut files, &metrics, &recent, verbose);
            if lines.is_empty() {
                files.flush();
            }
        }
    })
}

fn take(line: &FunctionLine, files: &mut LogFiles, metrics: &Registry, recent: &Recent, verbose: bool) {
    if let Err(error) = files.append(&line.function, &line.text) {
        console::note(&format!("cannot write the log of {}: {error}", line.function));
    }
    match metrics.record(&line.text) {
        Recorded::Counted => return,
        Recorded::Refused(rule) => return refuse(line, &rule, files),
        Recorded::NoMetric => {}
    }
    recent.keep(line);
    let (text, is_error) = short_form::of(&line.function, &line.text);
    if verbose || is_error {
        console::note(&text);
    }
}

/// CloudWatch would lose such a line's metrics without a word; here it is said aloud, and kept in a file of its own
/// for whoever tests.
fn refuse(line: &FunctionLine, rule: &str, files: &mut LogFiles) {
    console::note(&format!("{} printed a metric that CloudWatch would refuse: {rule}", line.function));
    if let Err(error) = files.append(REFUSED, &format!("{rule}: {}", line.text)) {
        console::note(&format!("cannot write the log {REFUSED}: {error}"));
    }
}
