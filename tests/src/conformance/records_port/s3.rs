//! The S3 adapter.

use revops_aws::{Clients, S3Records};

use super::RecordStores;
use crate::conformance::object_store::create_bucket;
use crate::conformance::{Endpoint, Failure};

/// The adapter, with a bucket a store.
#[derive(Clone, Debug)]
pub struct S3 {
    endpoint: Endpoint,
    clients: Clients,
}

impl S3 {
    /// The adapter over `endpoint`.
    #[must_use]
    pub fn new(endpoint: &Endpoint) -> Self {
        Self { endpoint: endpoint.clone(), clients: endpoint.clients() }
    }
}

impl RecordStores for S3 {
    type Store = S3Records;

    async fn empty(&self) -> Result<S3Records, Failure> {
        Ok(S3Records::new(self.clients.clone(), create_bucket(&self.endpoint.s3()).await?))
    }

    fn out_of_reach(&self) -> S3Records {
        S3Records::new(Endpoint::unreachable().clients(), "records".to_owned())
    }

    fn without_bucket(&self) -> S3Records {
        S3Records::new(self.clients.clone(), "no-such-bucket".to_owned())
    }
}
