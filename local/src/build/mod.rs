//! Gets the function binaries: built by cargo, with progress, or taken from a folder.

mod error;
mod messages;
mod progress;
mod total;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub(crate) use error::BuildError;

use messages::Message;
use progress::Progress;

/// What to build, and how.
pub(crate) struct Build<'a> {
    /// The workspace's folder.
    pub(crate) workspace: &'a Path,
    /// Cargo profile.
    pub(crate) profile: &'a str,
    /// Names of the binaries.
    pub(crate) binaries: &'a BTreeSet<String>,
    /// Arguments put before `cargo`, so that it ends with the stack.
    pub(crate) launcher: &'a [OsString],
    /// Whether somebody watches: then cargo draws its own progress bar.
    pub(crate) on_terminal: bool,
}

impl Build<'_> {
    /// Builds the binaries and tells where each of them is. Dropping the future stops cargo.
    ///
    /// Without `--package`, cargo gives the dependencies the features that the whole workspace asks for, which
    /// are those of `cargo test --workspace`: what one command has compiled, the other does not compile again.
    pub(crate) async fn run(&self) -> Result<BTreeMap<String, PathBuf>, BuildError> {
        let total = if self.on_terminal { None } else { total::crates(self).await };
        let mut cargo = self.spawn()?;
        let mut progress = Progress::new(self.on_terminal, total);
        let built = self.follow(&mut cargo, &mut progress).await?;
        let status = cargo.wait().await.map_err(BuildError::Cargo)?;
        if !status.success() {
            return Err(BuildError::Failed { status });
        }
        progress.finish();
        self.check_complete(built)
    }

    fn spawn(&self) -> Result<Child, BuildError> {
        let mut command = self.cargo();
        command.args(["build", "--message-format=json-render-diagnostics", "--profile", self.profile]);
        if !self.on_terminal {
            command.arg("--quiet");
        }
        for binary in self.binaries {
            command.args(["--bin", binary]);
        }
        command.stdout(Stdio::piped()).spawn().map_err(BuildError::Cargo)
    }

    /// The cargo that runs this stack, or the one on the path; it ends when the stack does.
    fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut words = self.launcher.iter().cloned().chain([cargo]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).current_dir(self.workspace).stdin(Stdio::null()).kill_on_drop(true);
        // `cargo run` describes the package `local` to it; build scripts of others must not see that.
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR")
            {
                command.env_remove(name);
            }
        }
        command
    }

    async fn follow(
        &self,
        cargo: &mut Child,
        progress: &mut Progress,
    ) -> Result<BTreeMap<String, PathBuf>, BuildError> {
        let mut built = BTreeMap::new();
        let Some(stdout) = cargo.stdout.take() else {
            return Ok(built);
        };
        let mut lines = BufReader::new(stdout).lines();
        loop {
            let line = tokio::select! {
                line = lines.next_line() => line.map_err(BuildError::Cargo)?,
                () = progress.tick() => {
                    progress.show();
                    continue;
                }
            };
            match line.as_deref().map(messages::parse) {
                None => return Ok(built),
                Some(Message::Binary { package, name, executable }) => {
                    progress.compiled(package);
                    built.insert(name, executable);
                }
                Some(Message::Crate { package }) => progress.compiled(package),
                Some(Message::Other) => {}
            }
        }
    }

    fn check_complete(
        &self,
        mut built: BTreeMap<String, PathBuf>,
    ) -> Result<BTreeMap<String, PathBuf>, BuildError> {
        built.retain(|name, _| self.binaries.contains(name));
        match self.binaries.iter().find(|name| !built.contains_key(*name)) {
            Some(missing) => Err(BuildError::NotBuilt { binary: missing.clone() }),
            None => Ok(built),
        }
    }
}

/// The binaries in `folder`, which were built before.
pub(crate) fn prebuilt(
    folder: &Path,
    binaries: &BTreeSet<String>,
) -> Result<BTreeMap<String, PathBuf>, BuildError> {
    let absent =
        |binary: &String| BuildError::NotInFolder { binary: binary.clone(), folder: folder.to_owned() };
    binaries
        .iter()
        .map(|binary| match folder.join(binary).canonicalize() {
            Ok(path) if path.is_file() => Ok((binary.clone(), path)),
            Ok(_) | Err(_) => Err(absent(binary)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prebuilt_binary_that_is_absent_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("gateway"), "").unwrap();
        let binaries = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(prebuilt(folder.path(), &binaries(&["gateway"])).unwrap().len(), 1);
        let error = prebuilt(folder.path(), &binaries(&["delivery", "gateway"])).unwrap_err();
        assert!(error.to_string().contains("no binary delivery in"), "{error}");
    }
}
