//! What the functions see as their environment. In order of precedence: the caller's own variables, this
//! stack's values, the template's. Pure.
//!
//! A function gets a product variable only if the template declares it for that function: what works here
//! works when deployed, and a secret goes to its reader only.

mod aws;
mod caller;
mod defaults;
mod error;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

pub(crate) use caller::Caller;
pub(crate) use error::EnvironmentError;

/// What this stack offers to its functions.
#[derive(Debug, Clone)]
pub(crate) struct Offers {
    /// Base URL of the inbox, without a trailing slash; the class is appended.
    pub(crate) inbox_url: String,
    /// Base URL of the embedded services.
    pub(crate) aws_endpoint_url: String,
    /// Region of the embedded services.
    pub(crate) region: String,
    /// The made API key's SHA-256 hash in lower-case hex.
    pub(crate) api_key_hash: String,
    /// The made signing secret, `whsec_…`.
    pub(crate) signing_secret: String,
    /// `--time-scale`.
    pub(crate) time_scale: f64,
    /// `--bedrock`: the agent is the real one, with the caller's credentials.
    pub(crate) real_bedrock: bool,
}

/// Handed through to every function where the caller has set it, although no product variable.
const PASSED_THROUGH: [&str; 4] = ["RUST_BACKTRACE", "RUST_LOG", "SSL_CERT_DIR", "SSL_CERT_FILE"];

/// Where Linux distributions and macOS keep their certificate bundle.
const CERTIFICATE_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The whole environment of a function whose template declares `declared`. `exists` tells whether a file is
/// there: the template's certificate bundle is Amazon Linux's, and may lie elsewhere on this machine.
pub(crate) fn of_function(
    declared: &BTreeMap<String, String>,
    caller: &Caller,
    offers: &Offers,
    exists: &dyn Fn(&Path) -> bool,
) -> BTreeMap<String, String> {
    let mut environment = declared.clone();
    for (name, value) in &mut environment {
        if let Some(chosen) = product_variable(name, caller, offers) {
            *value = chosen;
        }
    }
    use_this_machines_certificates(&mut environment, exists);
    for name in PASSED_THROUGH {
        if let Some(value) = caller.set(name) {
            environment.insert(name.to_owned(), value.to_owned());
        }
    }
    environment.insert("TIME_SCALE".to_owned(), offers.time_scale.to_string());
    environment.extend(aws::variables(caller, offers));
    environment
}

/// What stands in the place of the template's value; `None` keeps it.
fn product_variable(name: &str, caller: &Caller, offers: &Offers) -> Option<String> {
    let local = defaults::local(name, caller, offers);
    let empty_counts = local.as_ref().is_some_and(|local| local.empty_counts);
    let chosen = if empty_counts { caller.given(name) } else { caller.set(name) };
    match (chosen, local) {
        (Some(value), _) => Some(value.to_owned()),
        (None, Some(local)) => Some(local.value),
        (None, None) => None,
    }
}

fn use_this_machines_certificates(
    environment: &mut BTreeMap<String, String>,
    exists: &dyn Fn(&Path) -> bool,
) {
    let Some(declared) = environment.remove("SSL_CERT_FILE") else {
        return;
    };
    let mut bundles = std::iter::once(declared.as_str()).chain(CERTIFICATE_BUNDLES);
    if let Some(bundle) = bundles.find(|bundle| exists(Path::new(bundle))) {
        environment.insert("SSL_CERT_FILE".to_owned(), bundle.to_owned());
    }
}
