//! The address guard inside the connector: what it lets through is what is connected to, so that a name that
//! changes its mind between check and use gains nothing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use revops_core::address::{IpNet, is_allowed};
use url::{Host, Url};

/// One of the name's addresses may not be reached; no connection was tried.
#[derive(Debug, thiserror::Error)]
#[error("the name resolves to an address that may not be reached")]
pub(super) struct Blocked;

/// The name has no address.
#[derive(Debug, thiserror::Error)]
#[error("the name cannot be resolved")]
pub(super) struct Unresolved(#[source] Option<io::Error>);

/// Resolves as the system does, and refuses a name if any of its addresses may not be reached.
#[derive(Clone)]
pub(super) struct GuardedResolver<L> {
    allowed_private: Arc<[IpNet]>,
    lookup: L,
}

/// From a name to its addresses.
pub(super) trait Lookup: Clone + Send + Sync + 'static {
    fn addresses(&self, name: String) -> impl Future<Output = io::Result<Vec<IpAddr>>> + Send;
}

/// The system's resolver.
#[derive(Clone, Copy)]
pub(super) struct SystemLookup;

impl Lookup for SystemLookup {
    async fn addresses(&self, name: String) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

impl<L> GuardedResolver<L> {
    pub(super) fn new(allowed_private: Vec<IpNet>, lookup: L) -> Self {
        Self { allowed_private: allowed_private.into(), lookup }
    }
}

impl<L: Lookup> Resolve for GuardedResolver<L> {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { allowed_private, lookup } = self.clone();
        Box::pin(async move {
            let addresses =
                lookup.addresses(name.as_str().to_owned()).await.map_err(|cause| Unresolved(Some(cause)))?;
            if addresses.is_empty() {
                return Err(Unresolved(None).into());
            }
            if !addresses.iter().all(|&ip| is_allowed(ip, &allowed_private)) {
                return Err(Blocked.into());
            }
            // Port 0 stands for the URL's own.
            Ok(Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

/// Whether `url` may be reached as far as its host is an address. The URL's parser has turned every spelling
/// (decimal, octal, hexadecimal, short) into the address that it means.
pub(super) fn literal_is_allowed(url: &Url, allowed_private: &[IpNet]) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_allowed(ip.into(), allowed_private),
        Some(Host::Ipv6(ip)) => is_allowed(ip.into(), allowed_private),
        Some(Host::Domain(_)) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_literal_address_is_judged() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://0x7f.1/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://①②⑦.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
        ] {
            assert!(!literal_is_allowed(&url.parse().unwrap(), &[]), "{url}");
        }
        assert!(literal_is_allowed(&"https://hooks.example.com/".parse().unwrap(), &[]));
        assert!(literal_is_allowed(&"https://52.94.236.248/".parse().unwrap(), &[]));
    }
}
