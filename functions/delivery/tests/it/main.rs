//! The delivery function from the outside: whole messages in, POSTs, records and fates out.

#[cfg(test)]
mod batches;
#[cfg(test)]
mod delivering;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod replaying;
#[cfg(test)]
mod support;
#[cfg(test)]
mod transport;
