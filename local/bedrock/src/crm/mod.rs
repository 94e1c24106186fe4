//! The sample CRM: what the stand-in agent knows. People and companies are made up.
//!
//! Dates in the data are relative (`closes_in_days`, `quarters_ago`), so that the sample never
//! grows old: a deal closes in three weeks whenever the stack is started.

mod calendar;
mod records;

pub(crate) use calendar::Quarter;
pub(crate) use records::{Deal, Health, Lead, Meddpicc, NextStep, QuarterFigures, Stage};

use serde::de::DeserializeOwned;

/// All records of the sample.
#[derive(Debug, Clone)]
pub(crate) struct Crm {
    /// Deals in no particular order; accounts are unique.
    pub(crate) deals: Vec<Deal>,
    pub(crate) leads: Vec<Lead>,
    /// Oldest first, without gaps, the last one the quarter of today.
    pub(crate) quarters: Vec<QuarterFigures>,
}

impl Crm {
    /// The sample that ships with the product.
    pub(crate) fn sample() -> Self {
        Self {
            deals: embedded(include_str!("../../data/deals.json")),
            leads: embedded(include_str!("../../data/leads.json")),
            quarters: embedded(include_str!("../../data/quarters.json")),
        }
    }

    /// The deal of this account.
    pub(crate) fn deal(&self, account: &str) -> Option<&Deal> {
        self.deals.iter().find(|deal| deal.account == account)
    }

    /// Deals that are neither won nor lost.
    pub(crate) fn open_deals(&self) -> impl Iterator<Item = &Deal> {
        self.deals.iter().filter(|deal| deal.stage.is_open())
    }
}

#[expect(clippy::expect_used, reason = "the data is part of the binary, and a test reads it")]
fn embedded<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("the embedded sample CRM is valid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_sample_is_complete_and_consistent() {
        let crm = Crm::sample();
        assert!(crm.deals.len() >= 15 && crm.leads.len() >= 15);
        assert!(crm.deal("IXIS").is_some() && crm.deal("Acme").is_some());
        let ages: Vec<u8> = crm.quarters.iter().map(|quarter| quarter.quarters_ago).collect();
        assert_eq!(ages, [7, 6, 5, 4, 3, 2, 1, 0]);
        let open: u64 = crm.open_deals().map(|deal| deal.amount).sum();
        assert_eq!(crm.quarters.last().unwrap().pipeline, open);
        assert!(crm.open_deals().all(|deal| deal.closes_in_days > 0 && !deal.next_steps.is_empty()));
    }

    #[test]
    fn no_name_means_two_things() {
        let crm = Crm::sample();
        let deals = crm.deals.iter().flat_map(|deal| &deal.aliases);
        let leads = crm.leads.iter().flat_map(|lead| &lead.aliases);
        let mut seen = HashSet::new();
        for name in deals.chain(leads) {
            assert!(seen.insert(name.to_lowercase()), "{name} twice");
            assert_eq!(name, &name.to_lowercase());
        }
    }
}
