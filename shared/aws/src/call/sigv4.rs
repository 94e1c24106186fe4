//! AWS Signature Version 4: a function of the request, the credentials and the time.
//!
//! Ours, since AWS's own signer costs about as much as all the rest of a call; a property holds the two together.
//!
//! Source: AWS Identity and Access Management User Guide, "Create a signed AWS API request".

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use aws_credential_types::Credentials;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, percent_encode};
use revops_core::Timestamp;
use revops_core::auth::sha256_hex;
use sha2::Sha256;

use super::ServiceName;
use crate::operations::ENCODED;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A path's parts are encoded once more for the signature, but for S3's keys.
const ENCODED_AGAIN: &AsciiSet = &ENCODED.remove(b'/');

/// What the signature is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) region: &'a str,
    pub(super) service: ServiceName,
}

/// What is signed.
#[derive(Debug)]
pub(super) struct Signable<'a> {
    pub(super) method: &'a str,
    /// Percent-encoded, beginning with a slash. Our calls have no query.
    pub(super) path: &'a str,
    /// Names in lower case, `host` among them, in the order of the names.
    pub(super) headers: &'a [(&'static str, &'a str)],
    /// The SHA-256 of the body in hexadecimal digits.
    pub(super) body_sha256: &'a str,
}

/// `20260101T000000Z`, the time of a signature.
pub(super) fn amz_date(now: Timestamp) -> String {
    let utc = now.utc();
    let (year, month, day) = utc.to_calendar_date();
    let (hour, minute, second) = utc.to_hms();
    format!("{year:04}{:02}{day:02}T{hour:02}{minute:02}{second:02}Z", u8::from(month))
}

/// The value of `authorization` for `request` at `amz_date`.
pub(super) fn authorization(
    request: &Signable<'_>,
    scope: Scope<'_>,
    credentials: &Credentials,
    amz_date: &str,
    keys: &DayKeys,
) -> String {
    let (region, service) = (scope.region, scope.service.host);
    let date = &amz_date[..8];
    let names = names(request.headers);
    let canonical = sha256_hex(canonical(request, &names, scope.service).as_bytes());
    let to_sign = format!("{ALGORITHM}\n{amz_date}\n{date}/{region}/{service}/aws4_request\n{canonical}");
    let signature = hex::encode(hmac(&keys.of(credentials, date, scope), to_sign.as_bytes()));
    let id = credentials.access_key_id();
    format!(
        "{ALGORITHM} Credential={id}/{date}/{region}/{service}/aws4_request, SignedHeaders={names}, Signature={signature}"
    )
}

fn names(headers: &[(&str, &str)]) -> String {
    let mut names = String::with_capacity(96);
    for (name, _) in headers {
        if !names.is_empty() {
            names.push(';');
        }
        names.push_str(name);
    }
    names
}

fn canonical(request: &Signable<'_>, names: &str, service: ServiceName) -> String {
    let mut text = String::with_capacity(1024);
    text.extend([request.method, "\n"]);
    if service.is_s3() {
        text.push_str(request.path);
    } else {
        text.extend(percent_encode(request.path.as_bytes(), ENCODED_AGAIN));
    }
    // The empty line is the query.
    text.push_str("\n\n");
    for (name, value) in request.headers {
        text.extend([name, ":", value.trim(), "\n"]);
    }
    text.extend(["\n", names, "\n", request.body_sha256]);
    text
}

/// The key that is derived for a day, kept: it is the same for all requests of that day.
#[derive(Default)]
pub(super) struct DayKeys(Mutex<Option<DayKey>>);

struct DayKey {
    access_key_id: String,
    date: String,
    key: [u8; 32],
}

impl fmt::Debug for DayKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DayKeys").finish_non_exhaustive()
    }
}

impl DayKeys {
    /// The key of `credentials` for `date`. One `DayKeys` is for one scope.
    fn of(&self, credentials: &Credentials, date: &str, scope: Scope<'_>) -> [u8; 32] {
        let id = credentials.access_key_id();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref() {
            Some(day) if day.date == date && day.access_key_id == id => day.key,
            Some(_) | None => {
                let key = derived(credentials.secret_access_key(), date, scope);
                *kept = Some(DayKey { access_key_id: id.to_owned(), date: date.to_owned(), key });
                key
            }
        }
    }
}

