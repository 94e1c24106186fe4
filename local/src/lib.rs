//! The one-machine stack, `cargo local`: runs the product's own Lambda binaries, as the template describes
//! them, against small stand-ins for the AWS services that they use.
//!
//! - `template` reads what is deployed; `environment` is what a function sees of it.
//! - `state` is the folder that outlives the stack; `build` gets the binaries.
//! - `stack` puts everything together; its stand-ins are the crates `local-sqs`, `local-lambda`, `local-s3`,
//!   `local-api-gateway` and `local-bedrock`.
//! - `inbox`, `metrics` and `logs` are what a user looks at.
//! - `page` is the console at `/_local/`.
//! - `connection` lets the inbox break HTTP's rules.
//! - `launcher` ties the children's lives to the stack's.

mod build;
mod cli;
mod clock;
mod connection;
mod console;
mod environment;
mod inbox;
mod json;
mod launcher;
mod logs;
mod metrics;
mod page;
mod random;
mod stack;
mod state;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use cli::Arguments;
use environment::Caller;

/// How long work that goes on in the background may hold up the end.
const LAST_MOMENTS: Duration = Duration::from_millis(300);

/// The program: the stack, or the launcher of one of its children.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(launch) = launcher::requested(&arguments) {
        console::note(&format!("cannot start a child of the stack: {}", launch.become_child()));
        return ExitCode::FAILURE;
    }
    match run(&Arguments::parse_from(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::note(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), stack::StackError> {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(stack::StackError::Runtime)?;
    let result = runtime.block_on(stack::run(arguments, &Caller::from_process()));
    runtime.shutdown_timeout(LAST_MOMENTS);
    result
}
