//! What there is to say about destinations. Never a URL: the marker has only the hash of one.

use std::io::Write;

use revops_core::Header;
use revops_core::records::DisabledRecord;
use serde_json::{Value, json};

use crate::commands::dlq::Summary;
use crate::error::CtlError;

/// Every class, with the marker of a disabled one.
pub(super) struct Table(pub(super) Vec<(Header, Option<DisabledRecord>)>);

impl Table {
    pub(super) fn print(&self, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
        let Self(rows) = self;
        if as_json {
            let rows: Vec<Value> =
                rows.iter().map(|(header, marker)| to_json(*header, marker.as_ref())).collect();
            return Ok(writeln!(out, "{}", json!(rows))?);
        }
        writeln!(out, "{:<13}  {:<8}  {:<24}  by conversation", "class", "state", "since")?;
        for (header, marker) in rows {
            let since =
                marker.as_ref().map_or_else(|| "-".to_owned(), |marker| marker.disabled_at.to_string());
            let by = marker.as_ref().map_or_else(|| "-".to_owned(), |marker| marker.tracking_id.to_string());
            // Padded by hand where the type's own Display would not be.
            writeln!(out, "{:<13}  {:<8}  {since:<24}  {by}", header.as_str(), state(marker.as_ref()))?;
        }
        if rows.iter().any(|(_, marker)| marker.is_some()) {
            writeln!(
                out,
                "disabled by a 410, until the class has another URL, or: gatewayctl destinations enable CLASS --replay"
            )?;
        }
        Ok(())
    }
}

/// What enabling a class did.
pub(super) struct Enabled {
    pub(super) header: Header,
    /// The marker that was there.
    pub(super) was: Option<DisabledRecord>,
    pub(super) replayed: Option<Summary>,
}

impl Enabled {
    pub(super) fn print(&self, as_json: bool, out: &mut impl Write) -> Result<(), CtlError> {
        let Self { header, was, replayed } = self;
        if as_json {
            let replayed = replayed.as_ref().map(Summary::to_json);
            let told =
                json!({"header": header, "was": state(was.as_ref()), "state": "enabled", "replay": replayed});
            writeln!(out, "{told}")?;
        } else {
            match was {
                Some(marker) => {
                    writeln!(out, "{header} is enabled; it was disabled at {}", marker.disabled_at)?
                }
                None => writeln!(out, "{header} was not disabled")?,
            }
            if let Some(summary) = replayed {
                summary.print(out)?;
            }
        }
        replayed.as_ref().map_or(Ok(()), Summary::verdict)
    }
}

fn to_json(header: Header, marker: Option<&DisabledRecord>) -> Value {
    json!({"header": header, "state": state(marker), "since": marker.map(|marker| marker.disabled_at),
        "tracking_id": marker.map(|marker| marker.tracking_id)})
}

const fn state(marker: Option<&DisabledRecord>) -> &'static str {
    if marker.is_some() { "disabled" } else { "enabled" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use revops_core::Timestamp;

    fn printed(as_json: bool) -> String {
        let marker = DisabledRecord {
            v: 1,
            header: Header::General,
            url_sha256: "5f".repeat(32),
            disabled_at: Timestamp::from_unix_ms(1_763_840_000_000),
            tracking_id: "0198a0a0-0000-7000-8000-000000000000".parse().unwrap(),
        };
        let mut out = Vec::new();
        let table = Table(vec![(Header::DealAnalysis, None), (Header::General, Some(marker))]);
        table.print(as_json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_disabled_class_says_since_when_by_which_conversation_and_what_to_do() {
        let text = printed(false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "deal_analysis  enabled   -                         -");
        assert!(
            lines[2].starts_with("general        disabled  2025-11-22T19:33:20.000Z  0198a0a0-"),
            "{text}"
        );
        assert!(lines[3].contains("destinations enable"));
    }

    #[test]
    fn nothing_of_a_url_is_told() {
        assert!(!printed(false).contains("5f5f") && !printed(true).contains("5f5f"));
    }
}
