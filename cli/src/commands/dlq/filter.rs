//! Which dead letters are meant.

use revops_core::{Header, Timestamp, TrackingId};

use super::letter::Letter;

/// What all of its parts select; a part that is absent or empty selects everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Those of these conversations.
    pub(crate) ids: Vec<TrackingId>,
    /// Those for this class.
    pub(crate) header: Option<Header>,
    /// Those that failed for one of these reasons.
    pub(crate) reasons: Vec<String>,
    /// Those that failed then or later.
    pub(crate) since: Option<Timestamp>,
}

impl Filter {
    /// Whether the filter selects `letter`.
    pub(super) fn selects(&self, letter: &Letter) -> bool {
        let Self { ids, header, reasons, since } = self;
        let any_of = |wanted: &[String]| {
            wanted.is_empty() || letter.reason().is_some_and(|reason| wanted.iter().any(|one| one == reason))
        };
        (ids.is_empty() || letter.tracking_id().is_some_and(|id| ids.contains(&id)))
            && (header.is_none() || letter.header() == *header)
            && any_of(reasons)
            && since.is_none_or(|since| letter.failed_at() >= since)
    }

    /// The ids that were asked for and have no dead letter.
    pub(super) fn missing(&self, letters: &[Letter]) -> Vec<TrackingId> {
        let has_none = |id: &&TrackingId| !letters.iter().any(|letter| letter.tracking_id() == Some(**id));
        self.ids.iter().filter(has_none).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{delivery, id, letters};
    use super::*;

    #[test]
    fn an_empty_filter_selects_everything() {
        let letters = letters(vec![delivery(1, 2, "gone"), delivery(2, 2, "http_status")]);
        assert!(letters.iter().all(|letter| Filter::default().selects(letter)));
    }

    #[test]
    fn a_letter_must_satisfy_every_part_and_any_one_of_the_reasons() {
        let letters = letters(vec![delivery(1, 2, "gone"), delivery(2, 2, "http_status")]);
        let selected = |filter: Filter| {
            letters
                .iter()
                .filter(|letter| filter.selects(letter))
                .filter_map(Letter::tracking_id)
                .collect::<Vec<_>>()
        };
        let reasons = |reasons: &[&str]| reasons.iter().map(|&reason| reason.to_owned()).collect::<Vec<_>>();
        let with = |wanted: &[&str]| Filter { reasons: reasons(wanted), ..Filter::default() };
        assert_eq!(selected(with(&["gone"])), [id(1)]);
        assert_eq!(selected(with(&["gone", "http_status"])), [id(1), id(2)]);
        assert_eq!(selected(Filter { header: Some(Header::General), ..with(&["gone"]) }), []);
        assert_eq!(selected(Filter { header: Some(Header::DealAnalysis), ..with(&["gone"]) }), [id(1)]);
        assert_eq!(selected(Filter { ids: vec![id(2)], ..with(&["gone"]) }), []);
        // The second letter failed two seconds after the epoch of these tests, the first one second.
        let since = Some(Timestamp::from_unix_ms(2_000));
        assert_eq!(selected(Filter { since, ..Filter::default() }), [id(2)]);
    }

    #[test]
    fn an_id_without_a_letter_is_missing() {
        let letters = letters(vec![delivery(1, 2, "gone")]);
        let filter = Filter { ids: vec![id(1), id(7)], ..Filter::default() };
        assert_eq!(filter.missing(&letters), [id(7)]);
    }
}
