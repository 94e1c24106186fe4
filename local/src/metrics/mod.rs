//! What CloudWatch would know: the metrics that the functions printed in Embedded Metric Format.

mod emf;
mod registry;
mod rules;

pub(crate) use registry::{Recorded, Registry};
