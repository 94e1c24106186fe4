//! One file for each type of resource that runs here.

pub(crate) mod event_source;
pub(crate) mod function;
pub(crate) mod queue;

/// The last part of an ARN, which is the name of a queue or function; a name stays as it is.
fn name_of(arn_or_name: &str) -> String {
    arn_or_name.rsplit(':').next().unwrap_or(arn_or_name).to_owned()
}
