//! A certificate authority for one test.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, crypto::aws_lc_rs};

use crate::transport::child;

/// Where the child finds what to trust.
const TRUSTED: &str = "SSL_CERT_FILE";

/// An authority that signs what it is asked to.
pub(in crate::transport) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

/// A receiver's certificate and key.
pub(in crate::transport) struct Leaf {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

/// Runs `test` in a child process that trusts a new authority; `name` is the path of the test itself.
pub(in crate::transport) fn in_child(name: &str, test: impl AsyncFnOnce(&Authority)) {
    if !child::is_inside() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authority.pem");
        return child::run(name, &[(TRUSTED, file.to_str().unwrap()), ("SSL_CERT_DIR", "")]);
    }
    let authority = Authority::new();
    // The trust store is read at the first handshake, which is after this.
    let file = std::env::var_os(TRUSTED).unwrap();
    std::fs::write(Path::new(&file), authority.certificate.pem()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test(&authority));
}

/// A certificate for 127.0.0.1 that nobody vouches for.
pub(in crate::transport) fn self_signed() -> Leaf {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Leaf { certificate: certificate.der().clone(), key: der(&key) }
}

impl Authority {
    pub(in crate::transport) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// A certificate that is all right.
    pub(in crate::transport) fn good(&self) -> Leaf {
        self.leaf("127.0.0.1", 2020, 2090)
    }

    /// A certificate for `name`, valid from the start of one year to the start of another.
    pub(in crate::transport) fn leaf(&self, name: &str, from: i32, until: i32) -> Leaf {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Leaf { certificate: certificate.der().clone(), key: der(&key) }
    }

    /// What a receiver with this certificate needs; it offers no HTTP/2.
    pub(in crate::transport) fn serves(&self, leaf: Leaf) -> ServerConfig {
        let config = builder(rustls::ALL_VERSIONS).with_no_client_auth();
        config.with_single_cert(vec![leaf.certificate], leaf.key).unwrap()
    }

    /// What a receiver needs that speaks `version` and asks for a certificate of the sender.
    pub(in crate::transport) fn wants_a_certificate(
        &self,
        version: &'static SupportedProtocolVersion,
    ) -> ServerConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let leaf = self.good();
        let config = builder(&[version]).with_client_cert_verifier(verifier);
        config.with_single_cert(vec![leaf.certificate], leaf.key).unwrap()
    }
}

fn builder(
    versions: &[&'static SupportedProtocolVersion],
) -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap()
}

fn der(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::Pkcs8(key.serialize_der().into())
}
