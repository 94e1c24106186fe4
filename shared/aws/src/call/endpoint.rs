//! Where a service is.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::ServiceName;

/// The base URL of `service` under this configuration, without a slash at its end; none without a region. A URL that
/// the configuration names comes first, as in the SDK: its own, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`.
pub(super) fn endpoint(sdk: &SdkConfig, service: ServiceName) -> Option<String> {
    let named = named(sdk, service.id).map(|url| url.trim_end_matches('/').to_owned());
    named.or_else(|| {
        let (fips, dual_stack) = (sdk.use_fips().unwrap_or(false), sdk.use_dual_stack().unwrap_or(false));
        Some(of_aws(service, sdk.region()?.as_ref(), fips, dual_stack))
    })
}

fn named(sdk: &SdkConfig, id: &str) -> Option<String> {
    let key =
        ServiceConfigKey::builder().service_id(id).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let given_in_code = sdk.get_origin("endpoint_url").is_client_config();
    let own =
        sdk.service_config().filter(|_| !given_in_code).and_then(|config| config.load_config(key.ok()?));
    own.or_else(|| sdk.endpoint_url().map(str::to_owned))
}

/// AWS's own endpoint.
///
/// Source: AWS General Reference, "AWS service endpoints" (FIPS and dual-stack included); the partitions' endings are
/// those of the SDKs' `partitions.json`.
fn of_aws(service: ServiceName, region: &str, fips: bool, dual_stack: bool) -> String {
    let (host, fips) = (service.host, if fips { "-fips" } else { "" });
    match (dual_stack, service.is_s3()) {
        (true, true) => format!("https://{host}{fips}.dualstack.{region}.{}", ending(region)),
        (true, false) => format!("https://{host}{fips}.{region}.{}", dual_stack_ending(region)),
        (false, _) => format!("https://{host}{fips}.{region}.{}", ending(region)),
    }
}

fn ending(region: &str) -> &'static str {
    match partition(region) {
        "cn" => "amazonaws.com.cn",
        "eusc" => "amazonaws.eu",
        "us-iso" => "c2s.ic.gov",
        "us-isob" => "sc2s.sgov.gov",
        "us-isof" => "csp.hci.ic.gov",
        "eu-isoe" => "cloud.adc-e.uk",
        _ => "amazonaws.com",
    }
}

fn dual_stack_ending(region: &str) -> &'static str {
    match partition(region) {
        "cn" => "api.amazonwebservices.com.cn",
        "eusc" => "api.amazonwebservices.eu",
        _ => "api.aws",
    }
}

/// The start of `region` that tells its partition: `us-isob` of `us-isob-east-1`, `cn` of `cn-north-1`.
fn partition(region: &str) -> &str {
    let first = region.find('-').unwrap_or(region.len());
    let second = region[first..].match_indices('-').nth(1).map_or(region.len(), |(at, _)| first + at);
    match &region[..second] {
        long if long.contains("-iso") => long,
        _ => &region[..first],
    }
}

#[cfg(test)]
mod tests {
    use aws_config::{BehaviorVersion, Region};

    use super::*;
    use crate::operations::lambda::LAMBDA;
    use crate::operations::s3::S3;
    use crate::operations::sqs::SQS;

    fn sdk(region: Option<&'static str>) -> aws_types::sdk_config::Builder {
        let region = region.map(Region::from_static);
        SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(region)
    }

    #[test]
    fn a_region_names_its_partitions_own_host() {
        for (region, host) in [
            ("eu-central-1", "sqs.eu-central-1.amazonaws.com"),
            ("cn-north-1", "sqs.cn-north-1.amazonaws.com.cn"),
            ("us-gov-west-1", "sqs.us-gov-west-1.amazonaws.com"),
            ("us-iso-east-1", "sqs.us-iso-east-1.c2s.ic.gov"),
            ("us-isob-east-1", "sqs.us-isob-east-1.sc2s.sgov.gov"),
            ("eusc-de-east-1", "sqs.eusc-de-east-1.amazonaws.eu"),
        ] {
            let found = endpoint(&sdk(Some(region)).build(), SQS);
            assert_eq!(found.as_deref(), Some(format!("https://{host}").as_str()));
        }
    }

    #[test]
    fn fips_and_dual_stack_have_hosts_of_their_own() {
        assert_eq!(of_aws(SQS, "us-east-1", true, false), "https://sqs-fips.us-east-1.amazonaws.com");
        assert_eq!(of_aws(S3, "us-east-1", true, true), "https://s3-fips.dualstack.us-east-1.amazonaws.com");
        assert_eq!(of_aws(LAMBDA, "us-east-1", false, true), "https://lambda.us-east-1.api.aws");
    }

    #[test]
    fn a_url_that_is_given_needs_no_region_and_there_is_none_without_both() {
        let given = sdk(None).endpoint_url("http://127.0.0.1:9324/").build();
        assert_eq!(endpoint(&given, SQS).as_deref(), Some("http://127.0.0.1:9324"));
        assert_eq!(endpoint(&sdk(None).build(), SQS), None);
    }

    #[test]
    fn a_services_own_url_comes_before_the_one_of_all() {
        #[derive(Debug)]
        struct OfSqsAlone;
        impl aws_types::service_config::LoadServiceConfig for OfSqsAlone {
            fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
                assert_eq!((key.env(), key.profile()), ("AWS_ENDPOINT_URL", "endpoint_url"));
                (key.service_id() == "SQS").then(|| "http://queues.test".to_owned())
            }
        }
        let sdk = sdk(Some("us-east-1")).service_config(OfSqsAlone).build();
        assert_eq!(endpoint(&sdk, SQS).as_deref(), Some("http://queues.test"));
        let lambda = endpoint(&sdk, LAMBDA);
        assert_eq!(lambda.as_deref(), Some("https://lambda.us-east-1.amazonaws.com"));
    }
}
