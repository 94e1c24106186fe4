//! One process of a function.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::runtime_api::{RuntimeApi, Told};
use crate::process::{self, Memory};

/// How long anything that is waited for may take.
const WITHIN: Duration = Duration::from_secs(60);

/// A process that has asked for an event.
pub(crate) struct Function {
    process: Child,
    api: RuntimeApi,
    /// From its spawning until it asked for its first event.
    pub(crate) init: Duration,
    /// The processor time of that.
    pub(crate) init_cpu: Duration,
    started: Instant,
}

/// What an invocation came to.
pub(crate) struct Reply {
    /// The answer.
    pub(crate) body: Bytes,
    /// From the spawning of the process to the answer.
    pub(crate) since_start: Duration,
    /// All processor time of the process at the moment of the answer.
    pub(crate) cpu: Duration,
}

impl Function {
    pub(super) async fn start<'a>(
        executable: &Path,
        variables: impl Iterator<Item = &'a (&'a str, String)>,
    ) -> io::Result<Self> {
        let api = RuntimeApi::start().await?;
        let mut command = Command::new(executable);
        command.env_clear().envs(LAMBDA).env("AWS_LAMBDA_RUNTIME_API", api.address.to_string());
        command.envs(variables.map(|(name, value)| (*name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        let process = command.spawn()?;
        let mut function = Self { process, api, init: Duration::ZERO, init_cpu: Duration::ZERO, started };
        let asked = function.until_next().await?;
        function.init = asked - started;
        function.init_cpu = function.cpu();
        Ok(function)
    }

    /// Hands it `event`, and returns when it has answered and asked for another.
    ///
    /// # Errors
    /// It failed, or ended.
    pub(crate) async fn invoke(&mut self, event: String) -> io::Result<Reply> {
        self.api.events.send(event.into()).await.map_err(io::Error::other)?;
        let Told::Answer(at, body) = self.told().await? else {
            return Err(io::Error::other("asked for an event before it had answered one"));
        };
        let reply = Reply { body, since_start: at - self.started, cpu: self.cpu() };
        self.until_next().await?;
        Ok(reply)
    }

    /// All processor time that it has used.
    pub(crate) fn cpu(&self) -> Duration {
        process::cpu_time(self.process.id())
    }

    /// Its memory.
    pub(crate) fn memory(&self) -> Memory {
        process::memory(self.process.id())
    }

    async fn until_next(&mut self) -> io::Result<Instant> {
        let told = self.told().await?;
        let Told::Next(at) = told else {
            return Err(io::Error::other(format!("asked for no event: {told:?}")));
        };
        Ok(at)
    }

    async fn told(&mut self) -> io::Result<Told> {
        match tokio::time::timeout(WITHIN, self.api.told.recv()).await {
            Ok(Some(Told::Failure(cause))) => {
                Err(io::Error::other(String::from_utf8_lossy(&cause).into_owned()))
            }
            Ok(Some(told)) => Ok(told),
            Ok(None) | Err(_) => Err(io::Error::other("the function says nothing")),
        }
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // Already gone is as good.
        let _gone = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// What Lambda tells every function.
const LAMBDA: [(&str, &str); 8] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "function"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/function"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/23/[1]0"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "bench"),
    ("AWS_SECRET_ACCESS_KEY", "bench"),
];
