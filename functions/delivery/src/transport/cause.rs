//! Why there was no answer, told from the types of the error and its sources, never from their texts.

use std::error::Error;
use std::io;

use revops_core::retry::NoAnswer;

use super::guard::{Blocked, Unresolved};

/// What `error` means.
pub(super) fn of(error: &reqwest::Error) -> NoAnswer {
    if is_caused_by::<Blocked>(error) {
        NoAnswer::BlockedAddress
    } else if is_caused_by::<Unresolved>(error) {
        NoAnswer::Dns
    } else if is_caused_by::<rustls::Error>(error) {
        NoAnswer::Tls
    } else if error.is_timeout() {
        NoAnswer::TimedOut
    } else {
        NoAnswer::Connection
    }
}

/// Whether an `E` is anywhere below `error`.
fn is_caused_by<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<E>() {
            return true;
        }
        // An io::Error does not show the error that it wraps as its source, only that one's own source.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}
