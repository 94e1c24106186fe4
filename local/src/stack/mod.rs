//! Puts the stack together, runs it until it is told to stop, and takes it down.

mod agent;
mod error;
mod front_door;
mod greeting;
mod invokers;
mod ports;
mod preparation;
mod running;
mod services;
mod settings;
mod signals;
mod sources;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

pub(crate) use error::StackError;

use crate::build::{self, Build};
use crate::cli::Arguments;
use crate::environment::Caller;
use crate::{console, launcher};

use preparation::Prepared;
use running::Running;
use signals::StopSignals;

/// Runs the stack until Ctrl-C or SIGTERM, or until whoever started it ends.
pub(crate) async fn run(arguments: &Arguments, caller: &Caller) -> Result<(), StackError> {
    let mut stop = StopSignals::listen(arguments.until_stdin_closes).map_err(StackError::Runtime)?;
    // Whatever can be wrong is found before anything is built.
    let prepared = Prepared::new(arguments, caller).await?;
    let launcher = launcher()?;
    let executables = tokio::select! {
        executables = executables(arguments, &prepared, &launcher) => executables?,
        () = stop.received() => return Ok(()),
    };
    let running = Running::start(arguments, caller, prepared, &executables, &launcher)?;
    let ready = running.announce()?;
    console::say(&greeting::text(&ready));
    stop.received().await;
    console::note("stopping");
    running.stop().await;
    Ok(())
}

/// What is put before every child's executable.
fn launcher() -> Result<Vec<OsString>, StackError> {
    let executable = std::env::current_exe().map_err(StackError::Runtime)?;
    Ok(launcher::prefix(&executable, std::process::id()))
}

async fn executables(
    arguments: &Arguments,
    prepared: &Prepared,
    launcher: &[OsString],
) -> Result<BTreeMap<String, PathBuf>, StackError> {
    let binaries = prepared.deployment.functions.iter().map(|function| function.binary.clone()).collect();
    if let Some(folder) = &arguments.bin_dir {
        return Ok(build::prebuilt(folder, &binaries)?);
    }
    let build = Build {
        workspace: prepared.sources.workspace()?,
        profile: &arguments.profile,
        binaries: &binaries,
        launcher,
        on_terminal: std::io::stderr().is_terminal(),
    };
    Ok(build.run().await?)
}
