//! What can be wrong with a template, told with the place where it is.

use thiserror::Error;

/// A template that cannot be read. Every message names the place inside the template.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TemplateError {
    /// It is not YAML.
    #[error("the template is not valid YAML: {0}")]
    Yaml(String),
    /// A value has another shape than the one that belongs there.
    #[error("{place}: expected {expected}")]
    Shape {
        /// Where it is in the template.
        place: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// An intrinsic function that is not evaluated here.
    #[error("{place}: the intrinsic function {name} is not known here")]
    UnknownIntrinsic {
        /// Where it is in the template.
        place: String,
        /// Its name.
        name: String,
    },
    /// A reference to what is not declared.
    #[error("{place}: {name} refers to nothing that this template declares")]
    UnknownName {
        /// Where it is in the template.
        place: String,
        /// Its name.
        name: String,
    },
    /// A `Fn::GetAtt` of an attribute that is not evaluated here.
    #[error("{place}: no attribute {attribute} of {resource} is known here")]
    UnknownAttribute {
        /// Where it is in the template.
        place: String,
        /// Logical id of the resource.
        resource: String,
        /// The attribute.
        attribute: String,
    },
    /// A reference to a resource of a type that has no name here.
    #[error("{place}: {resource} is a {kind}, which cannot be referred to here")]
    NotRunHere {
        /// Where it is in the template.
        place: String,
        /// Logical id of the resource.
        resource: String,
        /// The resource's type.
        kind: String,
    },
    /// A parameter that must be given.
    #[error("Parameters.{name}: has no Default, and no value is given for it")]
    ParameterWithoutValue {
        /// Its name.
        name: String,
    },
    /// A chain of references without end.
    #[error("{place}: refers to itself")]
    Circular {
        /// Where it is in the template.
        place: String,
    },
    /// A value of the right shape that cannot be used.
    #[error("{place}: {problem}")]
    Invalid {
        /// Where it is in the template.
        place: String,
        /// Why not.
        problem: String,
    },
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
