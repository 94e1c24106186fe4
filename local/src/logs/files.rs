//! A log file for each function, `STATE/logs/<function>.log`.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// A file above this size is set aside as `<function>.log.old`, and the one set aside before is dropped.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The open files.
pub(super) struct LogFiles {
    folder: PathBuf,
    open: BTreeMap<String, LogFile>,
}

struct LogFile {
    writer: BufWriter<File>,
    size: u64,
}

impl LogFiles {
    /// Files in `folder`, each opened with its first line.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, open: BTreeMap::new() }
    }

    /// Adds a line to the function's file.
    pub(super) fn append(&mut self, function: &str, line: &str) -> io::Result<()> {
        if !self.open.contains_key(function) {
            self.open.insert(function.to_owned(), self.open_file(function)?);
        }
        let Some(file) = self.open.get_mut(function) else {
            return Ok(());
        };
        writeln!(file.writer, "{line}")?;
        file.size += line.len() as u64 + 1;
        if file.size > LARGEST {
            self.set_aside(function)?;
        }
        Ok(())
    }

    /// Makes everything readable for others.
    pub(super) fn flush(&mut self) {
        for file in self.open.values_mut() {
            // What could not be written now is tried again with the next line, which reports it.
            let _ = file.writer.flush();
        }
    }

    fn open_file(&self, function: &str) -> io::Result<LogFile> {
        let file = OpenOptions::new().create(true).append(true).open(self.path(function, "log"))?;
        let size = file.metadata()?.len();
        Ok(LogFile { writer: BufWriter::new(file), size })
    }

    fn set_aside(&mut self, function: &str) -> io::Result<()> {
        if let Some(mut file) = self.open.remove(function) {
            file.writer.flush()?;
            fs::rename(self.path(function, "log"), self.path(function, "log.old"))?;
        }
        Ok(())
    }

    fn path(&self, function: &str, extension: &str) -> PathBuf {
        self.folder.join(format!("{function}.{extension}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_a_file_that_grows_across_restarts() {
        let folder = tempfile::tempdir().unwrap();
        for line in ["one", "two"] {
            let mut files = LogFiles::new(folder.path().to_owned());
            files.append("delivery", line).unwrap();
            files.append("gateway", line).unwrap();
            files.flush();
        }
        let text = fs::read_to_string(folder.path().join("delivery.log")).unwrap();
        assert_eq!(text, "one\ntwo\n");
        assert!(folder.path().join("gateway.log").exists());
    }

    #[test]
    fn a_large_file_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = LogFiles::new(folder.path().to_owned());
        let line = "x".repeat(1024 * 1024);
        for _ in 0..64 {
            files.append("gateway", &line).unwrap();
        }
        files.append("gateway", "after").unwrap();
        files.flush();
        assert!(folder.path().join("gateway.log.old").exists());
        let text = fs::read_to_string(folder.path().join("gateway.log")).unwrap();
        assert!(text == "after\n", "{} bytes in the new file", text.len());
    }
}
