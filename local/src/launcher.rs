//! The small program that every child of the stack starts as: it ties the child's life to the stack's, then
//! becomes the child. So nothing is left behind even when the stack is killed with -9.
//!
//! It is this very executable with other arguments: `local <WORD> <pid of the stack> -- <executable> [argument…]`.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

/// First argument that makes this executable a launcher. No flag of the command line looks like it.
const WORD: &str = "__launch";

/// The arguments to put before a child's executable.
pub(crate) fn prefix(this_executable: &Path, stack_pid: u32) -> Vec<OsString> {
    let words = [OsString::from(WORD), stack_pid.to_string().into(), "--".into()];
    std::iter::once(this_executable.as_os_str().to_owned()).chain(words).collect()
}

/// What this process was started to launch; `None` if it was started as the stack.
pub(crate) fn requested(arguments: &[OsString]) -> Option<Launch<'_>> {
    match arguments {
        [_, word, pid, dashes, command @ ..] if word == WORD && dashes == "--" => {
            let stack_pid = pid.to_str().and_then(|pid| pid.parse().ok())?;
            let (executable, arguments) = command.split_first()?;
            Some(Launch { stack_pid, executable, arguments })
        }
        _ => None,
    }
}

/// One child to become.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Launch<'a> {
    stack_pid: i32,
    executable: &'a OsStr,
    arguments: &'a [OsString],
}

impl Launch<'_> {
    /// Becomes the child. Returns only if that failed.
    pub(crate) fn become_child(&self) -> io::Error {
        use std::os::unix::process::CommandExt;

        if let Err(error) = die_with_parent(self.stack_pid) {
            return error;
        }
        std::process::Command::new(self.executable).args(self.arguments).exec()
    }
}

/// Has the kernel kill this process when its parent ends. The parent may have ended just before: then this
/// process has another parent by now, and must not start at all.
#[cfg(target_os = "linux")]
fn die_with_parent(stack_pid: i32) -> io::Result<()> {
    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

    set_parent_process_death_signal(Some(Signal::KILL))?;
    if getppid().map(Pid::as_raw_nonzero).map(i32::from) == Some(stack_pid) {
        Ok(())
    } else {
        Err(io::Error::other("the stack that wanted this process is gone"))
    }
}

/// Without such a signal a function still ends by itself: its Runtime API is gone.
#[cfg(not(target_os = "linux"))]
fn die_with_parent(_stack_pid: i32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_before_an_executable_is_understood_as_a_launch() {
        let mut arguments = prefix(Path::new("/x/local"), 42);
        arguments.extend(["/x/gateway".into(), "--flag".into()]);
        let launch = requested(&arguments).unwrap();
        assert_eq!((launch.stack_pid, launch.executable), (42, OsStr::new("/x/gateway")));
        assert_eq!(launch.arguments, ["--flag"]);
    }

    #[test]
    fn the_stack_s_own_flags_are_no_launch() {
        let arguments: Vec<OsString> = ["local", "--port", "0"].map(OsString::from).to_vec();
        assert_eq!(requested(&arguments), None);
        assert_eq!(requested(&prefix(Path::new("local"), 1)), None);
    }
}
