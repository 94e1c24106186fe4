//! What the kernel says of a process. Everything is zero for one that is gone.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// The processor time of all threads that `pid` has now (one that ends takes its time with it), in the kernel's own nanoseconds (`schedstat`): the usual
/// figures come in ticks of ten milliseconds.
pub(crate) fn cpu_time(pid: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanoseconds = |folder: PathBuf| {
        let text = fs::read_to_string(folder.join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    Duration::from_nanos(threads.filter_map(|thread| nanoseconds(thread.path())).sum())
}

/// The processor time of this process.
pub(crate) fn own_cpu_time() -> Duration {
    cpu_time(std::process::id())
}

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// Resident now.
    pub(crate) now: u64,
    /// The most that was ever resident.
    pub(crate) peak: u64,
}

/// The memory of `pid`.
pub(crate) fn memory(pid: u32) -> Memory {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    Memory { now: kilobytes(&text, "VmRSS:") * 1024, peak: kilobytes(&text, "VmHWM:") * 1024 }
}

fn kilobytes(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

/// The machine, in one line: processor, cores and kernel.
pub(crate) fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{model}, {cores} cores, Linux {}", kernel.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_costs_processor_time_and_waiting_does_not() {
        // Other tests' threads come and go, and take their time with them.
        let (start, mut sum) = (own_cpu_time(), 0_u64);
        while own_cpu_time().saturating_sub(start) < Duration::from_millis(5) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(cpu_time(u32::MAX).is_zero());
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let memory = memory(std::process::id());
        assert!(memory.now > 1024 * 1024 && memory.peak >= memory.now);
        assert_eq!(kilobytes("VmRSS:\t   12 kB\n", "VmRSS:"), 12);
    }
}
