//! Which class has a webhook, and which queue serves it.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::Reader;
use crate::Header;

/// The webhooks, by class. A class without one falls back to `general`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destinations(BTreeMap<Header, Url>);

impl Destinations {
    /// Reads `DEAL_ANALYSIS_WEBHOOK_URL` and its three sisters. `GENERAL_WEBHOOK_URL` must be set, since
    /// everything else falls back to it; https unless `ALLOW_HTTP_DESTINATIONS=true`.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let allow_http = reader.switch("ALLOW_HTTP_DESTINATIONS", false);
        Self::read_with(reader, allow_http)
    }

    /// Reads the same variables for a function that calls none of the webhooks and only has to know which
    /// classes have one: whether plain http is allowed is for the function that calls them.
    pub fn read_for_routing(reader: &mut Reader<'_>) -> Self {
        Self::read_with(reader, true)
    }

    fn read_with(reader: &mut Reader<'_>, allow_http: bool) -> Self {
        let mut urls = BTreeMap::new();
        for header in Header::ALL {
            let name = format!("{}_WEBHOOK_URL", header.variable_prefix());
            if let Some(url) = read_url(reader, &name, allow_http) {
                urls.insert(header, url);
            }
        }
        if reader.variables().get("GENERAL_WEBHOOK_URL").is_none() {
            reader.complain("GENERAL_WEBHOOK_URL", "is not set", "https://example.com/webhooks/general");
        }
        Self(urls)
    }

    /// The class whose webhook serves `header`: itself, or `general` where it has none.
    #[must_use]
    pub fn target(&self, header: Header) -> Header {
        if self.0.contains_key(&header) { header } else { Header::General }
    }

    /// The webhook that serves `header`.
    #[must_use]
    pub fn url(&self, header: Header) -> Option<&Url> {
        self.0.get(&self.target(header))
    }
}

fn read_url(reader: &mut Reader<'_>, name: &str, allow_http: bool) -> Option<Url> {
    let url: Url = reader.optional(name, "https://example.com/webhooks/deals")?;
    let scheme_is_fine = url.scheme() == "https" || (allow_http && url.scheme() == "http");
    if !scheme_is_fine || url.host_str().is_none() {
        reader.complain(name, "must be an https URL", "https://example.com/webhooks/deals");
        return None;
    }
    Some(url)
}

/// The outbound queues, by class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassQueues {
    by_class: BTreeMap<Header, String>,
    fallback: String,
}

impl ClassQueues {
    /// Reads `DEAL_ANALYSIS_QUEUE_URL` and its sisters; `OUTBOUND_WEBHOOK_QUEUE_URL` serves classes
    /// without a queue of their own and must be set unless every class has one.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let mut by_class = BTreeMap::new();
        for header in Header::ALL {
            let name = format!("{}_QUEUE_URL", header.variable_prefix());
            if let Some(url) = reader.variables().get(&name) {
                by_class.insert(header, url.to_owned());
            }
        }
        let fallback = match reader.variables().get("OUTBOUND_WEBHOOK_QUEUE_URL") {
            Some(url) => url.to_owned(),
            None if by_class.len() == Header::ALL.len() => String::new(),
            None => reader.required(
                "OUTBOUND_WEBHOOK_QUEUE_URL",
                "https://sqs.us-east-1.amazonaws.com/123456789012/outbound",
            ),
        };
        Self { by_class, fallback }
    }

    /// The URL of the queue that serves `header`.
    #[must_use]
    pub fn url(&self, header: Header) -> &str {
        self.by_class.get(&header).unwrap_or(&self.fallback)
    }

    /// The URLs of all these queues, each once.
    #[must_use]
    pub fn urls(&self) -> BTreeSet<&str> {
        self.by_class.values().chain(std::iter::once(&self.fallback)).map(String::as_str).collect()
    }

    /// The URL of the queue with this name, whichever class it serves.
    #[must_use]
    pub fn url_of_queue_named(&self, name: &str) -> Option<&str> {
        self.urls().into_iter().find(|url| url.rsplit('/').next() == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Variables;

    #[test]
    fn a_class_without_a_webhook_falls_back_to_general() {
        let variables = Variables::new([("GENERAL_WEBHOOK_URL", "https://example.com/g")]);
        let mut reader = Reader::new(&variables);
        let destinations = Destinations::read(&mut reader);
        reader.finish(()).unwrap();
        assert_eq!(destinations.target(Header::DealAnalysis), Header::General);
        assert_eq!(destinations.url(Header::DealAnalysis).unwrap().as_str(), "https://example.com/g");
    }

    #[test]
    fn a_plain_http_webhook_is_refused_unless_allowed() {
        let mut pairs = vec![("GENERAL_WEBHOOK_URL", "http://example.com/g")];
        let refused = Variables::new(pairs.clone());
        let mut reader = Reader::new(&refused);
        Destinations::read(&mut reader);
        assert!(reader.finish(()).is_err());
        pairs.push(("ALLOW_HTTP_DESTINATIONS", "true"));
        let allowed = Variables::new(pairs);
        let mut reader = Reader::new(&allowed);
        Destinations::read(&mut reader);
        assert!(reader.finish(()).is_ok());
    }
}
