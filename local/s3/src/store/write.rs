//! Writing and deleting an object, atomically for every reader and for whoever opens the store
//! after a crash.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use super::read::{find, is_absence, md5_hex, recorded};
use super::sidecar::{Sidecar, Version};
use super::{Attributes, ObjectFiles, ObjectInfo, Store, StoreError};
use crate::clock::nanoseconds;
use crate::condition::WriteCondition;

/// A delete of a neighbour may remove an empty folder between its creation and the rename into it.
const RENAME_TRIES: u32 = 16;

/// What is about to be written.
struct NewVersion {
    etag: String,
    attributes: Attributes,
    /// Nothing about it needs recording: name and bytes say it all.
    plain: bool,
}

impl Store {
    /// Stores the content under the key if the condition holds.
    pub(crate) fn put(
        &self,
        bucket: &str,
        key: &str,
        content: &[u8],
        attributes: Attributes,
        condition: &WriteCondition,
    ) -> Result<ObjectInfo, StoreError> {
        self.require_bucket(bucket)?;
        let files = self.files(bucket, key)?;
        let plain = attributes == Attributes::unrecorded(&files.content, content);
        let version = NewVersion { etag: md5_hex(content), attributes, plain };
        let prepared = self.temporary_content(content)?;
        let written = {
            let _turn = self.writing(&files);
            self.judge(&files, condition).and_then(|()| self.replace(&files, &prepared, version))
        };
        if written.is_err() {
            let _ = fs::remove_file(&prepared);
        }
        written
    }

    /// Removes the object if it exists; a condition is judged only against an object that does.
    pub(crate) fn delete(
        &self,
        bucket: &str,
        key: &str,
        condition: &WriteCondition,
    ) -> Result<(), StoreError> {
        self.require_bucket(bucket)?;
        let Ok(files) = self.files(bucket, key) else { return Ok(()) };
        let _turn = self.writing(&files);
        if find(&files)?.is_none() {
            return Ok(());
        }
        self.judge(&files, condition)?;
        fs::remove_file(&files.content)?;
        match fs::remove_file(&files.sidecar) {
            Err(error) if !is_absence(&error) => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        prune(&files.content, &files.keep[0]);
        prune(&files.sidecar, &files.keep[1]);
        Ok(())
    }

    fn judge(&self, files: &ObjectFiles, condition: &WriteCondition) -> Result<(), StoreError> {
        let verdict = if condition.compares_etags() {
            condition.judge(self.info(files)?.map(|info| info.etag).as_deref())
        } else {
            condition.judge(find(files)?.map(|_| ""))
        };
        Ok(verdict?)
    }

    /// Sidecar first, content second: see `sidecar` for why. The time is given here, under the
    /// key's lock, so that later versions have later times.
    fn replace(
        &self,
        files: &ObjectFiles,
        prepared: &Path,
        new: NewVersion,
    ) -> Result<ObjectInfo, StoreError> {
        let NewVersion { etag, attributes, plain } = new;
        make_way(&files.content)?;
        let (modified, size) = stamp(prepared, self.clock.unique())?;
        // A sidecar of an earlier version is kept up to date, so that it never speaks for the wrong bytes.
        if !plain || files.sidecar.exists() {
            let replaced = match find(files)? {
                Some(found) => recorded(files, &found)?,
                None => None,
            };
            let (etag, attributes) = (etag.clone(), attributes.clone());
            let version = Version { modified_ns: nanoseconds(modified), size, etag, attributes };
            self.write_sidecar(files, &Sidecar::announcing(version, replaced))?;
        }
        rename_into_place(prepared, &files.content)?;
        Ok(ObjectInfo { etag, size, modified, attributes })
    }

    fn write_sidecar(&self, files: &ObjectFiles, sidecar: &Sidecar) -> Result<(), StoreError> {
        let text = serde_json::to_vec(sidecar).map_err(io::Error::other)?;
        let temporary = self.temporary_content(&text)?;
        rename_into_place(&temporary, &files.sidecar)
    }

    fn temporary_content(&self, content: &[u8]) -> io::Result<PathBuf> {
        let number = self.temporary_files.fetch_add(1, Ordering::Relaxed);
        let path = self.root.join(".tmp").join(number.to_string());
        File::create_new(&path)?.write_all(content)?;
        Ok(path)
    }
}

/// Gives the file its time and says what the file system kept of it.
fn stamp(path: &Path, time: SystemTime) -> io::Result<(SystemTime, u64)> {
    let file = File::options().write(true).open(path)?;
    file.set_modified(time)?;
    let metadata = file.metadata()?;
    Ok((metadata.modified()?, metadata.len()))
}

/// A folder where the content is to go: an empty one is a left-over, any other holds longer keys.
fn make_way(content: &Path) -> Result<(), StoreError> {
    if !content.is_dir() {
        return Ok(());
    }
    match fs::remove_dir(content) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::KeyIsFolder),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn rename_into_place(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && tries < RENAME_TRIES => {
                create_parents(to)?;
            }
            Err(error) if is_folder_conflict(&error) => return Err(StoreError::KeyIsFolder),
            other => return Ok(other?),
        }
    }
}

