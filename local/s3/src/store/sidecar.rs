//! What is known of an object beside its bytes, and how it stays true when a write is interrupted.
//!
//! The content is a plain file, so its metadata lives in a second file, and two files cannot be
//! replaced in one step. Therefore the sidecar is written **first** and describes two versions: the
//! one about to appear and the one still there. The rename of the content is then the moment the
//! write happens. Which entry speaks for the content is decided by the content file's own
//! modification time and size: the store gives every version a time of its own. If no entry fits
//! (a file changed by hand, a sidecar lost), the ETag is computed from the bytes.
//!
//! An object whose attributes follow from its name and bytes has no sidecar: creating a file is the dearest
//! step of a write, and almost every object here is a JSON document written by an AWS SDK.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use s3s::crypto::{Checksum as _, Crc32};
use serde::{Deserialize, Serialize};

/// The caller's headers that come back with the object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache_control: Option<String>,
    /// `x-amz-meta-*`, names without the prefix.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) user: BTreeMap<String, String>,
    /// Checksums that the writer sent and that were verified: algorithm (`crc32`, …) to base64.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) checksums: BTreeMap<String, String>,
}

impl Attributes {
    /// What an object without a sidecar has: as a JSON document, what the AWS SDKs send with one by
    /// default, which is its type and its CRC-32; as any other file, nothing.
    pub(super) fn unrecorded(file: &Path, content: &[u8]) -> Self {
        if file.extension().is_none_or(|extension| extension != "json") {
            return Self::default();
        }
        let crc32 = STANDARD.encode(Crc32::checksum(content));
        Self {
            content_type: Some("application/json".into()),
            checksums: BTreeMap::from([("crc32".into(), crc32)]),
            ..Self::default()
        }
    }
}

/// One version of an object, bound to a content file by time and size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    /// Modification time of the content file, nanoseconds since 1970.
    pub(crate) modified_ns: u64,
    /// Length of the content file in bytes.
    pub(crate) size: u64,
    /// MD5 of the content, lower-case hex.
    pub(crate) etag: String,
    #[serde(default)]
    pub(crate) attributes: Attributes,
}

/// The metadata file: the version being written and the one it replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sidecar {
    /// Newest first, at most two.
    pub(crate) versions: Vec<Version>,
}

impl Sidecar {
    /// A sidecar for `new` that still speaks for `replaced` until the content is renamed.
    pub(crate) fn announcing(new: Version, replaced: Option<Version>) -> Self {
        Self { versions: std::iter::once(new).chain(replaced).collect() }
    }

    /// The version that a content file with this time and size is.
    pub(crate) fn version_of(self, modified_ns: u64, size: u64) -> Option<Version> {
        self.versions.into_iter().find(|version| version.modified_ns == modified_ns && version.size == size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(modified_ns: u64, etag: &str) -> Version {
        Version { modified_ns, size: 3, etag: etag.into(), attributes: Attributes::default() }
    }

    #[test]
    fn a_sidecar_speaks_for_the_old_content_until_the_new_one_is_in_place() {
        let sidecar = Sidecar::announcing(version(2, "new"), Some(version(1, "old")));
        assert_eq!(sidecar.clone().version_of(1, 3).unwrap().etag, "old");
        assert_eq!(sidecar.version_of(2, 3).unwrap().etag, "new");
    }

    #[test]
    fn a_content_that_was_changed_by_hand_has_no_version() {
        let sidecar = Sidecar::announcing(version(2, "new"), None);
        assert_eq!(sidecar.clone().version_of(3, 3), None);
        assert_eq!(sidecar.version_of(2, 4), None);
    }
}
