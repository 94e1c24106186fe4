//! One delivery as the inbox shows it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use serde::Serialize;
use time::OffsetDateTime;

use super::fault::{Behaviour, Misbehaviour};
use super::signature::SignatureCheck;
use crate::clock;

/// A POST that arrived, whatever was answered.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Received {
    /// RFC 3339, milliseconds.
    received_at: String,
    /// The class in the URL's path.
    header: String,
    /// Lower-case names; several values of one name are joined by a comma.
    headers: BTreeMap<String, String>,
    /// The body, byte for byte. Absent if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The body in base64 where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
    signature: SignatureCheck,
    /// The HTTP status that was answered; null where a hostile receiver gave no answer.
    status: Option<u16>,
    /// What the inbox did beyond a status, if it was told to.
    #[serde(skip_serializing_if = "Option::is_none")]
    behaviour: Option<Behaviour>,
}

impl Received {
    /// What arrived `at` for the class `header` and suffered `misbehaviour`.
    pub(super) fn new(
        at: OffsetDateTime,
        header: String,
        headers: &HeaderMap,
        body: &Bytes,
        signature: SignatureCheck,
        misbehaviour: &Misbehaviour,
    ) -> Self {
        let text = std::str::from_utf8(body).ok().map(str::to_owned);
        let body_base64 = text.is_none().then(|| STANDARD.encode(body));
        let headers = joined(headers);
        let (status, behaviour) = (misbehaviour.answered_status(), misbehaviour.behaviour);
        let received_at = clock::rfc3339(at);
        Self { received_at, header, headers, body: text, body_base64, signature, status, behaviour }
    }
}

fn joined(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let entry = joined.entry(name.as_str().to_owned()).or_default();
        if !entry.is_empty() {
            entry.push_str(", ");
        }
        entry.push_str(&value);
    }
    joined
}
