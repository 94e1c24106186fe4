//! `cargo local`: see `local --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    local::main()
}
