//! The manager-agent function: asks the AI manager agent about one conversation and stores the one decision
//! (SPEC 3).
//!
//! It is idempotent by tracking id, since Lambda, SQS and callers all repeat: `answer.json` is create-only,
//! `lease.json` says who is asking, and every failed try is a record with the moment of the next one. The
//! reply is a pointer to the record, never the text.

mod ask;
mod backend;
mod config;
mod error;
mod handler;
mod input;
mod keep;
mod lease;
mod outcome;
mod report;
mod tries;

pub use ask::ManagerAgent;
pub use backend::ChosenAgent;
pub use config::{AgentBackend, Config, Settings};
pub use error::AskError;
pub use handler::handle;
pub use input::input_text;
pub use report::Report;
