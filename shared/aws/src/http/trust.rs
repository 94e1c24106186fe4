//! Whom a process trusts: the system's certificate authorities, read once, when the first TLS handshake asks.

use std::sync::{Arc, LazyLock};

use revops_core::telemetry::event;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// Made on first use; the certificates of `SSL_CERT_FILE`, else of where the system keeps them.
static AUTHORITIES: LazyLock<Result<Arc<WebPkiServerVerifier>, Error>> = LazyLock::new(read);

static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(aws_lc_rs::default_provider()));

/// A TLS client of this process: TLS 1.2 and 1.3, no certificate of its own, no protocol named by ALPN. Making one reads
/// nothing; all that are made share the authorities.
#[must_use]
pub fn client_config() -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(Arc::clone(&PROVIDER));
    #[expect(clippy::expect_used, reason = "aws-lc speaks both versions; a test makes one")]
    let builder = builder.with_safe_default_protocol_versions().expect("the provider speaks TLS 1.2 and 1.3");
    let verifier = Arc::new(ReadWhenNeeded(&PROVIDER));
    // Not dangerous here: the verifier is rustls' own, only later.
    builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
}

fn read() -> Result<Arc<WebPkiServerVerifier>, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut authorities = RootCertStore::empty();
    let (usable, _) = authorities.add_parsable_certificates(found.certs);
    for cause in &found.errors {
        tracing::warn!(%cause, usable, "a part of the system's certificate authorities cannot be read");
    }
    if usable == 0 {
        let none = "the system has no certificate authorities: nobody is trusted; set SSL_CERT_FILE";
        tracing::error!(event = event::ERROR_OCCURRED, "{none}");
        return Err(Error::General(none.to_owned()));
    }
    WebPkiServerVerifier::builder_with_provider(authorities.into(), Arc::clone(&PROVIDER))
        .build()
        .map_err(|cause| Error::General(cause.to_string()))
}

/// rustls' own verifier, made when it is first asked for a certificate.
#[derive(Debug)]
struct ReadWhenNeeded(&'static CryptoProvider);

impl ServerCertVerifier for ReadWhenNeeded {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let authorities = AUTHORITIES.as_ref().map_err(Clone::clone)?;
        authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
