//! The secrets that functions are told to read: there, and young.

use std::time::Duration;

use revops_core::Timestamp;

use super::facts::Secret;
use crate::commands::check::finding::Finding;

/// Older secrets should be changed: whoever has one for long has had long to lose it.
const YOUNG: Duration = Duration::from_hours(90 * 24);

/// Judges what is known of the secrets.
pub(super) fn check(secrets: &[Secret], now: Timestamp) -> Vec<Finding> {
    secrets.iter().filter_map(|secret| judged(secret, now)).collect()
}

fn judged(secret: &Secret, now: Timestamp) -> Option<Finding> {
    let Secret { place, arn, held } = secret;
    let Some(held) = held else {
        let reason = format!("{arn} is not there: the function cannot read it");
        return Some(Finding::error(
            place,
            reason,
            "make the secret in this account and region, or mend the ARN",
        ));
    };
    if held.is_deleted {
        let reason = format!("{arn} is to be deleted: the function cannot read it");
        let fix = format!("aws secretsmanager restore-secret --secret-id {arn}");
        return Some(Finding::error(place, reason, fix));
    }
    let age = now.since(held.changed?);
    let days = age.as_secs() / 86_400;
    (age > YOUNG).then(|| {
        let reason = format!("{arn} was last changed {days} days ago");
        let fix = "put a new secret before the old one, wait an hour, then take the old one out";
        Finding::warning(place, reason, fix)
    })
}
