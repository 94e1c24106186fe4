//! Finds the workspace whose functions are run, at run time: a copied binary works as well.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folder of the nearest `Cargo.toml` with a `[workspace]`, looked for upward from each of `starts` in turn.
pub(crate) fn find<'a>(starts: impl IntoIterator<Item = &'a Path>) -> Option<PathBuf> {
    starts.into_iter().flat_map(Path::ancestors).find(|folder| is_workspace(folder)).map(Path::to_owned)
}

fn is_workspace(folder: &Path) -> bool {
    let manifest: io::Result<String> = fs::read_to_string(folder.join("Cargo.toml"));
    manifest.is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_found_from_a_folder_deep_inside_it() {
        let root = tempfile::tempdir().unwrap();
        let inside = root.path().join("local/src");
        fs::create_dir_all(&inside).unwrap();
        fs::write(root.path().join("local/Cargo.toml"), "[package]\n").unwrap();
        assert_eq!(find([inside.as_path()]), None);
        fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
        assert_eq!(find([inside.as_path()]), Some(root.path().to_owned()));
        assert_eq!(find([Path::new("/nowhere"), inside.as_path()]), Some(root.path().to_owned()));
    }
}
