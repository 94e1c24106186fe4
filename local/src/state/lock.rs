//! One stack a state folder. The kernel drops the lock when its holder ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use super::StateError;

/// The file that is locked; it holds the process id of the stack.
pub(super) const FILE_NAME: &str = "lock";

/// Takes the lock of the folder `root`, or tells who has it.
pub(super) fn acquire(root: &Path) -> Result<File, StateError> {
    let path = root.join(FILE_NAME);
    let unusable = |source| StateError::Unusable { path: root.to_owned(), source };
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StateError::InUse { path: root.to_owned(), pid: holder(&mut file) });
        }
        Err(TryLockError::Error(source)) => return Err(unusable(source)),
    }
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(unusable)?;
    Ok(file)
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
