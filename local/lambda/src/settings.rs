//! What is configured for one function.

use std::{collections::BTreeMap, ffi::OsString, fmt, path::PathBuf, time::Duration};

/// One function of the stack: the part of a Lambda function's configuration that its processes can notice.
#[derive(Clone)]
pub struct FunctionSettings {
    /// The function's name, as in its ARN.
    pub name: String,
    /// The binary, on AWS deployed as `bootstrap`.
    pub executable: PathBuf,
    /// Arguments put before the executable, for a program that prepares the process and then executes it.
    /// May be empty.
    pub launcher: Vec<OsString>,
    /// How long one invocation may take before its process is killed.
    pub timeout: Duration,
    /// The memory size the function is told about, in MB. It is not enforced.
    pub memory_mb: u32,
    /// The function's own environment variables. Nothing is inherited from this process.
    pub environment: BTreeMap<String, String>,
    /// How many processes may live at once (reserved concurrency). An invocation above it is throttled.
    pub maximum_processes: usize,
}

impl fmt::Debug for FunctionSettings {
    /// Names the environment's variables without their values, which may be secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FunctionSettings")
            .field("name", &self.name)
            .field("executable", &self.executable)
            .field("timeout", &self.timeout)
            .field("memory_mb", &self.memory_mb)
            .field("environment", &self.environment.keys().collect::<Vec<_>>())
            .field("maximum_processes", &self.maximum_processes)
            .finish_non_exhaustive()
    }
}
