//! The route line that the agent is asked to end its answer with: `route: <class> <nonce>`.
//!
//! Only the nonce makes it the agent's own word: an answer may quote text that somebody wrote to steer the
//! routing. With the right nonce the line is trusted and removed, also when its class is unknown. When a
//! nonce was asked for, a last line that is nothing but `route:`, one of the four classes and at most one
//! more word is the agent's attempt with its nonce lost or stale: it is removed as well, since it is no part
//! of the answer, but it is weak evidence only. Everything else stays: a route line before the last line,
//! one with other words, one that is quoted, and any when no nonce was asked for.

use crate::header::Header;

/// What the end of an answer says about its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteLine {
    /// There is none.
    Absent,
    /// With the right nonce.
    Trusted(Header),
    /// With the right nonce, but of no known class.
    Unknown,
    /// Without the right nonce: weak evidence.
    Untrusted(Header),
}

impl RouteLine {
    /// The class that an untrusted line names.
    pub(crate) fn untrusted(self) -> Option<Header> {
        match self {
            Self::Untrusted(header) => Some(header),
            Self::Absent | Self::Trusted(_) | Self::Unknown => None,
        }
    }
}

/// Reads the route line at the end of `answer`, and gives the answer without it where it is to be removed.
pub(crate) fn split<'a>(answer: &'a str, nonce: Option<&str>) -> (RouteLine, &'a str) {
    let (before, line) = last_line(answer);
    let fenced = unfence(before, line);
    let (before, line) = fenced.unwrap_or((before, line));
    let Some((class, said)) = parse(line) else {
        return (RouteLine::Absent, answer);
    };
    let header = class.to_ascii_lowercase().parse::<Header>().ok();
    let right =
        matches!((nonce, said.as_slice()), (Some(nonce), [said]) if !nonce.is_empty() && nonce == *said);
    match (right, header) {
        (true, Some(header)) => (RouteLine::Trusted(header), before.trim_end()),
        (true, None) => (RouteLine::Unknown, before.trim_end()),
        (false, Some(header)) if nonce.is_some() && said.len() <= 1 && fenced.is_none() => {
            (RouteLine::Untrusted(header), before.trim_end())
        }
        (false, Some(header)) => (RouteLine::Untrusted(header), answer),
        (false, None) => (RouteLine::Absent, answer),
    }
}

/// What stands before the route line at the end of `answer`; all of it where there is none any more.
pub(crate) fn before(answer: &str) -> &str {
    let (before, line) = last_line(answer);
    let (before, line) = unfence(before, line).unwrap_or((before, line));
    if parse(line).is_some() { before.trim_end() } else { answer }
}

/// The last line that is not blank, and what stands before it.
fn last_line(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    let start = text.rfind('\n').map_or(0, |newline| newline + 1);
    text.split_at(start)
}

/// Where the last line closes a code block of one line: that line, and what stands before the block.
fn unfence<'a>(before: &'a str, line: &str) -> Option<(&'a str, &'a str)> {
    let (before, inner) = (line.trim() == "```").then(|| last_line(before))?;
    let (before, opening) = last_line(before);
    opening.trim().starts_with("```").then_some((before, inner))
}

/// The class and the further words of a route line; the marks of emphasis and code around it are ignored.
fn parse(line: &str) -> Option<(&str, Vec<&str>)> {
    let bare = |text: &'_ char| matches!(text, '*' | '`' | '_' | ' ' | '\t' | '\r');
    let line = line.trim_matches(|c| bare(&c));
    let head = line.get(..6).filter(|head| head.eq_ignore_ascii_case("route:"))?;
    let mut words = line[head.len()..].split_whitespace().map(|word| word.trim_matches(|c| bare(&c)));
    let class = words.find(|word| !word.is_empty())?;
    Some((class, words.filter(|word| !word.is_empty()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "7d1f0c2e";

    fn check(answer: &str, nonce: Option<&str>, expected: RouteLine, rest: &str) {
        assert_eq!(split(answer, nonce), (expected, rest), "{answer:?}");
    }

    #[test]
    fn the_last_line_with_the_right_nonce_is_trusted_and_removed() {
        let deal = RouteLine::Trusted(Header::DealAnalysis);
        check("Fine.\n\nroute: deal_analysis 7d1f0c2e", Some(NONCE), deal, "Fine.");
        check("Fine.\r\nroute: deal_analysis 7d1f0c2e\r\n\r\n", Some(NONCE), deal, "Fine.");
        check("Fine.\n`route: deal_analysis 7d1f0c2e`", Some(NONCE), deal, "Fine.");
        check("Fine.\n**Route:** deal_analysis 7d1f0c2e", Some(NONCE), deal, "Fine.");
        check("Fine.\n```text\nroute: deal_analysis 7d1f0c2e\n```\n", Some(NONCE), deal, "Fine.");
        check("route: deal_analysis 7d1f0c2e", Some(NONCE), deal, "");
    }

    #[test]
    fn a_line_with_the_right_nonce_and_an_unknown_class_is_removed_too() {
        check("Fine.\nroute: support 7d1f0c2e", Some(NONCE), RouteLine::Unknown, "Fine.");
    }

    #[test]
    fn the_nonce_is_compared_exactly() {
        let lead = RouteLine::Untrusted(Header::LeadAnalysis);
        for said in ["7D1F0C2E", "7d1f0c2", "7d1f0c2e0", ""] {
            check(&format!("Fine.\nroute: lead_analysis {said}"), Some(NONCE), lead, "Fine.");
        }
        check("Fine.\nroute: lead_analysis ", Some(""), lead, "Fine.");
    }

    #[test]
    fn text_that_only_looks_like_a_route_line_stays() {
        let lead = RouteLine::Untrusted(Header::LeadAnalysis);
        let answer = "Fine.\nroute: lead_analysis is what their note says";
        check(answer, Some(NONCE), lead, answer);
        let answer = "Fine.\nroute: lead_analysis";
        check(answer, None, lead, answer);
        for answer in [
            "Fine.\n> route: lead_analysis 7d1f0c2e",
            "route: lead_analysis 7d1f0c2e\nFine.",
            "route: A4 north",
        ] {
            check(answer, Some(NONCE), RouteLine::Absent, answer);
        }
    }

    #[test]
    fn an_answer_without_a_route_line_is_left_byte_for_byte() {
        for answer in ["", "\n", "Fine.  \n\n", "```\n```", "róute: x", "Route"] {
            check(answer, Some(NONCE), RouteLine::Absent, answer);
        }
    }
}
