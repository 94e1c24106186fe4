//! The executables that are measured: built as they are deployed, beside the control and the local stack.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is deployed: package and binary.
pub(crate) const FUNCTIONS: [(&str, &str); 4] = [
    ("gateway", "gateway"),
    ("gateway", "gateway-worker"),
    ("manager-agent", "manager-agent"),
    ("delivery", "delivery"),
];

/// The control.
pub(crate) const HELLO: &str = "hello";

/// What the harness itself needs.
const TOOLS: [&str; 2] = ["local", "gatewayctl"];

/// Builds everything and puts it into one folder.
///
/// `quick` takes what `cargo test --workspace` has built, which says little about speed and shows that the harness
/// works. Otherwise functions and control are built with the profile `lambda`, package by package as for a deployment,
/// and the tools as this harness was.
///
/// # Errors
/// Something does not build.
pub(crate) fn build(quick: bool) -> io::Result<PathBuf> {
    let target = target()?;
    let (deployed, tools) = if quick { ("debug", "debug") } else { ("lambda", "release") };
    let functions = FUNCTIONS.iter().map(|(_, binary)| *binary);
    if quick {
        let binaries: Vec<&str> = functions.clone().chain(TOOLS).chain([HELLO]).collect();
        build_of(&[], &binaries)?;
    } else {
        let packages = ["gateway", "manager-agent", "delivery"];
        let chosen = packages.iter().flat_map(|package| ["--package", package]);
        let options: Vec<&str> = ["--profile", "lambda"].into_iter().chain(chosen).collect();
        build_of(&options, &functions.clone().collect::<Vec<_>>())?;
        build_of(&["--profile", "lambda", "--package", HELLO], &[HELLO])?;
        build_of(&["--release"], &TOOLS)?;
    }
    let folder = target.join("bench").join(if quick { "quick" } else { "deployed" });
    std::fs::create_dir_all(&folder)?;
    for binary in functions.chain([HELLO]) {
        link(&target.join(deployed).join(binary), &folder.join(binary))?;
    }
    for binary in TOOLS {
        link(&target.join(tools).join(binary), &folder.join(binary))?;
    }
    Ok(folder)
}

/// The folder that cargo builds into: this program lies in a profile's folder of it.
pub(crate) fn target() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    program
        .parent()
        .and_then(Path::parent)
        .map(Path::to_owned)
        .ok_or_else(|| io::Error::other("no target folder"))
}

/// Cargo, in the folder of the workspace.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command
}

fn build_of(options: &[&str], binaries: &[&str]) -> io::Result<()> {
    let mut command = cargo();
    command.args(["build", "--locked"]).args(options).args(binaries.iter().flat_map(|name| ["--bin", name]));
    command.env("CARGO_TARGET_DIR", target()?);
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("cargo build: {status}"))) }
}

fn link(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::remove_file(to) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    std::fs::hard_link(from, to)
}
