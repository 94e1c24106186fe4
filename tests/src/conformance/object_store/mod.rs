//! S3 on the wire: what the product's records, leases and exports, and an operator with the AWS CLI, rely on.

mod conditional_writes;
mod fixture;
mod listing;
mod objects;
mod reading;

use aws_sdk_s3::Client;

use super::{Case, Suite};

pub(super) use fixture::create_bucket;

/// The suite's name.
pub const NAME: &str = "object_store";

/// The suite, to be run with a client that does not retry.
#[must_use]
pub fn suite() -> Suite<Client> {
    Suite::new(NAME, cases())
}

fn cases() -> Vec<Case<Client>> {
    [conditional_writes::cases(), reading::cases(), objects::cases(), listing::cases()]
        .into_iter()
        .flatten()
        .collect()
}
