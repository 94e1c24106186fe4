//! The stand-in on the wire, used as the product uses the service: by the AWS SDK.
#![expect(unreachable_pub, reason = "tests")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "a test may fail")]

mod answers;
mod faults;
mod openai;
mod runtimes;
mod support;
mod validation;
