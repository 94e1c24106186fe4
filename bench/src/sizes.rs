//! How large each bootstrap is, unpacked and packed, what it is made of, and what it links to when it starts.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use object::Endianness;
use object::elf::DT_NEEDED;
use object::read::elf::{ElfFile64, ProgramHeader as _};

use crate::binaries::{self, FUNCTIONS, HELLO};
use crate::report::Section;

/// Sizes and libraries of each executable in `folder`.
pub(crate) fn measure(folder: &Path) -> io::Result<Vec<Section>> {
    let mut size = Section::new("size of a bootstrap", "MB", "≤ 14 MB").with_control();
    let mut packed = Section::new("size of its zip (deflate, level 9)", "MB", "").with_control();
    let mut crates = Section::new("crates that are linked", "count", "").with_control();
    let mut libraries = Section::new("shared libraries at start", "count", "").with_control();
    for (package, binary) in [(HELLO, HELLO)].into_iter().chain(FUNCTIONS) {
        let bytes = std::fs::read(folder.join(binary))?;
        size.add(binary, bytes.len() as f64 / 1e6);
        packed.add(binary, miniz_oxide::deflate::compress_to_vec(&bytes, 9).len() as f64 / 1e6);
        crates.add(binary, linked(package)? as f64);
        libraries.add(binary, needed(&bytes).map_err(io::Error::other)? as f64);
    }
    Ok(vec![size, packed, crates, libraries])
}

/// How many crates a package links, its own among them; those that only its build needs are none of it.
fn linked(package: &str) -> io::Result<usize> {
    let tree = ["tree", "--locked", "--package", package, "--edges", "normal,no-proc-macro"];
    let printed = binaries::cargo().args(tree).args(["--prefix", "none", "--format", "{p}"]).output()?;
    if !printed.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&printed.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&printed.stdout).lines().collect::<BTreeSet<_>>().len())
}

/// How many libraries the loader is told to load (`DT_NEEDED`).
fn needed(bytes: &[u8]) -> object::Result<usize> {
    let file = ElfFile64::<Endianness>::parse(bytes)?;
    let endian = file.endian();
    for header in file.elf_program_headers() {
        if let Some(entries) = header.dynamic(endian, bytes)? {
            return Ok(entries
                .iter()
                .filter(|entry| entry.d_tag.get(endian) == u64::from(DT_NEEDED))
                .count());
        }
    }
    Ok(0)
}
