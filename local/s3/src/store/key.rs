//! From an object key to file names below the root, or a refusal. Pure.
//!
//! A key is a sequence of segments divided by `/`. It is stored only if every segment is a plain
//! file name; everything else (`..`, `.`, empty segments, NUL, names too long for a file system) is
//! refused, so that no key leads outside its bucket's folder. S3 itself would store such keys: the
//! product never writes one.

use std::path::{Path, PathBuf};

/// Longest segment, in bytes: file systems allow 255, and the metadata file's name adds an ending.
const MAX_SEGMENT_BYTES: usize = 240;

/// Why a key cannot be stored as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    /// Empty key, leading, trailing or doubled slash.
    #[error("a key here has no empty segment: no leading, trailing or doubled slash")]
    EmptySegment,
    /// `.` or `..`.
    #[error("a key here has no segment `.` or `..`")]
    DotSegment,
    /// A NUL byte.
    #[error("a key here has no NUL byte")]
    Nul,
    /// A segment above the limit.
    #[error("a segment of a key here has at most 240 bytes")]
    SegmentTooLong,
}

/// Where one object lives, relative to the folders of its bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyPath {
    /// The content: the key itself.
    pub(crate) content: PathBuf,
    /// The metadata: folders end in `.d` and the file in `.json`, so that the keys `a` and
    /// `a.json/b` do not collide.
    pub(crate) sidecar: PathBuf,
}

impl KeyPath {
    /// Checks the key and derives its two paths.
    pub(crate) fn parse(key: &str) -> Result<Self, KeyError> {
        let segments: Vec<&str> = key.split('/').collect();
        segments.iter().try_for_each(|segment| check(segment))?;
        let (name, folders) = segments.split_last().ok_or(KeyError::EmptySegment)?;
        let mut sidecar: PathBuf = folders.iter().map(|folder| format!("{folder}.d")).collect();
        sidecar.push(format!("{name}.json"));
        Ok(Self { content: Path::new(key).to_path_buf(), sidecar })
    }
}

fn check(segment: &str) -> Result<(), KeyError> {
    match segment {
        "" => Err(KeyError::EmptySegment),
        "." | ".." => Err(KeyError::DotSegment),
        _ if segment.contains('\0') => Err(KeyError::Nul),
        _ if segment.len() > MAX_SEGMENT_BYTES => Err(KeyError::SegmentTooLong),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Component;

    #[test]
    fn a_key_becomes_folders_and_a_file() {
        let path = KeyPath::parse("conversations/1/query.json").unwrap();
        assert_eq!(path.content, Path::new("conversations/1/query.json"));
        assert_eq!(path.sidecar, Path::new("conversations.d/1.d/query.json.json"));
    }

    #[test]
    fn keys_that_are_no_path_are_refused() {
        for key in ["", "/", "/a", "a/", "a//b"] {
            assert_eq!(KeyPath::parse(key), Err(KeyError::EmptySegment), "{key:?}");
        }
        for key in ["..", ".", "../a", "a/../b", "a/..", "./a"] {
            assert_eq!(KeyPath::parse(key), Err(KeyError::DotSegment), "{key:?}");
        }
        assert_eq!(KeyPath::parse("a\0b"), Err(KeyError::Nul));
        assert_eq!(KeyPath::parse(&"a".repeat(241)), Err(KeyError::SegmentTooLong));
        assert!(KeyPath::parse(&"a".repeat(240)).is_ok());
    }

    #[test]
    fn names_that_only_look_special_are_kept() {
        for key in ["...", "..a", "a..", "-", "\\..\\a", "ключ/鍵", " ", "a\nb"] {
            assert!(KeyPath::parse(key).is_ok(), "{key:?}");
        }
    }

    proptest! {
        #[test]
        fn no_accepted_key_leaves_its_folder(key in "[a./\\\\\\x00é-]{0,12}") {
            if let Ok(path) = KeyPath::parse(&key) {
                for part in [&path.content, &path.sidecar] {
                    prop_assert!(part.components().all(|c| matches!(c, Component::Normal(_))));
                }
                prop_assert_eq!(path.content.to_str(), Some(key.as_str()));
            }
        }
    }
}
