//! Which class a collaborator in the trace stands for.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::header::Header;

/// Names of collaborator agents and the class that each of them works for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collaborators(BTreeMap<String, Header>);

/// The configured map cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(r#"must be a JSON object of collaborator names and classes, such as {{"DealAnalysisAgent":"deal_analysis"}}"#)]
pub struct InvalidCollaborators(#[source] serde_json::Error);

impl Collaborators {
    /// The collaborators of `names` that stand for a class, in the order of the trace, each once.
    pub(crate) fn asked<'a>(&self, names: &'a [String]) -> Vec<(&'a str, Header)> {
        let mut asked: Vec<(&str, Header)> = Vec::new();
        for name in names {
            if let Some(header) = self.0.get(name)
                && !asked.iter().any(|(known, _)| known == name)
            {
                asked.push((name, *header));
            }
        }
        asked
    }
}

impl Default for Collaborators {
    /// `DealAnalysisAgent`, `DataAgent` and `LeadAnalysisAgent` (SPEC 4).
    fn default() -> Self {
        let names = [
            ("DealAnalysisAgent", Header::DealAnalysis),
            ("DataAgent", Header::DataAnalysis),
            ("LeadAnalysisAgent", Header::LeadAnalysis),
        ];
        Self(names.into_iter().map(|(name, header)| (name.to_owned(), header)).collect())
    }
}

impl FromStr for Collaborators {
    type Err = InvalidCollaborators;

    /// Reads a JSON object such as `{"DealAnalysisAgent":"deal_analysis"}`; it replaces the default map.
    fn from_str(text: &str) -> Result<Self, InvalidCollaborators> {
        serde_json::from_str(text).map(Self).map_err(InvalidCollaborators)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configured_map_replaces_the_default_one() {
        let map: Collaborators = r#"{"DealDesk":"deal_analysis"}"#.parse().unwrap();
        let names = ["DataAgent", "DealDesk", "DealDesk"].map(str::to_owned);
        assert_eq!(map.asked(&names), [("DealDesk", Header::DealAnalysis)]);
    }

    #[test]
    fn a_map_to_an_unknown_class_is_refused() {
        assert!(r#"{"DealDesk":"deals"}"#.parse::<Collaborators>().is_err());
        assert!("DealDesk".parse::<Collaborators>().is_err());
    }
}
