//! The shipped binaries, built once for all tests of a process.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a stack consists of.
const BINARIES: [&str; 6] = ["local", "gateway", "gateway-worker", "manager-agent", "delivery", "gatewayctl"];

/// The workspace's folder.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder with the binaries. The first call builds them: a moment when they are fresh, and never a test
/// of yesterday's code.
///
/// # Panics
/// They do not build.
#[must_use]
pub fn binaries() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let choice = BINARIES.iter().flat_map(|name| ["--bin", name]);
        let status =
            Command::new(cargo).args(["build", "--quiet"]).args(choice).current_dir(workspace()).status();
        assert!(status.unwrap().success(), "the binaries do not build");
        // A test lies in target/<profile>/deps, a program in target/<profile>.
        let program = std::env::current_exe().unwrap();
        let beside = program.ancestors().find(|folder| folder.join("gateway-worker").is_file());
        beside.unwrap().to_owned()
    })
}
