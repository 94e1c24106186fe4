//! Standard Webhooks: vectors that were made outside this project, and what must not verify.
#![expect(clippy::unwrap_used, reason = "helpers of tests, which may fail as tests do")]

use std::time::Duration;

use proptest::prelude::*;
use revops_core::Timestamp;
use revops_core::sign::{NotVerified, SignatureHeaders, SigningKeys, VerifyingKey, sign, verify};

const OFFICIAL: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OFFICIAL_ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SEED: &str = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const PUBLIC: &str = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const TOLERANCE: Duration = Duration::from_secs(300);

/// Key, id, timestamp, body, signature: published by Standard Webhooks and computed with its libraries.
const VECTORS: [(&str, &str, i64, &str, &str); 6] = [
    (
        OFFICIAL,
        OFFICIAL_ID,
        1_614_265_330,
        r#"{"test": 2432232314}"#,
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        OFFICIAL,
        OFFICIAL_ID,
        1_614_265_330,
        r#"{"q":"café ☕"}"#,
        "v1,1UGolve1LPYdzXeB0MXfKjsqghvSRbrKBLqX3JAewcs=",
    ),
    (OFFICIAL, OFFICIAL_ID, 1_614_265_330, "", "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A="),
    (
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1_649_367_553,
        r#"{"email":"test@example.com","username":"test_user"}"#,
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ),
    (
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
        1_674_087_231,
        r#"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#,
        "v1,4PMU5Dl90B4kgwxDpwuMZ/cnZ5ztf+Y+kviYQD66rJg=",
    ),
    (
        SEED,
        OFFICIAL_ID,
        1_614_265_330,
        r#"{"test": 2432232314}"#,
        "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==",
    ),
];

fn keys(texts: &[&str]) -> SigningKeys {
    SigningKeys::parse(texts).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds * 1000)
}

fn check(
    key: &[VerifyingKey],
    timestamp: &str,
    signature: &str,
    body: &str,
    now: i64,
) -> Result<(), NotVerified> {
    let headers = SignatureHeaders { id: OFFICIAL_ID, timestamp, signature };
    verify(&headers, body.as_bytes(), key, at(now), TOLERANCE)
}

#[test]
fn the_published_vectors_are_reproduced_and_verified() {
    for (key, id, timestamp, body, signature) in VECTORS {
        assert_eq!(sign(&keys(&[key]), id, timestamp, body.as_bytes()), signature);
        let timestamp = timestamp.to_string();
        let headers = SignatureHeaders { id, timestamp: &timestamp, signature };
        let key = VerifyingKey::parse(key).unwrap();
        assert_eq!(
            verify(&headers, body.as_bytes(), &[key], at(timestamp.parse().unwrap()), TOLERANCE),
            Ok(())
        );
    }
}

#[test]
fn each_key_signs_newest_first_and_any_of_them_verifies() {
    let both = sign(&keys(&[SEED, OFFICIAL]), OFFICIAL_ID, 1_614_265_330, VECTORS[0].3.as_bytes());
    assert_eq!(both, format!("{} {}", VECTORS[5].4, VECTORS[0].4));
    for key in [OFFICIAL, SEED, PUBLIC] {
        let key = [VerifyingKey::parse(key).unwrap()];
        assert_eq!(check(&key, "1614265330", &both, VECTORS[0].3, 1_614_265_330), Ok(()));
    }
}

#[test]
fn a_timestamp_over_five_minutes_from_now_is_refused_in_both_directions() {
    let key = [VerifyingKey::parse(OFFICIAL).unwrap()];
    let at_distance =
        |seconds: i64| check(&key, "1614265330", VECTORS[0].4, VECTORS[0].3, 1_614_265_330 + seconds);
    assert_eq!((at_distance(300), at_distance(-300)), (Ok(()), Ok(())));
    assert_eq!(at_distance(301), Err(NotVerified::TooFarFromNow));
    assert_eq!(at_distance(-301), Err(NotVerified::TooFarFromNow));
}

#[test]
fn a_timestamp_that_is_no_whole_number_of_seconds_is_refused() {
    let key = [VerifyingKey::parse(OFFICIAL).unwrap()];
    for timestamp in ["", "now", "1614265330.5", "99999999999999999999"] {
        let refused = check(&key, timestamp, VECTORS[0].4, VECTORS[0].3, 1_614_265_330);
        assert_eq!(refused, Err(NotVerified::Timestamp), "{timestamp}");
    }
}

#[test]
fn a_signature_of_another_key_version_or_body_proves_nothing() {
    let key = [VerifyingKey::parse(OFFICIAL).unwrap()];
    let other = sign(&keys(&["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]), OFFICIAL_ID, 1_614_265_330, b"x");
    let as_v1a = VECTORS[0].4.replacen("v1,", "v1a,", 1);
    for signature in ["", "v1", "v1,", "v1,!!", "v2,AAAA", other.as_str(), as_v1a.as_str()] {
        let refused = check(&key, "1614265330", signature, VECTORS[0].3, 1_614_265_330);
        assert_eq!(refused, Err(NotVerified::NoMatch), "{signature}");
    }
    let tampered = check(&key, "1614265330", VECTORS[0].4, r#"{"test": 2432232315}"#, 1_614_265_330);
    assert_eq!(tampered, Err(NotVerified::NoMatch));
    assert_eq!(
        check(&[], "1614265330", VECTORS[0].4, VECTORS[0].3, 1_614_265_330),
        Err(NotVerified::NoMatch)
    );
}

proptest! {
    // Ed25519 without optimisation takes milliseconds a case.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_signed_verifies_and_a_changed_byte_does_not(body in prop::collection::vec(any::<u8>(), 1..200), flip in any::<prop::sample::Index>()) {
        let keys = keys(&[OFFICIAL, SEED]);
        let signature = sign(&keys, OFFICIAL_ID, 1_614_265_330, &body);
        let headers = SignatureHeaders { id: OFFICIAL_ID, timestamp: "1614265330", signature: &signature };
        prop_assert_eq!(verify(&headers, &body, &keys.verifying(), at(1_614_265_330), TOLERANCE), Ok(()));
        let mut changed = body.clone();
        changed[flip.index(body.len())] ^= 1;
        let refused = verify(&headers, &changed, &keys.verifying(), at(1_614_265_330), TOLERANCE);
        prop_assert_eq!(refused, Err(NotVerified::NoMatch));
    }

    #[test]
    fn no_header_makes_verification_panic(id in ".*", timestamp in ".*", signature in ".*") {
        let headers = SignatureHeaders { id: &id, timestamp: &timestamp, signature: &signature };
        let _ = verify(&headers, b"", &keys(&[OFFICIAL, SEED]).verifying(), at(0), TOLERANCE);
    }
}
