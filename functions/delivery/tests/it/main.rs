//! The delivery function from the outside: whole messages in, POSTs, records and fates out.

mod delivering;
mod ending;
mod support;
mod transport;
