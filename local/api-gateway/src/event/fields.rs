//! The parts of an event that need some making.

use crate::{arrival::Arrival, percent};
use axum::http::{HeaderMap, request::Parts};
use std::{collections::BTreeMap, time::Duration};
use time::OffsetDateTime;

/// Headers that speak of the connection to the gateway, or that the gateway sets itself.
const NOT_PASSED_ON: [&str; 9] = [
    "connection",
    "cookie",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A header's first value, if it is text.
pub(super) fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok())
}

/// The headers: names in lower case, several values of one name joined by a comma, cookies left to their own
/// field, and with what the gateway adds.
pub(super) fn headers(parts: &Parts, body_length: usize, arrival: &Arrival) -> BTreeMap<String, String> {
    let mut headers = joined(&parts.headers);
    headers.insert("content-length".into(), body_length.to_string());
    headers.insert("x-forwarded-port".into(), host(parts).1);
    headers.insert("x-forwarded-proto".into(), "http".into());
    headers.entry("x-amzn-trace-id".into()).or_insert_with(|| arrival.trace_id.clone());
    let source = arrival.source.to_string();
    headers
        .entry("x-forwarded-for".into())
        .and_modify(|before| *before = format!("{before}, {source}"))
        .or_insert(source);
    headers
}

fn joined(all: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    let passed_on = all.iter().filter(|(name, _)| !NOT_PASSED_ON.contains(&name.as_str()));
    for (name, value) in passed_on {
        let value = String::from_utf8_lossy(value.as_bytes());
        joined
            .entry(name.as_str().to_owned())
            .and_modify(|before| {
                before.push(',');
                before.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    joined
}

/// The cookies, one an entry, from all `Cookie` headers.
pub(super) fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all("cookie").iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    lines
        .flat_map(|line| line.split(';').map(|cookie| cookie.trim().to_owned()).collect::<Vec<_>>())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

/// The query's parameters, decoded, several values of one name joined by a comma.
pub(super) fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent::decode_query(value);
        parameters
            .entry(percent::decode_query(name))
            .and_modify(|before| {
                before.push(',');
                before.push_str(&value);
            })
            .or_insert(value);
    }
    parameters
}

/// The host's name and port that the client asked for.
pub(super) fn host(parts: &Parts) -> (String, String) {
    let authority =
        header(parts, "host").or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
    let authority = authority.unwrap_or("localhost");
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, port)
        }
        _ => (authority, "80"),
    };
    (name.to_owned(), port.to_owned())
}

/// `22/Nov/2026:19:00:00 +0000`.
pub(super) fn common_log_time(since_epoch: Duration) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or_default();
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let month = MONTHS[usize::from(u8::from(at.month())) - 1];
    let (hour, minute, second) = at.to_hms();
    format!("{:02}/{month}/{:04}:{hour:02}:{minute:02}:{second:02} +0000", at.day(), at.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_written_as_in_an_access_log() {
        assert_eq!(common_log_time(Duration::from_millis(1_783_711_145_766)), "10/Jul/2026:19:19:05 +0000");
    }

    #[test]
    fn parameters_are_decoded_and_joined() {
        let query =
            "repeat=one&repeat=two&redirect=https%3A%2F%2Fexample.com&plus=a+b&code=a%2Bb&empty=&flag&&";
        let expected = [
            ("code", "a+b"),
            ("empty", ""),
            ("flag", ""),
            ("plus", "a b"),
            ("redirect", "https://example.com"),
            ("repeat", "one,two"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(query_parameters(query), expected.into());
        assert!(query_parameters("").is_empty());
    }
}
