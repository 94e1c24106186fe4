//! IANA's special-purpose address registries as tables, each range with the document that defines it.
//!
//! Sources: <https://www.iana.org/assignments/iana-ipv4-special-registry> and
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>, column "Globally Reachable" (what is not
//! "True" there is not reachable here, "N/A" among it), and the multicast blocks, which have registries of
//! their own. Every row of the registries is a row here, also where a wider one says the same, so that the
//! two can be compared line by line; `tests/address_registry.rs` does, at both edges of each.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A range and whether it is globally reachable.
pub(super) struct Range {
    first: u128,
    /// How many of the low bits vary inside the range.
    free_bits: u32,
    reachable: bool,
    /// The document that reserves the range; shown by tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "provenance of each row, checked by tests"))]
    pub(super) defined_by: &'static str,
}

/// Whether `address` is globally reachable: what the most specific range around it says, and yes where no
/// range says anything.
pub(super) fn is_global(address: u128, ranges: &[Range]) -> bool {
    let around = ranges.iter().filter(|range| range.contains(address));
    around.min_by_key(|range| range.free_bits).is_none_or(|range| range.reachable)
}

impl Range {
    const fn contains(&self, address: u128) -> bool {
        address >> self.free_bits == self.first >> self.free_bits
    }
}

const fn v4(octets: [u8; 4], prefix: u32, reachable: bool, defined_by: &'static str) -> Range {
    let [a, b, c, d] = octets;
    // `u128::from` is not const.
    let first = Ipv4Addr::new(a, b, c, d).to_bits() as u128;
    Range { first, free_bits: 32 - prefix, reachable, defined_by }
}

const fn v6(segments: [u16; 4], prefix: u32, reachable: bool, defined_by: &'static str) -> Range {
    let [a, b, c, d] = segments;
    let first = Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_bits();
    Range { first, free_bits: 128 - prefix, reachable, defined_by }
}

const fn v6_host(segments: [u16; 8], defined_by: &'static str) -> Range {
    let [a, b, c, d, e, f, g, h] = segments;
    let first = Ipv6Addr::new(a, b, c, d, e, f, g, h).to_bits();
    Range { first, free_bits: 0, reachable: true, defined_by }
}

/// IPv4. Not listed in the registry: 224.0.0.0/4, multicast.
pub(super) const IPV4: [Range; 27] = [
    v4([0, 0, 0, 0], 8, false, "RFC 791, section 3.2: this network"),
    v4([0, 0, 0, 0], 32, false, "RFC 1122, section 3.2.1.3: this host on this network"),
    v4([10, 0, 0, 0], 8, false, "RFC 1918: private use"),
    v4([100, 64, 0, 0], 10, false, "RFC 6598: shared address space"),
    v4([127, 0, 0, 0], 8, false, "RFC 1122, section 3.2.1.3: loopback"),
    v4([169, 254, 0, 0], 16, false, "RFC 3927: link local, instance metadata among it"),
    v4([172, 16, 0, 0], 12, false, "RFC 1918: private use"),
    v4([192, 0, 0, 0], 24, false, "RFC 6890, section 2.1: IETF protocol assignments"),
    v4([192, 0, 0, 0], 29, false, "RFC 7335: service continuity prefix"),
    v4([192, 0, 0, 8], 32, false, "RFC 7600: dummy address"),
    v4([192, 0, 0, 9], 32, true, "RFC 7723: port control protocol anycast"),
    v4([192, 0, 0, 10], 32, true, "RFC 8155: TURN anycast"),
    v4([192, 0, 0, 170], 32, false, "RFC 8880: NAT64/DNS64 discovery"),
    v4([192, 0, 0, 171], 32, false, "RFC 8880: NAT64/DNS64 discovery"),
    v4([192, 0, 2, 0], 24, false, "RFC 5737: documentation"),
    v4([192, 31, 196, 0], 24, true, "RFC 7535: AS112"),
    v4([192, 52, 193, 0], 24, true, "RFC 7450: AMT"),
    v4([192, 88, 99, 0], 24, false, "RFC 7526: deprecated 6to4 relay anycast"),
    v4([192, 88, 99, 2], 32, false, "RFC 6751: 6a44 relay anycast"),
    v4([192, 168, 0, 0], 16, false, "RFC 1918: private use"),
    v4([192, 175, 48, 0], 24, true, "RFC 7534: direct delegation AS112"),
    v4([198, 18, 0, 0], 15, false, "RFC 2544: benchmarking"),
    v4([198, 51, 100, 0], 24, false, "RFC 5737: documentation"),
    v4([203, 0, 113, 0], 24, false, "RFC 5737: documentation"),
    v4([224, 0, 0, 0], 4, false, "RFC 5771: multicast"),
    v4([240, 0, 0, 0], 4, false, "RFC 1112, section 4: reserved"),
    v4([255, 255, 255, 255], 32, false, "RFC 919, section 7: limited broadcast"),
];

/// IPv6 inside 2000::/3; what lies outside is not global unicast and refused as a whole, but for 64:ff9b::/96
/// (RFC 6052), which is judged by the IPv4 address inside.
pub(super) const IPV6: [Range; 15] = [
    v6([0x2001, 0, 0, 0], 23, false, "RFC 2928: IETF protocol assignments"),
    v6([0x2001, 0, 0, 0], 32, false, "RFC 4380: Teredo"),
    v6_host([0x2001, 1, 0, 0, 0, 0, 0, 1], "RFC 7723: port control protocol anycast"),
    v6_host([0x2001, 1, 0, 0, 0, 0, 0, 2], "RFC 8155: TURN anycast"),
    v6_host([0x2001, 1, 0, 0, 0, 0, 0, 3], "RFC 9665: DNS-SD service registration anycast"),
    v6([0x2001, 2, 0, 0], 48, false, "RFC 5180: benchmarking"),
    v6([0x2001, 3, 0, 0], 32, true, "RFC 7450: AMT"),
    v6([0x2001, 4, 0x112, 0], 48, true, "RFC 7535: AS112"),
    v6([0x2001, 0x10, 0, 0], 28, false, "RFC 4843: deprecated ORCHID"),
    v6([0x2001, 0x20, 0, 0], 28, true, "RFC 7343: ORCHIDv2"),
    v6([0x2001, 0x30, 0, 0], 28, true, "RFC 9374: drone remote identification"),
    v6([0x2001, 0xdb8, 0, 0], 32, false, "RFC 3849: documentation"),
    v6([0x2002, 0, 0, 0], 16, false, "RFC 3056: 6to4"),
    v6([0x2620, 0x4f, 0x8000, 0], 48, true, "RFC 7534: direct delegation AS112"),
    v6([0x3fff, 0, 0, 0], 20, false, "RFC 9637: documentation"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_starts_at_its_own_first_address_and_names_its_document() {
        for range in IPV4.iter().chain(&IPV6) {
            assert_eq!(
                range.first >> range.free_bits << range.free_bits,
                range.first,
                "{}",
                range.defined_by
            );
            assert!(range.defined_by.starts_with("RFC "), "{}", range.defined_by);
        }
    }
}
