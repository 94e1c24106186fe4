//! What the SDK's typed answers leave out: the response's `Date`, and how often a request was sent.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};

/// Watches one call, or several that belong together. Clones see the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Observation(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    attempts: AtomicU32,
    date: Mutex<Option<DateTime>>,
}

impl Observation {
    /// A request was sent more than once: an earlier sending may have done the work unseen.
    pub(super) fn repeated(&self) -> bool {
        self.0.attempts.load(Ordering::Relaxed) > 1
    }

    /// The service's own time of its last answer.
    pub(super) fn date(&self) -> Option<DateTime> {
        *self.0.date.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for Observation {
    fn name(&self) -> &'static str {
        "Observation"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.attempts.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|text| DateTime::from_str(text, DateTimeFormat::HttpDate).ok());
        *self.0.date.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}
