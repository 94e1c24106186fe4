//! Amazon S3: objects of one bucket.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Method;
use percent_encoding::{AsciiSet, utf8_percent_encode};

use super::ENCODED;
use crate::call::{Answer, Call, CallError, Service, ServiceName};

/// Amazon S3.
pub(crate) const S3: ServiceName = ServiceName { id: "S3", host: "s3" };

/// What is percent-encoded in a key: a slash is not.
const ENCODED_IN_KEY: &AsciiSet = &ENCODED.remove(b'/');

/// A bucket, and how a URL names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket<'a> {
    pub(crate) name: &'a str,
    /// In the path rather than in the host name: endpoints that are not AWS's have no sub-domains.
    pub(crate) in_path: bool,
}

/// An object with what S3 says of it.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) body: Vec<u8>,
    /// With its quotes; empty where the store gives none.
    pub(crate) etag: String,
    /// How long ago it was written by the store's clock; none where the store does not tell both times.
    pub(crate) age: Option<Duration>,
}

/// What is expected of a key when it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Condition<'a> {
    /// Nothing.
    None,
    /// No object is there.
    Missing,
    /// The object there has this entity tag.
    Matches(&'a str),
}

/// `GetObject`.
pub(crate) async fn get_object(s3: &Service, bucket: Bucket<'_>, key: &str) -> Result<Object, CallError> {
    let answer = s3.send(&call(s3, Method::GET, bucket, key)?).await?;
    let (etag, age) = (answer.header("etag").unwrap_or_default().to_owned(), age(&answer));
    Ok(Object { body: answer.body, etag, age })
}

/// `PutObject` of JSON.
pub(crate) async fn put_object(
    s3: &Service,
    bucket: Bucket<'_>,
    key: &str,
    body: Bytes,
    condition: Condition<'_>,
) -> Result<(), CallError> {
    let mut call = Call { body, ..call(s3, Method::PUT, bucket, key)? };
    call.headers.push(("content-type", "application/json"));
    match condition {
        Condition::None => {}
        Condition::Missing => call.headers.push(("if-none-match", "*")),
        Condition::Matches(etag) => call.headers.push(("if-match", etag)),
    }
    s3.send(&call).await.map(|_| ())
}

/// `DeleteObject`.
pub(crate) async fn delete_object(s3: &Service, bucket: Bucket<'_>, key: &str) -> Result<(), CallError> {
    s3.send(&call(s3, Method::DELETE, bucket, key)?).await.map(|_| ())
}

fn call<'a>(s3: &Service, method: Method, bucket: Bucket<'_>, key: &str) -> Result<Call<'a>, CallError> {
    let url = url(s3.endpoint()?, bucket, key);
    Ok(Call { method, url, headers: Vec::with_capacity(2), body: Bytes::new() })
}

/// A name with dots goes into the path as well: no certificate stands for sub-domains of sub-domains.
///
/// Source: Amazon S3 User Guide, "Virtual hosting of buckets".
pub(crate) fn url(endpoint: &str, bucket: Bucket<'_>, key: &str) -> String {
    let (name, key) = (bucket.name, utf8_percent_encode(key, ENCODED_IN_KEY));
    match endpoint.split_once("://") {
        Some((scheme, host)) if !bucket.in_path && !name.contains('.') => {
            format!("{scheme}://{name}.{host}/{key}")
        }
        Some(_) | None => format!("{endpoint}/{name}/{key}"),
    }
}

/// How long ago the object was written, by the store's clock alone: both times are the store's.
fn age(answer: &Answer) -> Option<Duration> {
    let time = |name| httpdate::parse_http_date(answer.header(name)?).ok();
    let (now, written): (SystemTime, SystemTime) = (time("date")?, time("last-modified")?);
    Some(now.duration_since(written).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AWS: &str = "https://s3.eu-central-1.amazonaws.com";

    #[test]
    fn a_bucket_is_in_the_host_name_unless_it_has_dots_or_the_endpoint_no_sub_domains() {
        let at_aws = |name| url(AWS, Bucket { name, in_path: false }, "a/b.json");
        assert_eq!(at_aws("records"), "https://records.s3.eu-central-1.amazonaws.com/a/b.json");
        assert_eq!(at_aws("our.records"), "https://s3.eu-central-1.amazonaws.com/our.records/a/b.json");
        let local = url("http://127.0.0.1:9000", Bucket { name: "records", in_path: true }, "a");
        assert_eq!(local, "http://127.0.0.1:9000/records/a");
    }

    #[test]
    fn a_key_is_encoded_but_for_its_slashes() {
        let bucket = Bucket { name: "b", in_path: true };
        assert_eq!(
            url("http://s", bucket, "history/year=2026/a b?+.json"),
            "http://s/b/history/year%3D2026/a%20b%3F%2B.json"
        );
    }

    proptest! {
        #[test]
        fn every_key_makes_a_url_that_holds_it_alone(key in "\\PC{1,40}") {
            let url: http::Uri = url(AWS, Bucket { name: "b", in_path: true }, &key).parse().unwrap();
            prop_assert_eq!(url.query(), None);
            let back = percent_encoding::percent_decode_str(url.path()).decode_utf8().unwrap();
            prop_assert_eq!(back.strip_prefix("/b/"), Some(key.as_str()));
        }
    }
}
