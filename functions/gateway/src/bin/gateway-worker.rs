//! The Lambda function behind the query queue.

use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use gateway::config::WorkerConfig;
use gateway::gateway::Gateway;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use revops_aws::{
    Clients, LambdaManagerAgent, OsRandom, Process, S3Records, SqsQueues, SystemClock, environment, start,
    telemetry,
};
use revops_core::Timestamp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variables = environment::variables();
    telemetry::init(telemetry::LogLevel::of(&variables));
    let process = &Process::of(&variables);
    let WorkerConfig { common } = WorkerConfig::from_variables(&variables).inspect_err(start::refused)?;
    let clients = Clients::of_function(&variables).await;
    let gateway = Gateway {
        records: S3Records::new(clients.clone(), common.bucket.clone()),
        queues: SqsQueues::new(clients.clone()),
        manager_agent: LambdaManagerAgent::new(clients, common.manager_agent_function.clone()),
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
        emit: telemetry::emit,
        config: common,
    };
    let gateway = &gateway;
    run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = i64::try_from(event.context.deadline).unwrap_or(i64::MAX);
        let work = gateway.work(&event.payload, Timestamp::from_unix_ms(deadline));
        Ok::<_, Error>(process.invoked(work).await)
    }))
    .await
}
