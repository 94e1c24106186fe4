//! Tests that need an environment of their own. A process reads its environment once, so such a test runs
//! itself again in a child that has it.

use std::process::Command;

/// Set in the child.
const INSIDE: &str = "REVOPS_TEST_CHILD";

/// Whether this is the child.
pub(super) fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Runs the test `name` (its path inside this binary) with `variables`, and passes on how it ended.
pub(super) fn run(name: &str, variables: &[(&str, &str)]) {
    let binary = std::env::current_exe().unwrap();
    let mut command = Command::new(binary);
    command.args(["--exact", name, "--nocapture"]).env(INSIDE, "true").envs(variables.iter().copied());
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    // A name that is no test's would pass: nothing fails where nothing runs.
    assert!(output.status.success() && said.contains("1 passed"), "{name} in a child:\n{said}");
}
