//! Tests that look at the product from outside, and the suites that say what it relies on.
//!
//! [`conformance`] holds the suites for the services behind the product; they run against the embedded
//! emulators, against the ports' doubles, and against emulators that other people wrote. [`stack`] starts the
//! whole product as `cargo local` does, [`house`] has one on fast time with an operator, and [`faults`] kills its functions at chosen points of their work.
//! [`long_run`] lets thousands of conversations have a bad day, and checks every promise at its end.

pub mod alarms;
pub mod conformance;
pub mod faults;
pub mod house;
pub mod long_run;
pub mod stack;
