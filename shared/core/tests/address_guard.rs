//! The address guard, grouped by the documents that reserve the ranges: examples to read. Every row of the
//! registries is in `address_registry.rs`, every embedded form in `address_embedded.rs`.
#![expect(clippy::unwrap_used, reason = "helpers of tests, which may fail as tests do")]

use revops_core::address::{IpNet, is_allowed};

fn refused(texts: &[&str]) {
    for text in texts {
        assert!(!is_allowed(text.parse().unwrap(), &[]), "{text} must be refused");
    }
}

fn allowed(texts: &[&str]) {
    for text in texts {
        assert!(is_allowed(text.parse().unwrap(), &[]), "{text} must be allowed");
    }
}

fn nets(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn public_addresses_are_allowed() {
    allowed(&["1.1.1.1", "8.8.8.8", "52.94.236.248", "172.15.255.255", "172.32.0.0", "192.167.255.255"]);
    allowed(&[
        "100.63.255.255",
        "100.128.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "11.0.0.0",
    ]);
    allowed(&["2606:4700:4700::1111", "2600:1f18::1", "2001:4860:4860::8888", "2a00:1450::1", "2001:200::1"]);
}

#[test]
fn rfc_1122_the_many_faces_of_loopback_are_refused() {
    refused(&["127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "::1", "::"]);
    refused(&["::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::127.0.0.1"]);
    refused(&[
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "::ffff:0:127.0.0.1",
        "2600::5efe:127.0.0.1",
    ]);
}

#[test]
fn rfc_1918_and_rfc_6598_private_and_shared_space_is_refused() {
    refused(&[
        "10.0.0.0",
        "10.255.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.168.0.0",
        "192.168.255.255",
    ]);
    refused(&["100.64.0.0", "100.127.255.255", "64:ff9b::10.0.0.1", "::ffff:192.168.1.1", "2002:a00:1::1"]);
}

#[test]
fn rfc_3927_link_local_and_instance_metadata_is_refused() {
    refused(&["169.254.0.0", "169.254.169.254", "169.254.255.255", "fe80::1", "febf::1", "fd00:ec2::254"]);
    refused(&["64:ff9b::169.254.169.254", "::ffff:169.254.169.254", "2002:a9fe:a9fe::"]);
}

#[test]
fn rfc_6890_protocol_assignments_are_refused_but_for_the_global_anycasts() {
    refused(&[
        "192.0.0.0",
        "192.0.0.8",
        "192.0.0.170",
        "192.0.0.255",
        "2001::1",
        "2001:1ff:ffff::",
        "2001:2::1",
    ]);
    refused(&["2001:10::1", "2001:1::4"]);
    allowed(&[
        "192.0.0.9",
        "192.0.0.10",
        "2001:1::1",
        "2001:1::2",
        "2001:1::3",
        "2001:3::1",
        "2001:4:112::1",
    ]);
    allowed(&["2001:20::1", "2001:30::1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1"]);
}

#[test]
fn rfc_5737_rfc_3849_and_rfc_9637_documentation_ranges_are_refused() {
    refused(&["192.0.2.1", "198.51.100.1", "203.0.113.255", "2001:db8::1", "3fff::1", "3fff:fff:ffff::"]);
}

#[test]
fn rfc_2544_benchmarking_is_refused() {
    refused(&["198.18.0.0", "198.19.255.255"]);
}

#[test]
fn rfc_5771_multicast_rfc_1112_reserved_and_rfc_919_broadcast_are_refused() {
    refused(&["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.254", "255.255.255.255", "ff02::1"]);
    refused(&["192.88.99.1", "192.88.99.2"]);
}

#[test]
fn rfc_4193_unique_local_and_what_is_no_global_unicast_is_refused() {
    refused(&["fc00::1", "fdff::1", "fec0::1", "100::1", "100:0:0:1::1", "5f00::1", "4000::1", "1fff::1"]);
}

#[test]
fn rfc_6052_a_translated_address_is_judged_by_the_ipv4_address() {
    allowed(&["64:ff9b::8.8.8.8"]);
    refused(&["64:ff9b::192.0.2.1", "64:ff9b:1::8.8.8.8"]);
}

#[test]
fn rfc_4291_old_transition_forms_are_refused_even_for_public_addresses() {
    refused(&["::ffff:8.8.8.8", "::8.8.8.8", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:f7f7:f7f7"]);
}

#[test]
fn a_listed_network_is_allowed_in_every_spelling_that_reaches_it() {
    let listed = nets(&["127.0.0.0/8", "::1/128"]);
    for text in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"] {
        assert!(is_allowed(text.parse().unwrap(), &listed), "{text}");
    }
    for text in ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "::2", "2002:7f00:1::"] {
        assert!(!is_allowed(text.parse().unwrap(), &listed), "{text}");
    }
}
