//! The Lambda binary `delivery`: configuration, adapters, handler.

use aws_lambda_events::sqs::SqsEvent;
use delivery::{Delivery, DeliveryConfig, HttpTransport, handle_batch};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use revops_aws::{
    CachedSecret, Clients, OsRandom, Process, S3Records, SecretsManager, SqsQueues, SystemClock, environment,
    start, telemetry,
};
use revops_core::Timestamp;
use revops_core::telemetry::Measurements;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variables = environment::variables();
    telemetry::init(telemetry::LogLevel::of(&variables));
    let process = &Process::of(&variables);
    let config = DeliveryConfig::from_variables(&variables).inspect_err(start::refused)?;
    let clients = Clients::of_function(&variables).await;
    let delivery = &Delivery {
        records: S3Records::new(clients.clone(), config.bucket.clone()),
        queues: SqsQueues::new(clients.clone()),
        post: HttpTransport::new(&config.transport)?,
        keys: CachedSecret::new(config.signing.clone(), SecretsManager::new(clients)),
        clock: Box::new(SystemClock),
        random: Box::new(OsRandom),
        metrics: Box::new(|measurements: Measurements| telemetry::emit(&measurements)),
        config,
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = i64::try_from(event.context.deadline).unwrap_or(i64::MAX);
        let work = handle_batch(delivery, event.payload, Timestamp::from_unix_ms(deadline));
        Ok::<_, Error>(process.invoked(work).await)
    }))
    .await
}
