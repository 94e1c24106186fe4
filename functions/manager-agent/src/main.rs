//! The Lambda function `manager-agent`: adapters around the use case.

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use manager_agent::{Config, ManagerAgent, Report, handle};
use revops_aws::telemetry::{self, LogLevel};
use revops_aws::{Clients, OsRandom, Process, S3Records, SystemClock, environment, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variables = environment::variables();
    telemetry::init(LogLevel::of(&variables));
    let process = &Process::of(&variables);
    let config = Config::from_variables(&variables).inspect_err(start::refused)?;
    let clients = Clients::of_function(&variables).await;
    let manager_agent = ManagerAgent {
        records: S3Records::new(clients.clone(), config.bucket),
        agent: config.backend.connect(clients),
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
        settings: config.settings,
        report: Report::new(telemetry::emit),
    };
    let manager_agent = &manager_agent;
    lambda_runtime::run(service_fn(|event: LambdaEvent<_>| {
        // Boxed: the whole use case is one deep future otherwise.
        process.invoked(Box::pin(handle(manager_agent, event)))
    }))
    .await
}
