//! Reading an object: its bytes, and which version they are.

use std::fs::{self, File};
use std::io::{self, Read};
use std::time::SystemTime;

use s3s::crypto::{Checksum as _, Md5};

use super::sidecar::{Sidecar, Version};
use super::{Attributes, ObjectFiles, ObjectInfo, Store, StoreError};
use crate::clock::nanoseconds;

/// What the file system says of a content file.
pub(super) struct Found {
    pub(super) modified: SystemTime,
    pub(super) size: u64,
}

impl Store {
    /// The object and its bytes.
    pub(crate) fn get(&self, bucket: &str, key: &str) -> Result<(ObjectInfo, Vec<u8>), StoreError> {
        let files = self.existing_files(bucket, key)?;
        let _turn = self.reading(&files);
        let found = find(&files)?.ok_or(StoreError::NoSuchKey)?;
        let content = read_content(&files, found.size)?;
        let info = match recorded(&files, &found)? {
            Some(version) => info(found.modified, version),
            None => derived(&files, &found, &content),
        };
        Ok((info, content))
    }

    /// The object without its bytes.
    pub(crate) fn head(&self, bucket: &str, key: &str) -> Result<ObjectInfo, StoreError> {
        let files = self.existing_files(bucket, key)?;
        let _turn = self.reading(&files);
        self.info(&files)?.ok_or(StoreError::NoSuchKey)
    }

    /// The object's description, for a caller who has the turn.
    pub(super) fn info(&self, files: &ObjectFiles) -> Result<Option<ObjectInfo>, StoreError> {
        let Some(found) = find(files)? else { return Ok(None) };
        Ok(Some(match recorded(files, &found)? {
            Some(version) => info(found.modified, version),
            None => derived(files, &found, &read_content(files, found.size)?),
        }))
    }

    /// The files of a key that is to be read: a key that cannot be stored does not exist.
    fn existing_files(&self, bucket: &str, key: &str) -> Result<ObjectFiles, StoreError> {
        self.require_bucket(bucket)?;
        self.files(bucket, key).map_err(|_| StoreError::NoSuchKey)
    }
}

/// Looks for the content file. A folder is no object.
pub(super) fn find(files: &ObjectFiles) -> io::Result<Option<Found>> {
    match fs::symlink_metadata(&files.content) {
        Ok(metadata) if metadata.is_file() => {
            Ok(Some(Found { modified: metadata.modified()?, size: metadata.len() }))
        }
        Ok(_) => Ok(None),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The recorded version of the content that is there, if the sidecar knows it. A sidecar that
/// cannot be read as one counts as missing: the content speaks for itself.
pub(super) fn recorded(files: &ObjectFiles, found: &Found) -> io::Result<Option<Version>> {
    let text = match fs::read(&files.sidecar) {
        Ok(text) => text,
        Err(error) if is_absence(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let sidecar: Option<Sidecar> = serde_json::from_slice(&text).ok();
    Ok(sidecar.and_then(|sidecar| sidecar.version_of(nanoseconds(found.modified), found.size)))
}

fn read_content(files: &ObjectFiles, size: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or(0).min(crate::MAX_OBJECT_BYTES));
    File::open(&files.content)?.take(size).read_to_end(&mut content)?;
    Ok(content)
}

fn info(modified: SystemTime, version: Version) -> ObjectInfo {
    ObjectInfo { etag: version.etag, size: version.size, modified, attributes: version.attributes }
}

fn derived(files: &ObjectFiles, found: &Found, content: &[u8]) -> ObjectInfo {
    ObjectInfo {
        etag: md5_hex(content),
        size: found.size,
        modified: found.modified,
        attributes: Attributes::unrecorded(&files.content, content),
    }
}

/// S3's ETag of an object written in one piece.
pub(super) fn md5_hex(content: &[u8]) -> String {
    hex::encode(Md5::checksum(content))
}

/// No such file, or a file where the path needs a folder.
pub(super) fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
