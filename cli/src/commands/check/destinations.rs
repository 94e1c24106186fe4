//! Where answers are sent: what `delivery` would refuse only when it connects, and what leaks.

use std::net::IpAddr;

use revops_core::Header;
use revops_core::address::{IpNet, is_allowed, read_allowed_private_cidrs};
use revops_core::config::{Reader, Variables};
use sam_template::Function;
use url::{Host, Url};

use super::finding::Finding;
use super::template::{Template, place};

/// Judges the webhooks' URLs. That they are https is for the function's own reading of its environment.
pub(super) fn check(template: &Template) -> Vec<Finding> {
    let Some(function) = template.function("delivery") else { return Vec::new() };
    let variables = Variables::new(function.environment.clone());
    let allowed = read_allowed_private_cidrs(&mut Reader::new(&variables));
    let urls = Header::ALL.iter().filter_map(|header| {
        let variable = format!("{}_WEBHOOK_URL", header.variable_prefix());
        let url = variables.get(&variable)?.parse().ok()?;
        Some(judged(function, &variable, &url, &allowed))
    });
    urls.flatten().collect()
}

fn judged(function: &Function, variable: &str, url: &Url, allowed: &[IpNet]) -> Vec<Finding> {
    let place = place(&function.logical_id, &format!("Environment.Variables.{variable}"));
    let mut findings = Vec::new();
    if !url.username().is_empty() || url.password().is_some() {
        findings.push(Finding::error(
            &place,
            "the URL has a user or a password: deliveries are signed, and URLs are shown to operators",
            "take it out; the receiver verifies the signature",
        ));
    }
    if let Some(address) = address(url).filter(|address| !is_allowed(*address, allowed)) {
        findings.push(Finding::error(
            &place,
            format!("{address} is not a public address: every delivery would be refused"),
            "name a public host, or list the network in AllowedPrivateCidrs",
        ));
    }
    findings
}

/// The address that stands in the URL itself; what a name resolves to is not known here.
fn address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}
