//! What a function sees of AWS: a Runtime API, and services over TLS that answer at once.
//!
//! No time of the services is measured here: what is counted is the processor time of the function's own process.

mod authority;
mod function;
mod runtime_api;
mod services;
mod tls;

use std::io;
use std::path::Path;

pub(crate) use function::Function;
pub(crate) use services::Services;

use authority::Authority;

/// Services that answer at once, on an endpoint with a certificate of its own authority.
pub(crate) struct Platform {
    /// What is stored, and what was posted.
    pub(crate) services: Services,
    /// `https://127.0.0.1:PORT`.
    pub(crate) endpoint_url: String,
    /// The authority and the machine's own, which a function reads at its start as it would on Lambda.
    trusted: tempfile::NamedTempFile,
}

impl Platform {
    /// Starts the services.
    ///
    /// # Errors
    /// No port, or no place for the certificate.
    pub(crate) async fn start() -> io::Result<Self> {
        let authority = Authority::new().map_err(io::Error::other)?;
        let trusted = authority.trusted()?;
        let listener = tls::Listener::bind(authority.server().map_err(io::Error::other)?).await?;
        let endpoint_url = format!("https://{}", axum::serve::Listener::local_addr(&listener)?);
        let services = Services::default();
        let router = services.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { services, endpoint_url, trusted })
    }

    /// Starts `executable` with `variables` and waits until it asks for its first event.
    ///
    /// # Errors
    /// It ends before.
    pub(crate) async fn function(
        &self,
        executable: &Path,
        variables: &[(&str, String)],
    ) -> io::Result<Function> {
        let endpoint = [
            ("AWS_ENDPOINT_URL", self.endpoint_url.clone()),
            ("SSL_CERT_FILE", self.trusted.path().to_string_lossy().into_owned()),
        ];
        Function::start(executable, endpoint.iter().chain(variables)).await
    }
}
