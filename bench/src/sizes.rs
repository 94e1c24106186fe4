//! How large each bootstrap is, unpacked and packed, and what it links to when it starts.

use std::io;
use std::path::Path;

use object::Endianness;
use object::elf::DT_NEEDED;
use object::read::elf::{ElfFile64, ProgramHeader as _};

use crate::binaries::{FUNCTIONS, HELLO};
use crate::report::Section;

/// Sizes and libraries of each executable in `folder`.
pub(crate) fn measure(folder: &Path) -> io::Result<Vec<Section>> {
    let mut size = Section::new("size of a bootstrap", "MB", "≤ 14 MB").with_control();
    let mut packed = Section::new("size of its zip (deflate, level 9)", "MB", "").with_control();
    let mut libraries = Section::new("shared libraries at start", "count", "").with_control();
    for binary in [HELLO].into_iter().chain(FUNCTIONS.map(|(_, binary)| binary)) {
        let bytes = std::fs::read(folder.join(binary))?;
        size.add(binary, bytes.len() as f64 / 1e6);
        packed.add(binary, miniz_oxide::deflate::compress_to_vec(&bytes, 9).len() as f64 / 1e6);
        libraries.add(binary, needed(&bytes).map_err(io::Error::other)? as f64);
    }
    Ok(vec![size, packed, libraries])
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
