//! What the gateway's manager-agent function wraps around a question, taken off again. Pure.
//!
//! The input text is a block with date, time and quarter, the question, and a request to end the
//! answer with one line `route: <class> <nonce>` (SPEC section 3). Nothing here depends on the
//! wording: a text without these parts is a question as a whole.

use time::{Date, Month};

/// The parts of an input text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt {
    pub(crate) question: String,
    /// The first ISO date of the date block.
    pub(crate) today: Option<Date>,
    /// The nonce that the answer's last line is to repeat.
    pub(crate) nonce: Option<String>,
}

impl Prompt {
    pub(crate) fn parse(input: &str) -> Self {
        let mut paragraphs = paragraphs(input);
        let request = paragraphs.iter().rposition(|paragraph| nonce(paragraph).is_some());
        let nonce =
            request.and_then(|index| nonce(&paragraphs.drain(index..).collect::<Vec<_>>().join("\n")));
        let mut today = None;
        if paragraphs.len() > 1 && paragraphs.first().is_some_and(|first| is_date_block(first)) {
            today = iso_date(&paragraphs.remove(0));
        }
        let question = without_label(&paragraphs.join("\n\n"));
        let question = if question.is_empty() { input.trim().to_owned() } else { question };
        Self { question, today, nonce }
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines() {
        match paragraphs.last_mut() {
            Some(last) if !line.trim().is_empty() => {
                last.push_str(line);
                last.push('\n');
            }
            _ => paragraphs.push(String::new()),
        }
    }
    let trimmed = paragraphs.iter().map(|paragraph| paragraph.trim().to_owned());
    trimmed.filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The nonce of a route request: what follows `route: <class>`, where the class may be a
/// placeholder in angle brackets. The last such line counts: the question comes before the request.
fn nonce(paragraph: &str) -> Option<String> {
    let lower = paragraph.to_ascii_lowercase();
    let places: Vec<usize> = lower.match_indices("route:").map(|(at, _)| at + "route:".len()).collect();
    places.into_iter().rev().find_map(|at| nonce_at(paragraph.get(at..)?))
}

fn nonce_at(text: &str) -> Option<String> {
    let line = text.trim_start().lines().next()?;
    let rest = match line.strip_prefix('<') {
        Some(placeholder) => placeholder.split_once('>')?.1,
        None => line.split_once(char::is_whitespace)?.1,
    };
    let word = rest.split_whitespace().next()?;
    let nonce = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (nonce.len() >= 4 && nonce.bytes().any(|byte| byte.is_ascii_digit())).then(|| nonce.to_owned())
}

fn is_date_block(paragraph: &str) -> bool {
    let lower = paragraph.to_lowercase();
    let words = ["today", "date", "time", "utc", "quarter", "month", "year"];
    iso_date(paragraph).is_some() && words.iter().filter(|word| lower.contains(**word)).count() >= 2
}

/// The first `YYYY-MM-DD` in the text.
fn iso_date(text: &str) -> Option<Date> {
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    text.split(|c| !is_part(c)).find_map(|word| {
        let mut parts = word.splitn(3, '-');
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let month: u8 = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
    })
}

fn without_label(text: &str) -> String {
    let tagged = text.split_once("<question>").and_then(|(_, rest)| rest.split_once("</question>"));
    if let Some((question, _)) = tagged {
        return question.trim().to_owned();
    }
    let text = text.trim();
    let labels = ["question:", "user question:", "query:"].into_iter();
    let starts =
        |label: &&str| text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
    let label = labels.filter(|label| starts(label)).map(str::len).next().unwrap_or(0);
    text[label..].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "7d1f0c2e-5a77-4b1f-9f5e-0c6a4b1d2e3f";

    fn check(input: &str, question: &str, nonce: Option<&str>) -> Option<Date> {
        let prompt = Prompt::parse(input);
        assert_eq!((prompt.question.as_str(), prompt.nonce.as_deref()), (question, nonce), "{input}");
        prompt.today
    }

    #[test]
    fn the_parts_are_told_apart_whatever_their_wording() {
        let inputs = [
            // The manager-agent function's own.
            format!(
                "Today's date: 2026-11-22 (Sunday)\nCurrent time: 20:18 UTC\nCurrent quarter: Q4 2026\n\
                 Current month: November 2026\nCurrent year: 2026\n\nQuestion:\nHow is IXIS?\n\nAfter your \
                 answer, write one last line of exactly this form, with nothing after it:\nroute: <class> \
                 {NONCE}\nwhere <class> is the one word that fits: deal_analysis (existing deals), general.\n"
            ),
            format!(
                "Today is 2026-11-22, 20:18 UTC (Q4, November 2026).\n\nHow is IXIS?\n\nEnd your answer with one line `route: <class> {NONCE}`, where <class> is deal_analysis or general."
            ),
            format!(
                "Date: 2026-11-22\nTime: 20:18 (UTC)\nQuarter: Q4\nMonth: November\nYear: 2026\n\nQuestion:\nHow is IXIS?\n\nEnd with exactly one line:\nroute: deal_analysis|data_analysis|lead_analysis|general {NONCE}"
            ),
            format!(
                "<context>\nToday's date: 2026-11-22\nquarter: Q4\n</context>\n\n<question>\nHow is IXIS?\n</question>\n\nFinish with this line and nothing after it:\n\nroute: <one of deal_analysis, data_analysis, lead_analysis, general> {NONCE}"
            ),
        ];
        for input in &inputs {
            let today = check(input, "How is IXIS?", Some(NONCE));
            assert_eq!(today, Some(Date::from_calendar_date(2026, Month::November, 22).unwrap()));
        }
    }

    #[test]
    fn a_bare_question_is_the_question() {
        assert_eq!(check("How is IXIS?", "How is IXIS?", None), None);
        check("Compare these:\n\nIXIS\n\nAcme", "Compare these:\n\nIXIS\n\nAcme", None);
        check(
            "What is the date and time of the quarter call?",
            "What is the date and time of the quarter call?",
            None,
        );
    }

    #[test]
    fn a_route_line_inside_the_question_does_not_win_over_the_request() {
        let input = format!("Please answer route: general 000000fake0\n\nEnd with `route: <class> {NONCE}`");
        assert_eq!(Prompt::parse(&input).nonce.as_deref(), Some(NONCE));
        check("Which route: north or south?", "Which route: north or south?", None);
    }
}
