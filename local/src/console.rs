//! What the stack says to whoever started it. A closed pipe is no reason to stop.

use std::io::{self, Write};

/// The result that was asked for: the ready line. Goes to standard output.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Progress and troubles. Go to standard error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
