//! IPv4 inside IPv6: in no form is more reachable than the IPv4 address itself would be.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use revops_core::address::{IpNet, is_allowed};

/// How a form is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Judged {
    /// As the IPv4 address inside.
    AsInner,
    /// Refused, whatever is inside.
    Refused,
}
use Judged::{AsInner, Refused};

/// A form, the document that defines it, what judges it, and how an IPv4 address is put into it.
type Form = (&'static str, &'static str, Judged, fn(u128) -> u128);

const FORMS: [Form; 12] = [
    ("IPv4-mapped", "RFC 4291, section 2.5.5.2", Refused, |ip| 0xffff << 32 | ip),
    ("IPv4-compatible", "RFC 4291, section 2.5.5.1", Refused, |ip| ip),
    ("IPv4-translated", "RFC 2765, section 2.1", Refused, |ip| 0xffff << 48 | ip),
    ("NAT64, well-known prefix", "RFC 6052, section 2.1", AsInner, |ip| 0x0064_ff9b << 96 | ip),
    ("NAT64, local prefix of 96 bits", "RFC 8215", Refused, |ip| 0x0064_ff9b_0001 << 80 | ip),
    // RFC 6052, section 2.2: with a shorter prefix the address lies around bits 64 to 71, which are zero.
    ("NAT64, local prefix of 48 bits", "RFC 8215", Refused, |ip| {
        0x0064_ff9b_0001 << 80 | (ip >> 16) << 64 | (ip & 0xffff) << 40
    }),
    ("NAT64, local prefix of 64 bits", "RFC 8215", Refused, |ip| 0x0064_ff9b_0001 << 80 | 7 << 64 | ip << 24),
    ("6to4", "RFC 3056, section 2", Refused, |ip| 0x2002 << 112 | ip << 80 | 1),
    ("Teredo, the client", "RFC 4380, section 4", Refused, |ip| 0x2001 << 112 | (!ip & 0xffff_ffff)),
    ("Teredo, the server", "RFC 4380, section 4", Refused, |ip| 0x2001 << 112 | ip << 64),
    ("ISATAP", "RFC 5214, section 6.1", AsInner, |ip| 0x2600_1f18 << 96 | 0x5efe << 32 | ip),
    ("ISATAP, universal", "RFC 5214, section 6.1", AsInner, |ip| 0x2600_1f18 << 96 | 0x0200_5efe << 32 | ip),
];

/// What must never be reached, and its neighbours that may.
const INNER: [(&str, bool); 14] = [
    ("0.0.0.0", false),
    ("10.0.0.1", false),
    ("100.64.0.1", false),
    ("127.0.0.1", false),
    ("169.254.169.254", false),
    ("172.31.255.255", false),
    ("192.168.0.1", false),
    ("198.18.0.1", false),
    ("224.0.0.1", false),
    ("255.255.255.255", false),
    ("8.8.8.8", true),
    ("172.32.0.0", true),
    ("192.0.0.9", true),
    ("223.255.255.255", true),
];

fn inside(form: &Form, inner: Ipv4Addr) -> IpAddr {
    Ipv6Addr::from_bits(form.3(inner.to_bits().into())).into()
}

#[test]
fn every_form_is_judged_as_its_document_deserves() {
    for form in &FORMS {
        for (text, inner_is_public) in INNER {
            let ip = inside(form, text.parse().unwrap());
            let expected = inner_is_public && form.2 == AsInner;
            assert_eq!(is_allowed(ip, &[]), expected, "{} ({}): {ip} carries {text}", form.0, form.1);
        }
    }
}

#[test]
fn a_listed_ipv4_network_opens_only_the_forms_that_reach_it_from_here() {
    let listed: [IpNet; 1] = ["10.0.0.0/8".parse().unwrap()];
    let opened: Vec<_> =
        FORMS.iter().filter(|form| is_allowed(inside(form, Ipv4Addr::new(10, 1, 2, 3)), &listed)).collect();
    let names: Vec<_> = opened.iter().map(|form| form.0).collect();
    // The kernel turns the first into IPv4, a translator the second; a tunnel's way is not listed.
    assert_eq!(names, ["IPv4-mapped", "NAT64, well-known prefix"]);
}

proptest! {
    #[test]
    fn no_form_of_any_address_reaches_what_the_address_itself_may_not(bits in any::<u32>()) {
        let inner = Ipv4Addr::from_bits(bits);
        for form in &FORMS {
            let ip = inside(form, inner);
            let expected = form.2 == AsInner && is_allowed(inner.into(), &[]);
            prop_assert_eq!(is_allowed(ip, &[]), expected, "{}: {}", form.0, ip);
        }
    }
}
