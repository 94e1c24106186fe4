//! `gatewayctl`: what operators and developers ask the gateway from a terminal.

mod args;
mod aws;
mod aws_call;
mod commands;
mod error;
mod http;
mod interrupt;
mod progress;
mod sdk_clients;
mod target;
mod terminal;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use error::CtlError;
use target::Target;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do about a closed terminal.
            let _closed = writeln!(std::io::stderr(), "gatewayctl: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(args: &Args) -> Result<(), CtlError> {
    let out = &mut std::io::stdout().lock();
    match &args.command {
        Command::Send(send) => commands::send::run(send, &Target::find(args)?, args.json, out).await,
        Command::Track(track) => commands::track::run(track, &Target::find(args)?, args.json, out).await,
        Command::Queues => commands::queues::run(&Target::find(args)?, args.json, out).await,
        Command::Tail(tail) => commands::tail::run(tail, &Target::find(args)?, args.json, out).await,
        Command::Metrics(metrics) => {
            commands::metrics::run(metrics, &Target::find(args)?, args.json, out).await
        }
        Command::Dlq(dlq) => commands::dlq::run(dlq, &Target::find(args)?, args.json, out).await,
        Command::Destinations(destinations) => {
            commands::destinations::run(destinations, &Target::find(args)?, args.json, out).await
        }
        Command::Reconcile(reconcile) => {
            commands::reconcile::run(reconcile, &Target::find(args)?, args.json, out).await
        }
        Command::Export(export) => commands::export::run(export, &Target::find(args)?, args.json, out).await,
        Command::Delete(delete) => commands::delete::run(delete, &Target::find(args)?, args.json, out).await,
        Command::Classify(classify) => commands::classify::run(classify, args.json, out),
        Command::Check(check) => commands::check::run(check, &Target::find(args)?, args.json, out).await,
        Command::Cost(cost) => commands::cost::run(cost, args.json, out),
        Command::Sign(sign) => commands::sign::sign(sign, out),
        Command::Verify(verify) => commands::sign::verify(verify, out),
        Command::Completions(completions) => commands::manual::completions(completions, out),
        Command::Man(man) => commands::manual::man(man, out),
    }
}
