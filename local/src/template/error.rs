//! What can be wrong with a template, told with the place where it is.

use thiserror::Error;

/// A template that this stack cannot run. Every message names the place inside the template.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum TemplateError {
    #[error("the template is not valid YAML: {0}")]
    Yaml(String),
    #[error("{place}: expected {expected}")]
    Shape { place: String, expected: &'static str },
    #[error("{place}: the intrinsic function {name} is not known to the local stack")]
    UnknownIntrinsic { place: String, name: String },
    #[error("{place}: {name} refers to nothing that this template declares")]
    UnknownName { place: String, name: String },
    #[error("{place}: the local stack knows no attribute {attribute} of {resource}")]
    UnknownAttribute { place: String, resource: String, attribute: String },
    #[error("{place}: the local stack has no {kind}, so {resource} cannot be referred to here")]
    NotRunHere { place: String, resource: String, kind: String },
    #[error("Parameters.{name}: has no Default, and the local stack has no value for it")]
    ParameterWithoutValue { name: String },
    #[error("{place}: refers to itself")]
    Circular { place: String },
    #[error("{place}: {problem}")]
    Invalid { place: String, problem: String },
}

impl TemplateError {
    /// The value at `place` has another shape than the one that belongs there.
    pub(crate) fn shape(place: &str, expected: &'static str) -> Self {
        Self::Shape { place: place.to_owned(), expected }
    }

    /// The value at `place` has the right shape, but cannot be used.
    pub(crate) fn invalid(place: &str, problem: impl Into<String>) -> Self {
        Self::Invalid { place: place.to_owned(), problem: problem.into() }
    }
}
