//! What a receiver does to one conversation: a function of the seed and the conversation's number.

use http::StatusCode;

/// How a delivery fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is taken after so many failures.
    TakenAfter(u32),
    /// It is refused for good at once.
    Refused,
    /// It fails as often as it is tried.
    NeverTaken,
}

/// One answer of the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// A status, and `Retry-After` in seconds.
    Status(StatusCode, Option<u32>),
    /// Nothing, for longer than a delivery waits.
    Silence,
}

impl Reply {
    /// The receiver has it.
    pub(super) const TAKEN: Self = Self::Status(StatusCode::OK, None);
}

impl Fate {
    /// Of 100 deliveries 79 are taken at once, and 6 never: about three of ten answers are failures.
    pub(super) fn of(seed: u64, number: u32) -> Self {
        match dice(seed, number, 0).u32(0..100) {
            0..79 => Self::TakenAfter(0),
            79..87 => Self::TakenAfter(1),
            87..92 => Self::TakenAfter(2),
            92..94 => Self::TakenAfter(3),
            94..97 => Self::Refused,
            _ => Self::NeverTaken,
        }
    }

    /// The answer to the `post`th POST of the conversation `number`, from 1.
    pub(super) fn reply(self, seed: u64, number: u32, post: u32) -> Reply {
        match self {
            Self::TakenAfter(failures) if post > failures => Reply::TAKEN,
            Self::Refused => Reply::Status(StatusCode::BAD_REQUEST, None),
            Self::TakenAfter(_) | Self::NeverTaken => failure(seed, number, post),
        }
    }

    /// How the conversation ends.
    pub(super) const fn ends(self) -> &'static str {
        match self {
            Self::TakenAfter(_) => "delivered",
            Self::Refused | Self::NeverTaken => "failed",
        }
    }
}

fn failure(seed: u64, number: u32, post: u32) -> Reply {
    match dice(seed, number, post).u32(0..100) {
        0..50 => Reply::Status(StatusCode::SERVICE_UNAVAILABLE, None),
        50..70 => Reply::Status(StatusCode::INTERNAL_SERVER_ERROR, None),
        70..85 => Reply::Status(StatusCode::TOO_MANY_REQUESTS, Some(120)),
        85..98 => Reply::Status(StatusCode::REQUEST_TIMEOUT, None),
        _ => Reply::Silence,
    }
}

fn dice(seed: u64, number: u32, post: u32) -> fastrand::Rng {
    fastrand::Rng::with_seed(
        seed ^ (u64::from(number) << 8 | u64::from(post)).wrapping_mul(0x9e37_79b9_7f4a_7c15),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_three_of_ten_answers_are_failures_and_the_same_seed_makes_the_same_day() {
        let (mut posts, mut failures) = (0_u32, 0_u32);
        for number in 0..10_000 {
            let fate = Fate::of(7, number);
            assert_eq!(fate, Fate::of(7, number));
            for post in 1..=5 {
                posts += 1;
                let reply = fate.reply(7, number, post);
                failures += u32::from(reply != Reply::TAKEN);
                if reply == Reply::TAKEN || fate == Fate::Refused {
                    break;
                }
            }
        }
        assert!((28..=34).contains(&(failures * 100 / posts)), "{failures} of {posts}");
    }
}
