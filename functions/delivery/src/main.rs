//! The Lambda binary `delivery`: configuration, adapters, handler.

use aws_lambda_events::sqs::SqsEvent;
use delivery::ports::FetchSecret;
use delivery::{Delivery, DeliveryConfig, HttpTransport, OutboundKeys, handle_batch};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use revops_aws::{
    Clients, OsRandom, S3Records, SecretsManager, SqsQueues, SystemClock, environment, telemetry,
};
use revops_core::Timestamp;
use revops_core::secret::Secret;
use revops_core::telemetry::{Measurements, event};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variables = environment::variables();
    telemetry::init(telemetry::LogLevel::of(&variables));
    let config = DeliveryConfig::from_variables(&variables).inspect_err(
        |cause| tracing::error!(event = event::ERROR_OCCURRED, %cause, "the function cannot start"),
    )?;
    let clients = Clients::load().await;
    let delivery = &Delivery {
        records: S3Records::new(clients.clone(), config.bucket.clone()),
        queues: SqsQueues::new(clients.clone()),
        post: HttpTransport::new(&config.transport)?,
        keys: OutboundKeys::new(config.signing.clone(), Secrets(SecretsManager::new(clients))),
        clock: Box::new(SystemClock),
        random: Box::new(OsRandom),
        metrics: Box::new(|measurements: Measurements| telemetry::emit(&measurements)),
        config,
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        let deadline = i64::try_from(event.context.deadline).unwrap_or(i64::MAX);
        Ok::<_, Error>(handle_batch(delivery, event.payload, Timestamp::from_unix_ms(deadline)).await)
    }))
    .await
}

struct Secrets(SecretsManager);

impl FetchSecret for Secrets {
    async fn fetch(&self, arn: &str) -> Option<Secret> {
        let fetched = self.0.get(arn).await;
        fetched.inspect_err(|cause| tracing::error!(event = event::ERROR_OCCURRED, %cause, "the signing secrets were not fetched")).ok()
    }
}
