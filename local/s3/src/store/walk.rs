//! All keys of a bucket in the order S3 lists them (UTF-8 bytes), without reading folders that
//! cannot matter.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use super::read::is_absence;

/// What the walk asks on its way.
pub(super) trait Visitor {
    /// Whether any key that begins with `prefix` (it ends in `/`) can matter.
    fn wants(&self, prefix: &str) -> bool;
    /// The next key.
    fn key(&mut self, key: String) -> io::Result<ControlFlow<()>>;
}

/// Visits the keys below `folder`, whose keys begin with `prefix`. A folder that vanishes on the
/// way is an empty one.
pub(super) fn walk(folder: &Path, prefix: &str, visitor: &mut impl Visitor) -> io::Result<ControlFlow<()>> {
    for (name, is_folder) in entries(folder)? {
        let key = format!("{prefix}{name}");
        let flow = match is_folder {
            true if !visitor.wants(&key) => continue,
            true => walk(&folder.join(name.trim_end_matches('/')), &key, visitor)?,
            false => visitor.key(key)?,
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Names and whether each is a folder. A folder's name ends in `/`, and so it sorts where its keys
/// do: `a.txt` comes before `a/b`, since `.` is less than `/`.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<(String, bool)>> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if is_absence(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut entries = Vec::new();
    for entry in listed {
        let entry = entry?;
        let kind = entry.file_type()?;
        // A name that is no UTF-8 is no key: somebody else put it there.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if kind.is_dir() {
            entries.push((format!("{name}/"), true));
        } else if kind.is_file() {
            entries.push((name, false));
        }
    }
    entries.sort();
    Ok(entries)
}
