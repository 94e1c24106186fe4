//! Pure decisions and contracts of the RevOps Webhook Gateway.
//!
//! Nothing here performs I/O, knows AWS, or reads a clock: time and randomness are arguments. The crate
//! holds the types that cross boundaries ([`records`], [`messages`], [`envelope`]), the decisions
//! ([`classify`](mod@classify), [`retry`], [`sign`], [`address`], [`auth`]) and the [`ports`] through which
//! the functions reach the outside.

pub mod address;
pub mod auth;
pub mod classify;
pub mod config;
pub mod conversation;
pub mod envelope;
pub mod export;
#[cfg(feature = "fake")]
pub mod fake;
pub mod header;
pub mod ids;
pub mod messages;
pub mod outgoing;
pub mod plain;
pub mod ports;
pub mod problem;
pub mod records;
pub mod request;
pub mod retry;
pub mod secret;
pub mod sign;
pub mod telemetry;
pub mod text;
pub mod time;

pub use header::Header;
pub use ids::{DeliveryId, TrackingId};
pub use time::Timestamp;
