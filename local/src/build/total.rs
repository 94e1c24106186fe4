//! How many crates a build has in all, so that its progress has an end in sight.

use std::collections::HashSet;
use std::process::Stdio;

use serde::Deserialize;

use super::Build;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Counts the crates below the packages of the wanted binaries; `None` where cargo would not say, since a build
/// can go on without.
pub(super) async fn crates(build: &Build<'_>) -> Option<usize> {
    let metadata = output(build, &["metadata", "--no-deps", "--format-version=1"]).await?;
    let metadata: Metadata = serde_json::from_str(&metadata).ok()?;
    let mut arguments = vec!["tree", "--quiet", "--edges=normal,build", "--prefix=none"];
    for package in metadata.packages.iter().filter(|package| package.has_one_of(build)) {
        arguments.extend(["--package", &package.name]);
    }
    Some(distinct_crates(&output(build, &arguments).await?))
}

impl Package {
    fn has_one_of(&self, build: &Build<'_>) -> bool {
        let is_binary = |target: &Target| target.kind.iter().any(|kind| kind == "bin");
        self.targets.iter().any(|target| is_binary(target) && build.binaries.contains(&target.name))
    }
}

async fn output(build: &Build<'_>, arguments: &[&str]) -> Option<String> {
    let output = build.cargo().args(arguments).stderr(Stdio::null()).output().await.ok()?;
    String::from_utf8(output.stdout).ok().filter(|_| output.status.success())
}

/// `cargo tree` repeats a crate wherever it is used, marked by `(*)`.
fn distinct_crates(tree: &str) -> usize {
    let lines = tree.lines().map(|line| line.trim_end_matches("(*)").trim());
    lines.filter(|line| !line.is_empty()).collect::<HashSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_is_used_twice_counts_once() {
        assert_eq!(distinct_crates("gateway v0.1.0 (/w)\nbytes v1.0.0\nbytes v1.0.0 (*)\n\n"), 2);
    }
}
