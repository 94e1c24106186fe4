//! The control of the harness: a function that does nothing, written as the documentation of `lambda_http` does.

use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(|_request: Request| async { Ok::<_, Error>("Hello, world") })).await
}
