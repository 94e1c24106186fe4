//! The Lambda function behind API Gateway.

use std::sync::Arc;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use gateway::config::HttpConfig;
use gateway::gateway::Gateway;
use gateway::http::{Callers, FrontDoor, Incoming};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use revops_aws::{
    Clients, LambdaManagerAgent, OsRandom, Process, S3Records, SecretsManager, SqsQueues, SystemClock,
    environment, start, telemetry,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variables = environment::variables();
    telemetry::init(telemetry::LogLevel::of(&variables));
    let process = &Process::of(&variables);
    let config = HttpConfig::from_variables(&variables).inspect_err(start::refused)?;
    let clients = Clients::of_function(&variables).await;
    let secrets = SecretsManager::new(clients.clone());
    let common = config.common;
    let front_door = FrontDoor {
        gateway: Gateway {
            records: S3Records::new(clients.clone(), common.bucket.clone()),
            queues: SqsQueues::new(clients.clone()),
            manager_agent: LambdaManagerAgent::new(clients, common.manager_agent_function.clone()),
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            emit: telemetry::emit,
            config: common,
        },
        callers: Callers::new(config.inbound, &secrets),
        default_wait: config.default_wait,
    };
    let front_door = &front_door;
    run(service_fn(|event: LambdaEvent<ApiGatewayV2httpRequest>| async move {
        let request = Incoming::of(event.payload, event.context.deadline);
        // Boxed: the whole use case is one deep future otherwise, moved about by the runtime.
        let work = Box::pin(front_door.handle(request));
        Ok::<_, Error>(process.invoked(work).await.into_response())
    }))
    .await
}
