//! Any credentials are good here: signatures are taken off the request before `s3s` looks for a
//! secret to check them with.

use http::request::Parts;
use http::{Uri, header};
use s3s::{S3Error, S3ErrorCode};

/// Query parameters of presigned URLs, versions 4 and 2, in lower case.
const SIGNATURE_PARAMETERS: [&str; 11] = [
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-signedheaders",
    "x-amz-signature",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "awsaccesskeyid",
    "signature",
    "expires",
];

/// Removes the signature from headers and query.
pub(super) fn drop_from(parts: &mut Parts) -> Result<(), S3Error> {
    parts.headers.remove(header::AUTHORIZATION);
    let Some(query) = parts.uri.query() else { return Ok(()) };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_signature(pair)).collect();
    let path = parts.uri.path();
    let target = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    parts.uri = target.parse::<Uri>().map_err(|_| S3Error::new(S3ErrorCode::InvalidURI))?;
    Ok(())
}

fn is_signature(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    SIGNATURE_PARAMETERS.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(uri: &str) -> String {
        let (mut parts, ()) = http::Request::get(uri)
            .header(header::AUTHORIZATION, "AWS4-HMAC-SHA256 nonsense")
            .body(())
            .unwrap()
            .into_parts();
        drop_from(&mut parts).unwrap();
        assert!(!parts.headers.contains_key(header::AUTHORIZATION));
        parts.uri.to_string()
    }

    #[test]
    fn the_signature_goes_and_the_rest_of_the_query_stays() {
        let presigned = "/b/k?X-Amz-Algorithm=A&X-Amz-Date=D&x-id=GetObject&X-Amz-Signature=S&partNumber=1";
        assert_eq!(cleaned(presigned), "/b/k?x-id=GetObject&partNumber=1");
        assert_eq!(cleaned("/b/k?AWSAccessKeyId=A&Signature=S&Expires=1"), "/b/k");
        assert_eq!(cleaned("/b?list-type=2&prefix=a%2Fb"), "/b?list-type=2&prefix=a%2Fb");
        assert_eq!(cleaned("/b/k"), "/b/k");
    }
}
