//! A certificate authority for one run.

use std::io::{self, Write as _};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;

/// Where Linux distributions keep the authorities that they trust, in the order of trying.
const SYSTEM: [&str; 2] = ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"];

pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

impl Authority {
    pub(super) fn new() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key)?;
        Ok(Self { issuer: Issuer::new(params, key), certificate })
    }

    /// This authority behind those of the machine: reading them all is a part of a function's start.
    pub(super) fn trusted(&self) -> io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        let system = SYSTEM.iter().find_map(|path| std::fs::read(path).ok()).unwrap_or_default();
        file.write_all(&system)?;
        file.write_all(self.certificate.pem().as_bytes())?;
        Ok(file)
    }

    /// What a server on 127.0.0.1 needs.
    pub(super) fn server(&self) -> Result<ServerConfig, Box<dyn std::error::Error + Send + Sync>> {
        let key = KeyPair::generate()?;
        let params = CertificateParams::new(["127.0.0.1".to_owned()])?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Ok(versions.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key)?)
    }
}
