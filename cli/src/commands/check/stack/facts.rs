//! What AWS says of a stack's resources, as plain values.

use std::collections::BTreeMap;

use revops_core::Timestamp;

/// Everything that was looked at, by logical ids; what is not there is none.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The secrets that functions are told to read.
    pub(super) secrets: Vec<Secret>,
    /// How many invocations the account runs at once in this region.
    pub(super) concurrency: u32,
    /// The event source mappings.
    pub(super) mappings: BTreeMap<String, Option<Mapping>>,
    /// The queues' attributes, by SQS's names.
    pub(super) queues: BTreeMap<String, Option<BTreeMap<String, String>>>,
}

/// A secret, of which nothing is read that is one.
#[derive(Debug)]
pub(super) struct Secret {
    /// The variable that names it.
    pub(super) place: String,
    /// Its ARN.
    pub(super) arn: String,
    /// None where there is none.
    pub(super) held: Option<Held>,
}

/// What is known of a secret.
#[derive(Debug)]
pub(super) struct Held {
    /// When it was last changed; none where Secrets Manager does not say.
    pub(super) changed: Option<Timestamp>,
    /// Whether it is to be deleted; its value cannot be read any more.
    pub(super) is_deleted: bool,
}

/// An event source mapping.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Its id, by which AWS's tools call it.
    pub(super) uuid: String,
    /// Such as `Enabled`.
    pub(super) state: String,
    /// Concurrent invocations at most; none for no bound.
    pub(super) maximum_concurrency: Option<u32>,
}
