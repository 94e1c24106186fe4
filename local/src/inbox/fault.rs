//! A scripted fault of the inbox. Pure.

use std::time::Duration;

use serde::Deserialize;

/// The longest answer delay, in milliseconds.
const LONGEST_DELAY_MS: u64 = 600_000;

/// What `PUT /_local/inbox/{header}` takes. Every field is optional.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    /// HTTP status to answer with instead of 200.
    status: Option<u16>,
    /// Share of the deliveries that suffer, 0 to 1; without it all do.
    #[serde(default = "always")]
    rate: f64,
    /// Time to wait before the answer.
    #[serde(default)]
    delay_ms: u64,
    /// Value of a `Retry-After` header: seconds, also negative, or any text such as a date.
    retry_after: Option<RetryAfter>,
    /// How many deliveries suffer before the fault ends; without it the fault stays.
    count: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum RetryAfter {
    Seconds(i64),
    Text(String),
}

fn always() -> f64 {
    1.0
}

/// What one delivery suffers; by default nothing.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Misbehaviour {
    pub(super) delay: Duration,
    pub(super) status: Option<u16>,
    pub(super) retry_after: Option<String>,
}

impl Fault {
    /// Reads and checks a fault, or says what is wrong with it.
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        let fault: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if fault.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status must be from 200 to 599".to_owned());
        }
        if !(0.0..=1.0).contains(&fault.rate) {
            return Err("rate must be from 0 to 1".to_owned());
        }
        if fault.delay_ms > LONGEST_DELAY_MS {
            return Err(format!("delay_ms must be at most {LONGEST_DELAY_MS}"));
        }
        Ok(fault)
    }

    /// What the next delivery suffers; `roll` is a random number from 0 up to, but not, 1.
    pub(super) fn strike(&mut self, roll: f64) -> Misbehaviour {
        if roll >= self.rate || self.is_spent() {
            return Misbehaviour::default();
        }
        self.count = self.count.map(|count| count - 1);
        Misbehaviour {
            delay: Duration::from_millis(self.delay_ms),
            status: self.status,
            retry_after: self.retry_after.as_ref().map(|value| match value {
                RetryAfter::Seconds(seconds) => seconds.to_string(),
                RetryAfter::Text(text) => text.clone(),
            }),
        }
    }

    /// Whether nothing will suffer from it any more.
    pub(super) fn is_spent(&self) -> bool {
        self.count == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strike(json: &str, roll: f64) -> Misbehaviour {
        Fault::parse(json.as_bytes()).unwrap().strike(roll)
    }

    #[test]
    fn a_fault_with_all_fields_delays_fails_and_says_when_to_come_back() {
        let suffered = strike(r#"{"status":503,"rate":0.3,"delay_ms":20,"retry_after":7}"#, 0.29);
        let expected = Misbehaviour {
            delay: Duration::from_millis(20),
            status: Some(503),
            retry_after: Some("7".to_owned()),
        };
        assert_eq!(suffered, expected);
    }

    #[test]
    fn a_rate_spares_the_others() {
        assert_eq!(strike(r#"{"status":503,"rate":0.3}"#, 0.3), Misbehaviour::default());
        assert_eq!(strike(r#"{"status":503}"#, 0.999).status, Some(503));
        assert_eq!(strike(r#"{"status":503,"rate":0}"#, 0.0).status, None);
    }

    #[test]
    fn a_delay_alone_is_slow_but_not_wrong() {
        assert_eq!(strike(r#"{"delay_ms":5}"#, 0.0).status, None);
    }

    #[test]
    fn a_count_ends_the_fault() {
        let mut fault = Fault::parse(br#"{"status":500,"count":2}"#).unwrap();
        assert_eq!(fault.strike(0.0).status, Some(500));
        assert!(!fault.is_spent());
        assert_eq!(fault.strike(0.0).status, Some(500));
        assert!(fault.is_spent());
        assert_eq!(fault.strike(0.0).status, None);
    }

    #[test]
    fn retry_after_may_be_negative_or_a_date() {
        let value = |json: &str| strike(json, 0.0).retry_after.unwrap();
        assert_eq!(value(r#"{"retry_after":-1}"#), "-1");
        assert_eq!(
            value(r#"{"retry_after":"Sun, 22 Nov 2026 06:30:00 GMT"}"#),
            "Sun, 22 Nov 2026 06:30:00 GMT"
        );
    }

    #[test]
    fn a_misspelt_or_impossible_fault_is_refused() {
        let wrong = [
            r#"{"statsu":1}"#,
            r#"{"status":99}"#,
            r#"{"rate":1.1}"#,
            r#"{"delay_ms":-1}"#,
            r#"{"delay_ms":600001}"#,
        ];
        for json in wrong {
            assert!(Fault::parse(json.as_bytes()).is_err(), "{json}");
        }
    }
}
