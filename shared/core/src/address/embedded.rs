//! IPv6 addresses that carry an IPv4 address.

use std::net::{Ipv4Addr, Ipv6Addr};

/// An IPv4 address inside an IPv6 one, by the way in which it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EmbeddedIpv4 {
    /// `::ffff:a.b.c.d` (RFC 4291, section 2.5.5.2): the kernel speaks IPv4.
    Mapped(Ipv4Addr),
    /// `64:ff9b::a.b.c.d` (RFC 6052): a translator speaks IPv4.
    Nat64(Ipv4Addr),
    /// A tunnel or an old transition form, in which the IPv4 address is only part of the way.
    Tunnelled(Ipv4Addr),
}

/// The IPv4 address inside `ip`, where `ip` has one of the known forms.
pub(super) fn embedded_ipv4(ip: Ipv6Addr) -> Option<EmbeddedIpv4> {
    let segments = ip.segments();
    let low = |bits: u128| {
        let [.., a, b, c, d] = bits.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    let bits = ip.to_bits();
    match segments {
        [0, 0, 0, 0, 0, 0xffff, ..] => Some(EmbeddedIpv4::Mapped(low(bits))),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(EmbeddedIpv4::Nat64(low(bits))),
        // RFC 4291, section 2.5.5.1: IPv4-compatible, deprecated; `::` and `::1` among it.
        // RFC 2765: IPv4-translated, `::ffff:0:a.b.c.d`.
        // RFC 8215: translation prefixes for local use, 64:ff9b:1::/48.
        // RFC 5214: ISATAP, an interface identifier that ends in the IPv4 address.
        [0, 0, 0, 0, 0, 0, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 1, ..]
        | [_, _, _, _, 0 | 0x200, 0x5efe, ..] => Some(EmbeddedIpv4::Tunnelled(low(bits))),
        // RFC 3056: 6to4, the IPv4 address after 2002.
        [0x2002, ..] => Some(EmbeddedIpv4::Tunnelled(low(bits >> 80))),
        // RFC 4380: Teredo, the client's IPv4 address inverted at the end.
        [0x2001, 0, ..] => Some(EmbeddedIpv4::Tunnelled(low(!bits))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ipv4_address_is_found_in_every_form() {
        let tunnelled = |ip: [u8; 4]| Some(EmbeddedIpv4::Tunnelled(ip.into()));
        for (text, expected) in [
            ("::ffff:10.1.2.3", Some(EmbeddedIpv4::Mapped([10, 1, 2, 3].into()))),
            ("64:ff9b::10.1.2.3", Some(EmbeddedIpv4::Nat64([10, 1, 2, 3].into()))),
            ("64:ff9b:1::10.1.2.3", tunnelled([10, 1, 2, 3])),
            ("::10.1.2.3", tunnelled([10, 1, 2, 3])),
            ("::ffff:0:10.1.2.3", tunnelled([10, 1, 2, 3])),
            ("2002:a01:203::1", tunnelled([10, 1, 2, 3])),
            // RFC 4380, section 4: 192.0.2.45 behind the server 65.54.227.120.
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", tunnelled([192, 0, 2, 45])),
            ("2600:1f18::5efe:10.1.2.3", tunnelled([10, 1, 2, 3])),
            ("2600:1f18::1", None),
        ] {
            assert_eq!(embedded_ipv4(text.parse().unwrap()), expected, "{text}");
        }
    }
}
