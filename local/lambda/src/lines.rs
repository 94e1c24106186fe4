//! The lines a function writes: on AWS its CloudWatch log.

use crate::spawner::LineSink;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest line in bytes: a CloudWatch log event holds 1 MiB. A longer one is cut into pieces of this
/// length, so that nothing is lost and memory stays bounded.
const LONGEST_LINE: usize = 1024 * 1024;

/// Which of a process's two streams a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// One line that a function's process wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionLine {
    /// The function's name.
    pub function: String,
    /// The process that wrote it.
    pub pid: u32,
    /// Where it was written.
    pub stream: OutputStream,
    /// The text without its line end; bytes that are not UTF-8 are replaced.
    pub text: String,
}

/// Reads `stream` to its end and gives every line to `emit`.
pub(crate) async fn pump(mut stream: impl AsyncRead + Unpin, mut emit: impl FnMut(String)) {
    let mut splitter = LineSplitter::new(LONGEST_LINE);
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        splitter.push(&buffer[..count], &mut emit);
    }
    splitter.finish(&mut emit);
}

/// Sends the lines of one stream of one process to whoever listens.
pub(crate) async fn forward(
    stream: impl AsyncRead + Unpin,
    function: String,
    pid: u32,
    kind: OutputStream,
    lines: LineSink,
) {
    // Nobody listening is no reason to block the process on a full pipe: the pump reads on.
    pump(stream, |text| {
        let _ = lines.send(FunctionLine { function: function.clone(), pid, stream: kind, text });
    })
    .await;
}

/// Cuts a byte stream into lines of a bounded length.
struct LineSplitter {
    partial: Vec<u8>,
    longest: usize,
}

impl LineSplitter {
    fn new(longest: usize) -> Self {
        Self { partial: Vec::new(), longest }
    }

    fn push(&mut self, bytes: &[u8], emit: &mut impl FnMut(String)) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ended) = piece.strip_suffix(b"\n").map_or((piece, false), |text| (text, true));
            self.extend(text, emit);
            if ended {
                self.emit_line(emit);
            }
        }
    }

    fn extend(&mut self, mut text: &[u8], emit: &mut impl FnMut(String)) {
        while self.partial.len() + text.len() > self.longest {
            let (fits, rest) = text.split_at(self.longest - self.partial.len());
            self.partial.extend_from_slice(fits);
            self.emit_line(emit);
            text = rest;
        }
        self.partial.extend_from_slice(text);
    }

    fn finish(mut self, emit: &mut impl FnMut(String)) {
        if !self.partial.is_empty() {
            self.emit_line(emit);
        }
    }

    fn emit_line(&mut self, emit: &mut impl FnMut(String)) {
        let line = std::mem::take(&mut self.partial);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        emit(String::from_utf8_lossy(line).into_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(chunks: &[&[u8]], longest: usize) -> Vec<String> {
        let (mut seen, mut splitter) = (Vec::new(), LineSplitter::new(longest));
        for chunk in chunks {
            splitter.push(chunk, &mut |line| seen.push(line));
        }
        splitter.finish(&mut |line| seen.push(line));
        seen
    }

    #[test]
    fn lines_are_put_together_across_reads_and_the_last_needs_no_end() {
        assert_eq!(lines(&[b"on", b"e\r\n\ntwo\nth", b"ree"], 100), ["one", "", "two", "three"]);
    }

    #[test]
    fn a_line_that_is_too_long_arrives_in_pieces() {
        assert_eq!(lines(&[b"abcdefgh\nij"], 3), ["abc", "def", "gh", "ij"]);
    }

    proptest! {
        #[test]
        fn no_text_is_lost_and_no_line_is_longer_than_allowed(
            chunks in proptest::collection::vec("[a-c\n]{0,12}", 0..12),
            longest in 1..9_usize,
        ) {
            let bytes: Vec<&[u8]> = chunks.iter().map(String::as_bytes).collect();
            let seen = lines(&bytes, longest);
            prop_assert!(seen.iter().all(|line| line.len() <= longest));
            prop_assert_eq!(seen.concat(), chunks.concat().replace('\n', ""));
        }
    }
}
