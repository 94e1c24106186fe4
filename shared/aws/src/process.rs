//! What a function's process tells of itself in the log: its cold start, and its memory. On AWS, Lambda's own REPORT line
//! has the like of it for each invocation; these lines are in the same group, in the same form as all others, and
//! exist on one machine too.

use std::sync::atomic::{AtomicU64, Ordering};

use revops_core::config::Variables;
use revops_core::telemetry::event;

/// Memory is looked at in the first invocation, and in every hundredth: a look costs about 20 µs.
const LOOK_EVERY: u64 = 100;

/// This process, as Lambda's variables name it.
#[derive(Debug)]
pub struct Process {
    function: String,
    memory_limit_mb: Option<u64>,
    invocations: AtomicU64,
}

impl Process {
    /// The process with these variables.
    #[must_use]
    pub fn of(variables: &Variables) -> Self {
        let limit = variables.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
        Self {
            function: variables.get("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default().to_owned(),
            memory_limit_mb: limit.and_then(|limit| limit.parse().ok()),
            invocations: AtomicU64::new(0),
        }
    }

    /// Waits for the work of one invocation, and says now and then what it took.
    pub async fn invoked<T>(&self, work: impl Future<Output = T>) -> T {
        let done = work.await;
        let number = self.invocations.fetch_add(1, Ordering::Relaxed);
        if number.is_multiple_of(LOOK_EVERY) {
            self.report(number);
        }
        done
    }

    fn report(&self, number: u64) {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        tracing::info!(
            event = event::FUNCTION_MEASURED,
            function = self.function,
            cold_start = (number == 0).then_some(true),
            invocations = number + 1,
            memory_peak_mb = peak_mb(&status),
            memory_limit_mb = self.memory_limit_mb,
            "the process after {} invocations",
            number + 1,
        );
    }
}

/// The largest resident size so far, in MB, from Linux's `/proc/self/status` (its `kB` are 1,024 bytes).
fn peak_mb(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_whole_megabytes_or_not_at_all() {
        assert_eq!(peak_mb("Name:\tx\nVmPeak:\t  9 kB\nVmHWM:\t   10241 kB\n"), Some(11));
        assert_eq!(peak_mb("Name:\tx\n"), None);
        assert!(peak_mb(&std::fs::read_to_string("/proc/self/status").unwrap()).unwrap() > 0);
    }

    #[test]
    fn the_first_invocation_is_the_cold_one_and_then_every_hundredth_is_looked_at() {
        let variables = Variables::new([
            ("AWS_LAMBDA_FUNCTION_NAME", "delivery"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ]);
        let process = Process::of(&variables);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let lines = crate::telemetry::tests::logged("info", || {
            for _ in 0..=LOOK_EVERY {
                runtime.block_on(process.invoked(async {}));
            }
        });
        let seen: Vec<_> =
            lines.iter().map(|line| (line["invocations"].as_u64(), line["cold_start"].as_bool())).collect();
        assert_eq!(seen, [(Some(1), Some(true)), (Some(101), None)]);
        assert_eq!((&lines[0]["function"], &lines[0]["memory_limit_mb"]), (&"delivery".into(), &256.into()));
    }
}
