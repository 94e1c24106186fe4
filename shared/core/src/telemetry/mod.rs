//! The names that on-call sees: log events and metrics, and how metrics are written (SPEC 8).

mod causes;
mod emf;
pub mod event;
mod metric;

pub use causes::with_causes;
pub use emf::{Measurements, NAMESPACE};
pub use metric::{Metric, Unit};
