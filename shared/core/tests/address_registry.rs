//! IANA's special-purpose address registries, row by row: both edges of each range, and one step outside of
//! each edge.
#![expect(clippy::unwrap_used, reason = "helpers of tests, which may fail as tests do")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use revops_core::address::{IpNet, is_allowed};

/// A block, the document that reserves it, and four verdicts: on the address before it, its first, its last,
/// and the one after it. `+` is allowed, `-` refused, `.` is no address at all.
type Row = (&'static str, &'static str, &'static str);

/// The IPv4 Special-Purpose Address Registry, in its order; multicast at the end is from a registry of its own.
const IPV4: [Row; 27] = [
    ("0.0.0.0/8", "RFC 791, section 3.2", ".--+"),
    ("0.0.0.0/32", "RFC 1122, section 3.2.1.3", ".---"),
    ("10.0.0.0/8", "RFC 1918", "+--+"),
    ("100.64.0.0/10", "RFC 6598", "+--+"),
    ("127.0.0.0/8", "RFC 1122, section 3.2.1.3", "+--+"),
    ("169.254.0.0/16", "RFC 3927", "+--+"),
    ("172.16.0.0/12", "RFC 1918", "+--+"),
    ("192.0.0.0/24", "RFC 6890, section 2.1", "+--+"),
    ("192.0.0.0/29", "RFC 7335", "+---"),
    ("192.0.0.8/32", "RFC 7600", "---+"),
    ("192.0.0.9/32", "RFC 7723", "-+++"),
    ("192.0.0.10/32", "RFC 8155", "+++-"),
    ("192.0.0.170/32", "RFC 8880 and RFC 7050, section 2.2", "----"),
    ("192.0.0.171/32", "RFC 8880 and RFC 7050, section 2.2", "----"),
    ("192.0.2.0/24", "RFC 5737", "+--+"),
    ("192.31.196.0/24", "RFC 7535", "++++"),
    ("192.52.193.0/24", "RFC 7450", "++++"),
    ("192.88.99.0/24", "RFC 7526", "+--+"),
    ("192.88.99.2/32", "RFC 6751", "----"),
    ("192.168.0.0/16", "RFC 1918", "+--+"),
    ("192.175.48.0/24", "RFC 7534", "++++"),
    ("198.18.0.0/15", "RFC 2544", "+--+"),
    ("198.51.100.0/24", "RFC 5737", "+--+"),
    ("203.0.113.0/24", "RFC 5737", "+--+"),
    ("240.0.0.0/4", "RFC 1112, section 4", "---."),
    ("255.255.255.255/32", "RFC 8190 and RFC 919, section 7", "---."),
    ("224.0.0.0/4", "RFC 5771", "+---"),
];

/// The IPv6 Special-Purpose Address Registry, in its order; the last two are from the registry of the whole
/// address space. The edges of 64:ff9b::/96 carry 0.0.0.0 and 255.255.255.255 and are refused for them.
const IPV6: [Row; 27] = [
    ("::1/128", "RFC 4291", "----"),
    ("::/128", "RFC 4291", ".---"),
    ("::ffff:0:0/96", "RFC 4291", "----"),
    ("64:ff9b::/96", "RFC 6052", "----"),
    ("64:ff9b:1::/48", "RFC 8215", "----"),
    ("100::/64", "RFC 6666", "----"),
    ("100:0:0:1::/64", "RFC 9780", "----"),
    ("2001::/23", "RFC 2928", "+--+"),
    ("2001::/32", "RFC 4380 and RFC 8190", "+---"),
    ("2001:1::1/128", "RFC 7723", "-+++"),
    ("2001:1::2/128", "RFC 8155", "++++"),
    ("2001:1::3/128", "RFC 9665", "+++-"),
    ("2001:2::/48", "RFC 5180 and its erratum 1752", "----"),
    ("2001:3::/32", "RFC 7450", "-++-"),
    ("2001:4:112::/48", "RFC 7535", "-++-"),
    ("2001:10::/28", "RFC 4843", "---+"),
    ("2001:20::/28", "RFC 7343", "-+++"),
    ("2001:30::/28", "RFC 9374", "+++-"),
    ("2001:db8::/32", "RFC 3849", "+--+"),
    ("2002::/16", "RFC 3056", "+--+"),
    ("2620:4f:8000::/48", "RFC 7534", "++++"),
    ("3fff::/20", "RFC 9637", "+--+"),
    ("5f00::/16", "RFC 9602", "----"),
    ("fc00::/7", "RFC 4193 and RFC 8190", "----"),
    ("fe80::/10", "RFC 4291", "----"),
    ("fec0::/10", "RFC 3879", "----"),
    ("ff00::/8", "RFC 4291, section 2.7", "---."),
];

/// The address `steps` after `ip`, in its own family.
fn step(ip: IpAddr, steps: i8) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => {
            let bits = ip.to_bits().checked_add_signed(steps.into())?;
            Some(Ipv4Addr::from_bits(bits).into())
        }
        IpAddr::V6(ip) => {
            let bits = ip.to_bits().checked_add_signed(steps.into())?;
            Some(Ipv6Addr::from_bits(bits).into())
        }
    }
}

fn verdict(ip: Option<IpAddr>) -> char {
    match ip {
        None => '.',
        Some(ip) if is_allowed(ip, &[]) => '+',
        Some(_) => '-',
    }
}

fn check(rows: &[Row]) {
    for (block, document, expected) in rows {
        let net: IpNet = block.parse().unwrap();
        let (first, last) = (net.network(), net.broadcast());
        let found: String =
            [step(first, -1), Some(first), Some(last), step(last, 1)].map(verdict).iter().collect();
        assert_eq!(&found, expected, "{block}, {document}");
    }
}

#[test]
fn every_row_of_the_ipv4_registry_ends_where_it_says() {
    check(&IPV4);
}

#[test]
fn every_row_of_the_ipv6_registry_ends_where_it_says() {
    check(&IPV6);
}

#[test]
fn what_is_no_global_unicast_is_refused_up_to_both_edges_of_2000() {
    check(&[("2000::/3", "RFC 4291, section 2.4", "-++-")]);
}

#[test]
fn public_neighbours_of_metadata_services_stay_allowed() {
    // The rows above step over each edge; these are the addresses that an off-by-one in a prefix would take.
    for text in ["169.253.169.254", "169.255.169.254", "172.15.255.254", "192.167.169.254", "11.1.2.3"] {
        assert!(is_allowed(text.parse().unwrap(), &[]), "{text}");
    }
}
