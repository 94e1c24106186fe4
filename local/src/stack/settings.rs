//! From what the template deploys to what the stand-ins are configured with. Pure.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use local_lambda::FunctionSettings;
use local_sqs::{EventSourceMapping, QueueSettings, RedrivePolicy};

use crate::environment::{self, Caller, Offers};
use sam_template::{EventSource, Function, Queue};

/// Processes that one function may have at once (SPEC section 10).
const MOST_PROCESSES: usize = 100;

/// What all functions share.
pub(super) struct Surroundings<'a> {
    pub(super) caller: &'a Caller,
    pub(super) offers: &'a Offers,
    pub(super) launcher: &'a [OsString],
    /// From the name of a binary to where it is.
    pub(super) executables: &'a BTreeMap<String, PathBuf>,
    /// Whether a file is on this machine.
    pub(super) exists: &'a dyn Fn(&Path) -> bool,
}

/// A function as Lambda runs it.
pub(super) fn function(function: &Function, around: &Surroundings) -> FunctionSettings {
    FunctionSettings {
        name: function.name.clone(),
        executable: around.executables.get(&function.binary).cloned().unwrap_or_default(),
        launcher: around.launcher.to_vec(),
        timeout: function.timeout,
        memory_mb: function.memory_mb,
        environment: environment::of_function(
            &function.environment,
            around.caller,
            around.offers,
            around.exists,
        ),
        maximum_processes: most_processes(function.reserved_concurrency),
    }
}

fn most_processes(reserved: Option<u32>) -> usize {
    let reserved = reserved.and_then(|reserved| usize::try_from(reserved).ok());
    reserved.map_or(MOST_PROCESSES, |reserved| reserved.min(MOST_PROCESSES))
}

/// A queue as SQS keeps it.
pub(super) fn queue(queue: &Queue) -> QueueSettings {
    QueueSettings {
        name: queue.name.clone(),
        visibility_timeout: queue.visibility_timeout,
        message_retention: queue.message_retention,
        delay: queue.delay,
        redrive: queue.redrive.as_ref().map(|redrive| RedrivePolicy {
            dead_letter_queue: redrive.dead_letter_queue.clone(),
            max_receive_count: redrive.max_receive_count,
        }),
    }
}

/// A mapping as Lambda polls for it.
pub(super) fn event_source(source: &EventSource) -> EventSourceMapping {
    EventSourceMapping {
        queue: source.queue.clone(),
        function: source.function.clone(),
        batch_size: source.batch_size,
        batching_window: source.batching_window,
        maximum_concurrency: source.maximum_concurrency,
        report_batch_item_failures: source.report_batch_item_failures,
    }
}
