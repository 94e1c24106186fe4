//! What CloudWatch would know: the metrics that the functions printed in Embedded Metric Format.

mod emf;
mod registry;

pub(crate) use registry::Registry;
