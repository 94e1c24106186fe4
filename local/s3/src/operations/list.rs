//! ListObjectsV2.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::S3Result;
use s3s::dto::{
    CommonPrefix, EncodingType, ListObjectsV2Input, ListObjectsV2Output, Object, ObjectStorageClass,
};

use super::conditions::etag;
use super::{Operations, errors};
use crate::store::{Listing, ListingRequest, ObjectInfo, Resume};

/// AWS's largest page, and the one it sends unasked.
const MAX_KEYS: i32 = 1000;

impl Operations {
    pub(super) async fn list(&self, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
        let asked = input.max_keys.unwrap_or(MAX_KEYS);
        let page = usize::try_from(asked.min(MAX_KEYS));
        let max_keys =
            page.map_err(|_| errors::invalid_argument("max-keys must not be negative".to_owned()))?;
        let request = ListingRequest {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().filter(|delimiter| !delimiter.is_empty()),
            resume: resume(&input)?,
            max_keys,
        };
        let bucket = input.bucket.clone();
        let listing = self.blocking(move |store| store.list(&bucket, &request)).await?;
        Ok(output(input, listing))
    }
}

/// The continuation token wins over start-after.
fn resume(input: &ListObjectsV2Input) -> S3Result<Option<Resume>> {
    match (&input.continuation_token, &input.start_after) {
        (Some(token), _) => decode(token).map(Some).ok_or_else(|| {
            errors::invalid_argument("The continuation token provided is incorrect".to_owned())
        }),
        (None, Some(key)) => Ok(Some(Resume::AfterKey(key.clone()))),
        (None, None) => Ok(None),
    }
}

fn encode(resume: &Resume) -> String {
    let text = match resume {
        Resume::AfterKey(key) => format!("k{key}"),
        Resume::AfterPrefix(prefix) => format!("p{prefix}"),
    };
    URL_SAFE_NO_PAD.encode(text)
}

fn decode(token: &str) -> Option<Resume> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let resume = |(kind, rest): (&str, &str)| match kind {
        "k" => Some(Resume::AfterKey(rest.to_owned())),
        "p" => Some(Resume::AfterPrefix(rest.to_owned())),
        _ => None,
    };
    text.split_at_checked(1).and_then(resume)
}

fn output(input: ListObjectsV2Input, listing: Listing) -> ListObjectsV2Output {
    let urls = input.encoding_type.as_ref().is_some_and(|kind| kind.as_str() == EncodingType::URL);
    let text = |text: String| if urls { url_encoded(&text) } else { text };
    let count = listing.objects.len() + listing.common_prefixes.len();
    let contents = listing.objects.into_iter().map(|(key, info)| object(text(key), info)).collect();
    let prefixes = listing.common_prefixes.into_iter();
    ListObjectsV2Output {
        name: Some(input.bucket),
        key_count: i32::try_from(count).ok(),
        max_keys: Some(input.max_keys.unwrap_or(MAX_KEYS).min(MAX_KEYS)),
        is_truncated: Some(listing.next.is_some()),
        next_continuation_token: listing.next.as_ref().map(encode),
        contents: Some(contents),
        common_prefixes: Some(prefixes.map(|prefix| CommonPrefix { prefix: Some(text(prefix)) }).collect()),
        prefix: Some(text(input.prefix.unwrap_or_default())),
        delimiter: input.delimiter.map(text),
        start_after: input.start_after.map(text),
        continuation_token: input.continuation_token,
        encoding_type: input.encoding_type,
        ..Default::default()
    }
}

fn object(key: String, info: ObjectInfo) -> Object {
    Object {
        key: Some(key),
        e_tag: Some(etag(info.etag)),
        size: i64::try_from(info.size).ok(),
        last_modified: Some(info.modified.into()),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        ..Default::default()
    }
}

/// `encoding-type=url`: everything but RFC 3986's unreserved characters and the slash.
fn url_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_where_the_next_page_begins() {
        for resume in [Resume::AfterKey("a/é".into()), Resume::AfterPrefix("a/".into())] {
            assert_eq!(decode(&encode(&resume)), Some(resume));
        }
        for token in ["", "!!", "eA"] {
            assert_eq!(decode(token), None, "{token:?}");
        }
    }

    #[test]
    fn keys_are_url_encoded_on_request() {
        assert_eq!(url_encoded("a b/é+1~.txt"), "a%20b/%C3%A9%2B1~.txt");
    }
}
