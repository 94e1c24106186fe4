//! The stack's Amazon API Gateway: an HTTP API whose every route is a Lambda proxy integration with payload
//! format 2.0.
//!
//! A request becomes an event (`event`), the event is given to the function, and what the function returns
//! becomes the response (`answer`). What the gateway says itself, when a limit is passed or the function fails,
//! is in `refusal`.
//!
//! Sources: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs" and "Quotas for
//! configuring and running an HTTP API"; where those are silent, events of a real HTTP API.

mod answer;
mod arrival;
mod body;
mod event;
mod function;
mod gateway;
mod limits;
mod options;
mod path;
mod percent;
mod refusal;
mod route;

pub use function::{HttpFunction, HttpFunctionError};
pub use gateway::router;
pub use options::HttpApiOptions;
