//! The delivery function: POSTs signed envelopes to the webhooks, retries by message visibility, ends every
//! run on purpose, and exports finished conversations.
//!
//! The way of one message: [`handle_batch`] parses it and keeps it hidden while it is worked on; its records
//! say which step is next; the step is taken (wait, attempt, end); the message is acknowledged, or hidden
//! until it is due. Decisions are pure, in `revops_core::retry` and in this crate's `run::step`.

mod batch;
mod config;
pub mod ports;
mod received;
mod run;
mod telemetry;
mod transport;
mod visibility;

use revops_aws::CachedSecret;
use revops_core::ports::{Clock, Random};
use revops_core::sign::SigningSecrets;

pub use batch::handle_batch;
pub use config::{DeliveryConfig, TransportRules};
pub use run::TIME_FOR_AN_ATTEMPT;
pub use transport::{HttpTransport, NoHttpClient};

/// Everything that the function works with.
pub struct Delivery<R, Q, P, F> {
    /// The record store.
    pub records: R,
    /// The queues.
    pub queues: Q,
    /// What POSTs.
    pub post: P,
    /// The outbound keys.
    pub keys: CachedSecret<SigningSecrets, F>,
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// Randomness for jitter.
    pub random: Box<dyn Random>,
    /// Where metrics go.
    pub metrics: Box<dyn ports::EmitMetrics>,
    /// What the function is told.
    pub config: DeliveryConfig,
}
