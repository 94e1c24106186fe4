//! Which addresses the gateway may reach: the guard against server-side request forgery.
//!
//! The judgement is made on resolved addresses, inside the connector, never on the text of a URL: a name can
//! point anywhere, and to another place a moment later.

mod allowed;
mod embedded;
mod ranges;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use allowed::read_allowed_private_cidrs;
pub use ipnet::IpNet;

use embedded::{EmbeddedIpv4, embedded_ipv4};

/// Whether the gateway may connect to `ip`: IANA's special-purpose registries call it globally reachable, or
/// `allowed_private` lists it. An IPv6 address that carries an IPv4 address is judged by that one too.
#[must_use]
pub fn is_allowed(ip: IpAddr, allowed_private: &[IpNet]) -> bool {
    let listed = |ip: IpAddr| allowed_private.iter().any(|net| net.contains(&ip));
    listed(ip)
        || match ip {
            IpAddr::V4(ip) => is_global_v4(ip),
            IpAddr::V6(ip) => match embedded_ipv4(ip) {
                // The kernel reaches the IPv4 address; the spelling itself is not globally reachable.
                Some(EmbeddedIpv4::Mapped(inner)) => listed(inner.into()),
                // The translator reaches the IPv4 address.
                Some(EmbeddedIpv4::Nat64(inner)) => listed(inner.into()) || is_global_v4(inner),
                Some(EmbeddedIpv4::Tunnelled(inner)) => is_global_v6(ip) && is_global_v4(inner),
                None => is_global_v6(ip),
            },
        }
}

fn is_global_v4(ip: Ipv4Addr) -> bool {
    ranges::is_global(u128::from(ip.to_bits()), &ranges::IPV4)
}

fn is_global_v6(ip: Ipv6Addr) -> bool {
    // Only 2000::/3 is allocated as global unicast (RFC 4291, section 2.4; IANA's address space registry).
    ip.to_bits() >> 125 == 1 && ranges::is_global(ip.to_bits(), &ranges::IPV6)
}
