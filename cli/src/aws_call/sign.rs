//! Signature Version 4 of one request.

use std::time::{Duration, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use revops_aws::SystemClock;
use revops_core::Timestamp;
use revops_core::ports::Clock as _;
use revops_core::telemetry::with_causes;

use crate::error::CtlError;

/// The headers that sign a POST of `body` to `url` with `headers`.
pub(super) async fn headers(
    config: &SdkConfig,
    service: &str,
    region: &str,
    url: &str,
    headers: &[(&'static str, String)],
    body: &str,
) -> Result<Vec<(String, String)>, CtlError> {
    let credentials = credentials(config).await?;
    signed(&credentials, service, region, SystemClock.now(), url, headers, body)
}

async fn credentials(config: &SdkConfig) -> Result<Credentials, CtlError> {
    let none = "no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; \
                with SSO: eval \"$(aws configure export-credentials --format env)\"";
    let provider = config.credentials_provider().ok_or_else(|| CtlError::Usage(none.to_owned()))?;
    let found = provider.provide_credentials().await;
    found.map_err(|cause| CtlError::Usage(format!("{none} ({})", with_causes(&cause))))
}

fn signed(
    credentials: &Credentials,
    service: &str,
    region: &str,
    now: Timestamp,
    url: &str,
    headers: &[(&'static str, String)],
    body: &str,
) -> Result<Vec<(String, String)>, CtlError> {
    let failed = |cause: &dyn std::error::Error| {
        CtlError::Failed(format!(
            "the request to {service} cannot be signed: {}; is {url} right?",
            with_causes(cause)
        ))
    };
    let identity = credentials.clone().into();
    let since = Duration::from_millis(u64::try_from(now.unix_ms()).unwrap_or_default());
    let parameters = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(UNIX_EPOCH + since)
        .settings(SigningSettings::default())
        .build()
        .map_err(|cause| failed(&cause))?;
    let names = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let request = SignableRequest::new("POST", url, names, SignableBody::Bytes(body.as_bytes()))
        .map_err(|cause| failed(&cause))?;
    let (instructions, _) = sign(request, &parameters.into()).map_err(|cause| failed(&cause))?.into_parts();
    Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_for_its_service_region_and_day_over_its_headers() {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("token".to_owned()), None, "test");
        let headers = [("x-amz-target", "Logs_20140328.FilterLogEvents".to_owned())];
        let now = "2025-08-13T06:30:00Z".parse().unwrap();
        let url = "https://logs.eu-central-1.amazonaws.com/";
        let signed = signed(&credentials, "logs", "eu-central-1", now, url, &headers, "{}").unwrap();
        let header =
            |name: &str| signed.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
        assert_eq!(header("x-amz-date"), Some("20250813T063000Z"));
        assert_eq!(header("x-amz-security-token"), Some("token"));
        let authorization = header("authorization").unwrap();
        assert!(authorization.contains("Credential=AKIDEXAMPLE/20250813/eu-central-1/logs/aws4_request"));
        assert!(
            authorization.contains("SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target"),
            "{authorization}"
        );
    }
}
