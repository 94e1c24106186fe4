//! The names that on-call sees: log events, metrics and whose fault a failure is, and how metrics are written
//! (SPEC 8).

mod attribution;
mod causes;
mod emf;
pub mod event;
mod metric;

pub use attribution::Attribution;
pub use causes::with_causes;
pub use emf::{Measurements, NAMESPACE};
pub use metric::{Metric, Unit};
