//! Which alarms ring, and that no other does: alarms of template.yaml over what the local stack really printed.
//!
//! Every scenario is recorded once, on four stacks beside each other; each test then looks at one alarm.

#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod declared;
mod house;
mod pages;

mod recorded;
mod ringing;
mod rollouts;
mod scenarios;
