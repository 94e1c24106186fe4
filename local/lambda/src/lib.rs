//! The stack's AWS Lambda: runs the shipped function binaries as the service would.
//!
//! [`Lambda`] starts processes on demand, gives each a Runtime API of its own, one event at a
//! time, a deadline that is enforced, and Lambda's environment. Callers in the stack use [`Lambda::invoke`];
//! AWS clients use the Invoke API of [`Lambda::router`].
//!
//! The way of an invocation: `lambda` (is it in order?) → `pool` (which process?) → `process` (hand it over,
//! wait) → `runtime_api` (the process's side). `spawner` owns the operating system's side of processes.

mod body;
mod clock;
mod counts;
mod environment;
mod function_error;
mod function_name;
mod idle;
mod invocation;
mod invoke_api;
mod lambda;
mod lines;
mod pool;
mod process;
mod runtime_api;
mod settings;
mod spawner;
mod trace;

pub use counts::Counts;
pub use invocation::{FunctionErrorKind, Invocation, InvokeError, MAXIMUM_EVENT_PAYLOAD, MAXIMUM_PAYLOAD};
pub use lambda::Lambda;
pub use lines::{FunctionLine, OutputStream};
pub use pool::{ProcessInfo, ProcessState};
pub use settings::FunctionSettings;