/// Makes the folders above `path`. A neighbour that removes one of them at this moment, since its own object
/// there is gone, makes it fail although nothing is in the way: the caller tries again.
fn create_parents(path: &Path) -> Result<(), StoreError> {
    use io::ErrorKind::{AlreadyExists, NotFound};
    let Some(folder) = path.parent() else { return Ok(()) };
    match fs::create_dir_all(folder) {
        Err(error) if error.kind() == NotFound => Ok(()),
        Err(error) if error.kind() == AlreadyExists && !folder.ancestors().any(Path::is_file) => Ok(()),
        Err(error) if is_folder_conflict(&error) => Err(StoreError::KeyIsFolder),
        other => Ok(other?),
    }
}

fn is_folder_conflict(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};
    matches!(error.kind(), NotADirectory | IsADirectory | AlreadyExists)
}

/// Removes the folders that a deleted file leaves empty, up to the bucket's own. A folder that is
/// not empty ends it.
fn prune(file: &Path, keep: &Path) {
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != keep);
    for folder in folders {
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("s3")).unwrap();
        store.create_bucket("records").unwrap();
        (folder, store)
    }

    fn text(content_type: &str) -> Attributes {
        Attributes { content_type: Some(content_type.into()), ..Default::default() }
    }

    #[test]
    fn a_write_that_dies_between_sidecar_and_content_leaves_the_old_object_whole() {
        let (_folder, store) = store();
        store.put("records", "a/b", b"old", text("text/old"), &WriteCondition::Always).unwrap();
        let files = store.files("records", "a/b").unwrap();
        let found = find(&files).unwrap().unwrap();
        let replaced = recorded(&files, &found).unwrap();
        let new = Version { modified_ns: 1, size: 3, etag: md5_hex(b"new"), attributes: text("text/new") };
        store.write_sidecar(&files, &Sidecar::announcing(new, replaced)).unwrap();

        let (info, content) = store.get("records", "a/b").unwrap();
        assert_eq!(content, b"old");
        assert_eq!(info.etag, md5_hex(b"old"));
        assert_eq!(info.attributes, text("text/old"));
        let swap = WriteCondition::MustBe(md5_hex(b"old"));
        store.put("records", "a/b", b"next", text("text/next"), &swap).unwrap();
        assert_eq!(store.head("records", "a/b").unwrap().attributes, text("text/next"));
    }

    #[test]
    fn a_content_without_its_sidecar_still_has_the_right_etag() {
        let (_folder, store) = store();
        store.put("records", "a", b"one", text("text/x"), &WriteCondition::Always).unwrap();
        let files = store.files("records", "a").unwrap();
        fs::remove_file(&files.sidecar).unwrap();
        assert_eq!(store.head("records", "a").unwrap().etag, md5_hex(b"one"));
        fs::write(&files.sidecar, "not json").unwrap();
        assert_eq!(store.head("records", "a").unwrap().etag, md5_hex(b"one"));
        fs::write(&files.content, "by hand").unwrap();
        assert_eq!(store.head("records", "a").unwrap().etag, md5_hex(b"by hand"));
    }

    #[test]
    fn a_json_document_as_the_sdks_write_it_is_one_file() {
        let (folder, store) = store();
        let plain = Attributes::unrecorded(Path::new("a.json"), b"{}");
        let always = WriteCondition::Always;
        store.put("records", "a.json", b"{}", plain.clone(), &always).unwrap();
        assert_eq!(fs::read_dir(folder.path().join("s3/.meta")).unwrap().count(), 0);
        assert_eq!(store.head("records", "a.json").unwrap().attributes, plain);

        store.put("records", "a.json", b"{}", text("text/html"), &always).unwrap();
        assert_eq!(store.head("records", "a.json").unwrap().attributes, text("text/html"));
        store.put("records", "a.json", b"{}", plain.clone(), &always).unwrap();
        assert_eq!(store.head("records", "a.json").unwrap().attributes, plain);
    }

    #[test]
    fn one_key_is_not_the_folder_of_another() {
        let (_folder, store) = store();
        let put = |key| store.put("records", key, b"x", Attributes::default(), &WriteCondition::Always);
        put("a/b").unwrap();
        assert!(matches!(put("a"), Err(StoreError::KeyIsFolder)));
        assert!(matches!(put("a/b/c"), Err(StoreError::KeyIsFolder)));
        assert!(matches!(store.get("records", "a"), Err(StoreError::NoSuchKey)));
        assert!(matches!(store.get("records", "a/b/c"), Err(StoreError::NoSuchKey)));
        store.delete("records", "a/b", &WriteCondition::Always).unwrap();
        put("a").unwrap();
        put("a.json/x").unwrap();
        assert_eq!(fs::read_dir(store.root.join(".tmp")).unwrap().count(), 0);
    }

    #[test]
    fn a_deleted_object_leaves_no_folders_and_the_bucket_stays() {
        let (_folder, store) = store();
        store.put("records", "a/b/c", b"x", text("t/t"), &WriteCondition::Always).unwrap();
        store.delete("records", "a/b/c", &WriteCondition::Always).unwrap();
        assert_eq!(fs::read_dir(store.root.join("records")).unwrap().count(), 0);
        assert_eq!(fs::read_dir(store.root.join(".meta/records")).unwrap().count(), 0);
    }

    #[test]
    fn neighbours_that_come_and_go_do_not_disturb_a_write() {
        let (_folder, store) = store();
        std::thread::scope(|scope| {
            for name in ["d/x", "d/y", "d/z"] {
                let store = &store;
                scope.spawn(move || {
                    for _ in 0..200 {
                        store.put("records", name, b"x", text("t/t"), &WriteCondition::Always).unwrap();
                        store.delete("records", name, &WriteCondition::Always).unwrap();
                    }
                });
            }
        });
    }
}
