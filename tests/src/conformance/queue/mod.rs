//! SQS on the wire: what the product, and an operator with the AWS CLI, rely on in a standard queue.

mod administration;
mod batches;
mod dead_letters;
mod delay;
mod fixture;
mod limits;
mod long_polling;
mod move_tasks;
mod sending;
mod visibility;

use aws_sdk_sqs::Client;

use super::{Case, Suite};

/// The suite's name.
pub const NAME: &str = "queue";

/// The suite, to be run with a client that does not retry.
#[must_use]
pub fn suite() -> Suite<Client> {
    Suite::new(NAME, cases())
}

fn cases() -> Vec<Case<Client>> {
    [
        sending::cases(),
        delay::cases(),
        visibility::cases(),
        dead_letters::cases(),
        batches::cases(),
        limits::cases(),
        long_polling::cases(),
        administration::cases(),
        move_tasks::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
