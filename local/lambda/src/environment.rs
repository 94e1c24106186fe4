//! The environment of a function's process: its own variables, Lambda's, and nothing else.

use crate::settings::FunctionSettings;
use std::{collections::BTreeMap, ffi::OsString, net::SocketAddr, time::Duration};
use time::OffsetDateTime;
use uuid::Uuid;

/// The region of the stack's own ARNs, and of a function that is not told another one.
pub(crate) const REGION: &str = "us-east-1";

/// What differs between two processes of one function.
pub(crate) struct ProcessIdentity {
    /// Where this process finds its Runtime API.
    pub(crate) runtime_api: SocketAddr,
    /// When it is started, since the Unix epoch.
    pub(crate) started: Duration,
    /// Makes its log stream's name unique.
    pub(crate) stream: Uuid,
}

/// Every variable the process gets. Variables that Lambda reserves win over the function's own; those
/// which a function may set on AWS, and the region, do not.
///
/// Source: Lambda Developer Guide, "Defined runtime environment variables". `AWS_EXECUTION_ENV` is
/// absent, as on AWS for the `provided` runtimes.
pub(crate) fn of_process(
    settings: &FunctionSettings,
    identity: &ProcessIdentity,
) -> BTreeMap<OsString, OsString> {
    let task_root = settings.executable.parent().map_or_else(|| OsString::from("."), OsString::from);
    let mut variables = BTreeMap::new();
    let mut set = |name: &str, value: OsString| {
        variables.insert(OsString::from(name), value);
    };
    set("AWS_REGION", REGION.into());
    set("AWS_DEFAULT_REGION", REGION.into());
    set("LANG", "en_US.UTF-8".into());
    set("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin".into());
    set("TZ", ":UTC".into());
    for (name, value) in &settings.environment {
        set(name, value.into());
    }
    set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", settings.memory_mb.to_string().into());
    set("AWS_LAMBDA_FUNCTION_NAME", settings.name.clone().into());
    set("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into());
    set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into());
    set("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", settings.name).into());
    set("AWS_LAMBDA_LOG_STREAM_NAME", log_stream(identity).into());
    set("AWS_LAMBDA_RUNTIME_API", identity.runtime_api.to_string().into());
    set("LAMBDA_TASK_ROOT", task_root);
    set("_HANDLER", "bootstrap".into());
    variables
}

/// `2026/11/22/[$LATEST]{32 hex}`.
fn log_stream(identity: &ProcessIdentity) -> String {
    let seconds = i64::try_from(identity.started.as_secs()).unwrap_or_default();
    let day = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (day.year(), u8::from(day.month()), day.day());
    format!("{year:04}/{month:02}/{day:02}/[$LATEST]{}", identity.stream.simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(own: &[(&str, &str)]) -> BTreeMap<OsString, OsString> {
        let settings = FunctionSettings {
            name: "delivery".into(),
            executable: "/opt/stack/delivery".into(),
            launcher: Vec::new(),
            timeout: Duration::from_secs(3),
            memory_mb: 256,
            environment: own.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            maximum_processes: 1,
        };
        let identity = ProcessIdentity {
            runtime_api: ([127, 0, 0, 1], 9001).into(),
            started: Duration::from_secs(1_795_374_000),
            stream: Uuid::nil(),
        };
        of_process(&settings, &identity)
    }

    fn get<'a>(variables: &'a BTreeMap<OsString, OsString>, name: &str) -> &'a str {
        variables[&OsString::from(name)].to_str().unwrap()
    }

    #[test]
    fn a_process_gets_what_lambda_defines() {
        let variables = of(&[("QUERY_QUEUE_URL", "http://127.0.0.1:4566/q")]);
        assert_eq!(get(&variables, "AWS_LAMBDA_RUNTIME_API"), "127.0.0.1:9001");
        assert_eq!(get(&variables, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), "256");
        assert_eq!(get(&variables, "LAMBDA_TASK_ROOT"), "/opt/stack");
        let stream = "2026/11/22/[$LATEST]00000000000000000000000000000000";
        assert_eq!(get(&variables, "AWS_LAMBDA_LOG_STREAM_NAME"), stream);
        assert_eq!(get(&variables, "QUERY_QUEUE_URL"), "http://127.0.0.1:4566/q");
        assert_eq!(variables.len(), 15);
    }

    #[test]
    fn a_function_may_choose_its_region_but_not_its_runtime_api() {
        let variables = of(&[("AWS_REGION", "eu-central-1"), ("AWS_LAMBDA_RUNTIME_API", "elsewhere")]);
        assert_eq!(get(&variables, "AWS_REGION"), "eu-central-1");
        assert_eq!(get(&variables, "AWS_LAMBDA_RUNTIME_API"), "127.0.0.1:9001");
    }
}
