//! The marker that tells a state folder from any other folder, and one layout from the next.

use std::path::Path;
use std::{fs, io};

use super::{StateError, lock};

/// Raised whenever a stack could not read what an older one has written.
const VERSION: u32 = 1;

const FILE_NAME: &str = "state-version";
const PREFIX: &str = "revops-webhook-gateway local state ";

/// Refuses a folder with content that no stack has written.
pub(super) fn check_is_ours(root: &Path) -> Result<(), StateError> {
    let unusable = |source| StateError::Unusable { path: root.to_owned(), source };
    if read(root).map_err(unusable)?.is_some_and(|text| text.starts_with(PREFIX)) {
        return Ok(());
    }
    for entry in fs::read_dir(root).map_err(unusable)? {
        // A stack that was killed while it created the folder leaves nothing but its lock.
        if entry.map_err(unusable)?.file_name() != lock::FILE_NAME {
            return Err(StateError::NotOurs { path: root.to_owned() });
        }
    }
    Ok(())
}

/// Refuses another version's layout, and marks a new folder.
pub(super) fn check_or_write(root: &Path) -> Result<(), StateError> {
    let unusable = |source| StateError::Unusable { path: root.to_owned(), source };
    match read(root).map_err(unusable)? {
        None => fs::write(root.join(FILE_NAME), format!("{PREFIX}{VERSION}\n")).map_err(unusable),
        Some(text) => {
            let found = text.strip_prefix(PREFIX).unwrap_or_default().trim();
            if found == VERSION.to_string() {
                return Ok(());
            }
            let found = found.to_owned();
            Err(StateError::OtherVersion { path: root.to_owned(), found, supported: VERSION })
        }
    }
}

fn read(root: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(root.join(FILE_NAME)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
