//! `conformance`: runs the suites against an emulator of SQS and S3 and says how it compares with AWS.
//!
//! ```text
//! cargo run -p tests --bin conformance -- --name moto --endpoint http://127.0.0.1:15000
//! ```
//! Prints a line a case, and last `N passed, N failed`; exits with 1 if a case failed. Known differences of
//! the implementation named are shown and count as neither. The queues and buckets that it makes stay.

use std::process::ExitCode;

use clap::Parser;
use tests::conformance::{Endpoint, run_all};

#[derive(Parser)]
#[command(about = "Compares an emulator of SQS and S3 with what the product relies on.")]
struct Arguments {
    /// Which implementation it is: picks the list of its known differences (moto, ministack; any other has
    /// none).
    #[arg(long)]
    name: String,
    /// Where both services are served, such as http://127.0.0.1:15000.
    #[arg(long)]
    endpoint: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { name, endpoint } = Arguments::parse();
    let report = run_all(&name, &Endpoint::new(&endpoint)).await;
    println!("{report}");
    if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
