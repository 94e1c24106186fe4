//! A scripted fault of the inbox. Pure.

mod behaviour;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http::HeaderValue;
use serde::{Deserialize, Serialize};

pub(super) use behaviour::{Behaviour, HUGE, SHORT_BODY};

/// The longest answer delay, in milliseconds.
const LONGEST_DELAY_MS: u64 = 600_000;

/// What `PUT /_local/inbox/{header}` takes. Every field is optional.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    /// HTTP status to answer with instead of 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Share of the deliveries that suffer, 0 to 1; without it all do.
    #[serde(default = "always")]
    rate: f64,
    /// Time to wait before the answer.
    #[serde(default)]
    delay_ms: u64,
    /// Value of a `Retry-After` header: seconds, also negative, or any text such as a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<RetryAfter>,
    /// How many deliveries suffer before the fault ends; without it the fault stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// What a hostile receiver does beyond a wrong status.
    #[serde(skip_serializing_if = "Option::is_none")]
    behaviour: Option<Behaviour>,
    /// Where a redirect points; without it, to the inbox itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The status to answer with; none is the usual one, or no answer at all where the behaviour gives none.
    pub(super) status: Option<u16>,
    pub(super) retry_after: Option<String>,
    pub(super) behaviour: Option<Behaviour>,
    pub(super) location: Option<String>,
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
        for (name, value) in [("retry_after", fault.retry_after()), ("location", fault.location.clone())] {
            if value.is_some_and(|value| HeaderValue::from_str(&value).is_err()) {
                return Err(format!("{name} must be text that a header can hold"));
            }
        }
        fault.check_behaviour()?;
        Ok(fault)
    }

    /// Refuses what goes with no behaviour, or not with this one: a fault that cannot happen as it is written
    /// would let a test pass that tests nothing.
    fn check_behaviour(&self) -> Result<(), String> {
        if self.location.is_some() && self.behaviour != Some(Behaviour::Redirect) {
            return Err("location goes with \"behaviour\":\"redirect\" only".to_owned());
        }
        let Some(behaviour) = self.behaviour else { return Ok(()) };
        let name = behaviour.name();
        if behaviour.usual_status().is_none() && (self.status.is_some() || self.retry_after.is_some()) {
            return Err(format!("{name} gets to no HTTP answer: leave status and retry_after out"));
        }
        if behaviour == Behaviour::Hang && self.delay_ms > 0 {
            return Err("hang never answers: leave delay_ms out".to_owned());
        }
        let is_3xx = |status: u16| (300..=399).contains(&status);
        if behaviour == Behaviour::Redirect && self.status.is_some_and(|status| !is_3xx(status)) {
            return Err("the status of a redirect must be from 300 to 399".to_owned());
        }
        Ok(())
    }

    /// What the next delivery suffers; `roll` is a random number from 0 up to, but not, 1.
    pub(super) fn strike(&mut self, roll: f64) -> Misbehaviour {
        if roll >= self.rate || self.is_spent() {
            return Misbehaviour::default();
        }
        self.count = self.count.map(|count| count - 1);
        let is_redirect = self.behaviour == Some(Behaviour::Redirect);
        let location =
            self.location.clone().or_else(|| is_redirect.then(|| behaviour::REDIRECTED.to_owned()));
        Misbehaviour {
            delay: Duration::from_millis(self.delay_ms),
            status: self.status.or(self.behaviour.and_then(Behaviour::usual_status)),
            retry_after: self.retry_after(),
            behaviour: self.behaviour,
            location,
        }
    }

    /// Whether nothing will suffer from it any more.
    pub(super) fn is_spent(&self) -> bool {
        self.count == Some(0)
    }

    fn retry_after(&self) -> Option<String> {
        self.retry_after.as_ref().map(|value| match value {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Text(text) => text.clone(),
        })
    }
}

impl Misbehaviour {
    /// The status of the answer; none where the behaviour gets to no answer.
    pub(super) fn answered_status(&self) -> Option<u16> {
        let usual = if self.behaviour.is_some() { None } else { Some(200) };
        self.status.or(usual)
    }
}
