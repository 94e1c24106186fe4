//! The text that the agent is given: when it is asked, what is asked, and how to end the answer.

use revops_core::Timestamp;
use time::{Month, OffsetDateTime};

/// The input for `query`, asked `now`. With a `nonce` it asks for a last line that names the answer's class;
/// the nonce proves that the line is the agent's own and not quoted from a record or a question.
#[must_use]
pub fn input_text(query: &str, now: Timestamp, nonce: Option<&str>) -> String {
    let mut text = format!("{}\n\nQuestion:\n{query}\n", date_block(now.utc()));
    if let Some(nonce) = nonce {
        text.push_str(&route_request(nonce));
    }
    text
}

/// Models do not know what day it is, and questions say "this quarter".
fn date_block(now: OffsetDateTime) -> String {
    let (year, month, day) = (now.year(), u8::from(now.month()), now.day());
    format!(
        "Today's date: {year:04}-{month:02}-{day:02} ({})\nCurrent time: {:02}:{:02} UTC\n\
         Current quarter: Q{} {year}\nCurrent month: {} {year}\nCurrent year: {year}",
        now.weekday(),
        now.hour(),
        now.minute(),
        quarter(now.month()),
        now.month(),
    )
}

fn quarter(month: Month) -> u8 {
    (u8::from(month) - 1) / 3 + 1
}

fn route_request(nonce: &str) -> String {
    format!(
        "\nAfter your answer, write one last line of exactly this form, with nothing after it:\n\
         route: <class> {nonce}\n\
         where <class> is the one word that fits the question best: deal_analysis (existing deals and \
         opportunities), data_analysis (figures over many records or periods), lead_analysis (people or \
         companies that are not an opportunity yet), general (everything else).\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_date_block_tells_date_time_quarter_month_and_year() {
        let text = input_text("How is Q3?", at("2025-08-13T06:05:59Z"), None);
        assert_eq!(
            text,
            "Today's date: 2025-08-13 (Wednesday)\nCurrent time: 06:05 UTC\nCurrent quarter: Q3 2025\n\
             Current month: August 2025\nCurrent year: 2025\n\nQuestion:\nHow is Q3?\n"
        );
    }

    #[test]
    fn the_time_is_utc_wherever_the_moment_was_named() {
        let text = input_text("?", at("2025-01-01T00:30:00+02:00"), None);
        assert!(text.starts_with(
            "Today's date: 2024-12-31 (Tuesday)\nCurrent time: 22:30 UTC\nCurrent quarter: Q4 2024"
        ));
    }

    #[test]
    fn every_month_is_in_its_quarter() {
        let quarters: Vec<_> = (1..=12).map(|month| quarter(Month::try_from(month).unwrap())).collect();
        assert_eq!(quarters, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    }

    #[test]
    fn the_route_line_is_asked_for_only_with_a_nonce() {
        let now = at("2025-08-13T06:30:00Z");
        assert!(input_text("?", now, Some("9a44")).contains("\nroute: <class> 9a44\n"));
        assert!(!input_text("?", now, None).contains("route:"));
    }
}
