//! Refusing to start.

use revops_core::config::ConfigError;
use revops_core::telemetry::event;

/// Says on one line each what is wrong with the configuration. The process then ends, and Lambda reports an
/// initialisation error.
pub fn refused(error: &ConfigError) {
    let ConfigError(complaints) = error;
    for complaint in complaints {
        tracing::error!(
            event = event::ERROR_OCCURRED,
            complaint,
            "refusing to start: the configuration is not usable"
        );
    }
}