fn derived(secret: &str, date: &str, scope: Scope<'_>) -> [u8; 32] {
    let mut first = String::with_capacity(64);
    // Writing to a string cannot fail.
    let _ = write!(first, "AWS4{secret}");
    let of_date = hmac(first.as_bytes(), date.as_bytes());
    let of_region = hmac(&of_date, scope.region.as_bytes());
    let of_service = hmac(&of_region, scope.service.host.as_bytes());
    hmac(&of_service, b"aws4_request")
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104)")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use aws_sigv4::http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    };
    use aws_sigv4::sign::v4::SigningParams;
    use proptest::prelude::*;

    use super::*;
    use crate::operations::lambda::LAMBDA;
    use crate::operations::s3::{Bucket, S3, url};

    const ORIGIN: &str = "https://host.example:8443";

    /// What AWS's signer makes of it.
    fn theirs(
        service: ServiceName,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        seconds: u64,
    ) -> String {
        let mut settings = SigningSettings::default();
        if service.is_s3() {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let identity = credentials().into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region("eu-central-1")
            .name(service.host)
            .time(UNIX_EPOCH + Duration::from_secs(seconds))
            .settings(settings)
            .build()
            .unwrap();
        let url = format!("{ORIGIN}{path}");
        let body = SignableBody::Bytes(body);
        let request = SignableRequest::new("PUT", url, headers.iter().copied(), body).unwrap();
        let (instructions, _) = sign(request, &parameters.into()).unwrap().into_parts();
        let mut headers = instructions.headers();
        headers.find(|(name, _)| *name == "authorization").unwrap().1.to_owned()
    }

    fn ours(
        service: ServiceName,
        path: &str,
        headers: &[(&'static str, &str)],
        body: &[u8],
        seconds: u64,
    ) -> String {
        let date = amz_date(Timestamp::from_unix_ms(i64::try_from(seconds).unwrap() * 1000));
        let body_sha256 = sha256_hex(body);
        let mut all = headers.to_vec();
        all.extend([("host", "host.example:8443"), ("x-amz-date", &date), ("x-amz-security-token", "token")]);
        if service.is_s3() {
            all.push(("x-amz-content-sha256", &body_sha256));
        }
        all.sort_unstable();
        let request = Signable { method: "PUT", path, headers: &all, body_sha256: &body_sha256 };
        let scope = Scope { region: "eu-central-1", service };
        authorization(&request, scope, &credentials(), &date, &DayKeys::default())
    }

    fn credentials() -> Credentials {
        Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            Some("token".into()),
            None,
            "test",
        )
    }

    proptest! {
        #[test]
        fn an_object_is_signed_as_by_awss_signer(
            key in "\\PC{1,40}",
            etag in "\"[0-9a-f]{32}\"",
            body in prop::collection::vec(any::<u8>(), 0..200),
            seconds in 0_u64..4_000_000_000,
        ) {
            let url = url(ORIGIN, Bucket { name: "bucket", in_path: true }, &key);
            let path = url.strip_prefix(ORIGIN).unwrap();
            let headers = [("content-type", "application/json"), ("if-match", etag.as_str())];
            prop_assert_eq!(ours(S3, path, &headers, &body, seconds), theirs(S3, path, &headers, &body, seconds));
        }

        #[test]
        fn a_function_is_invoked_with_the_signature_of_awss_signer(name in "[a-zA-Z0-9:_-]{1,60}", seconds in 0_u64..4_000_000_000) {
            let name = percent_encoding::utf8_percent_encode(&name, ENCODED);
            let path = format!("/2015-03-31/functions/{name}/invocations");
            let headers = [("x-amz-invocation-type", "RequestResponse")];
            prop_assert_eq!(ours(LAMBDA, &path, &headers, b"{}", seconds), theirs(LAMBDA, &path, &headers, b"{}", seconds));
        }
    }

    #[test]
    fn a_new_day_and_new_credentials_have_keys_of_their_own() {
        let (keys, scope) = (DayKeys::default(), Scope { region: "us-east-1", service: S3 });
        let other = Credentials::new("OTHER", "secret", None, None, "test");
        let first = keys.of(&credentials(), "20260101", scope);
        assert_eq!(first, keys.of(&credentials(), "20260101", scope));
        assert_ne!(first, keys.of(&credentials(), "20260102", scope));
        assert_eq!(keys.of(&other, "20260101", scope), derived("secret", "20260101", scope));
        assert_eq!(first, keys.of(&credentials(), "20260101", scope));
    }
}
