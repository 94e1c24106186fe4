//! DealAnalysisAgent on many deals, and DataAgent on the pipeline. Pure.

use std::collections::BTreeMap;

use time::Date;

use super::deals::row;
use super::markdown::{bullets, day, money, percent, table};
use super::periods::Window;
use crate::crm::{Crm, Deal, Health, Stage};

/// Which deals are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DealList {
    AtRisk,
    /// Open deals that close within the window.
    Closing(Window),
    /// The largest open ones.
    Largest,
    InStage(Stage),
    OwnedBy(String),
    Open,
}

/// What the pipeline is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grouping {
    Stage,
    Owner,
}

/// The list, with a title that says what was counted.
pub(crate) fn text(crm: &Crm, list: &DealList, today: Date) -> String {
    let (title, deals) = select(crm, list, today);
    let total: u64 = deals.iter().map(|deal| deal.amount).sum();
    if deals.is_empty() {
        return format!("## {title}\n\nThere is no such deal.\n");
    }
    let noun = if deals.len() == 1 { "deal" } else { "deals" };
    let head = format!("## {title}\n\n**{} {noun}, {}.**\n\n", deals.len(), money(total));
    if *list == DealList::AtRisk {
        return head + &risky(&deals, today);
    }
    let rows: Vec<Vec<String>> = deals.iter().map(|deal| row(deal, today)).collect();
    head + &table(&["Deal", "Stage", "Amount", "Probability", "Close date", "Health", "Owner"], &rows)
}

fn select<'a>(crm: &'a Crm, list: &DealList, today: Date) -> (String, Vec<&'a Deal>) {
    let open = |keep: &dyn Fn(&Deal) -> bool| crm.open_deals().filter(|deal| keep(deal)).collect();
    let (title, mut deals): (String, Vec<&Deal>) = match list {
        DealList::AtRisk => ("Deals at risk".to_owned(), open(&|deal| deal.health == Health::AtRisk)),
        DealList::Closing(window) => {
            let title = format!("Deals closing {}", window.name());
            (title, open(&|deal| window.contains(today, deal.closes_in_days)))
        }
        DealList::Largest => ("Largest open deals".to_owned(), open(&|_| true)),
        DealList::InStage(stage) => {
            let of_stage = crm.deals.iter().filter(|deal| deal.stage == *stage).collect();
            (format!("Deals in stage {stage}"), of_stage)
        }
        DealList::OwnedBy(owner) => (format!("Open deals of {owner}"), open(&|deal| deal.owner == *owner)),
        DealList::Open => ("Open deals".to_owned(), open(&|_| true)),
    };
    match list {
        DealList::Closing(_) => deals.sort_by_key(|deal| deal.closes_in_days),
        DealList::AtRisk
        | DealList::Largest
        | DealList::InStage(_)
        | DealList::OwnedBy(_)
        | DealList::Open => {
            deals.sort_by_key(|deal| std::cmp::Reverse(deal.amount));
        }
    }
    if *list == DealList::Largest {
        deals.truncate(5);
    }
    (title, deals)
}

fn risky(deals: &[&Deal], today: Date) -> String {
    let one = |deal: &&Deal| {
        let step = deal.next_steps.first().map(|step| step.action.as_str()).unwrap_or_default();
        format!(
            "### {}\n\n{} in {}, close date {}, owner {}.\n\n{}\n**Next:** {step}\n",
            deal.account,
            money(deal.amount),
            deal.stage,
            day(today, deal.closes_in_days),
            deal.owner,
            bullets(&deal.risks)
        )
    };
    deals.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The open pipeline, divided.
pub(crate) fn pipeline(crm: &Crm, grouping: Grouping) -> String {
    let mut groups: BTreeMap<(Option<Stage>, String), Vec<&Deal>> = BTreeMap::new();
    for deal in crm.open_deals() {
        let key = match grouping {
            Grouping::Stage => (Some(deal.stage), deal.stage.to_string()),
            Grouping::Owner => (None, deal.owner.clone()),
        };
        groups.entry(key).or_default().push(deal);
    }
    let total: u64 = crm.open_deals().map(|deal| deal.amount).sum();
    let weighted: u64 = crm.open_deals().map(Deal::weighted).sum();
    let rows: Vec<Vec<String>> = groups.iter().map(|((_, name), deals)| group(name, deals, total)).collect();
    let (title, column) = match grouping {
        Grouping::Stage => ("Open pipeline by stage", "Stage"),
        Grouping::Owner => ("Open pipeline by owner", "Owner"),
    };
    format!(
        "## {title}\n\n**{} in {} open deals; weighted {}.**\n\n{}",
        money(total),
        crm.open_deals().count(),
        money(weighted),
        table(&[column, "Deals", "Amount", "Weighted", "Share"], &rows)
    )
}

fn group(name: &str, deals: &[&Deal], total: u64) -> Vec<String> {
    let amount: u64 = deals.iter().map(|deal| deal.amount).sum();
    let weighted: u64 = deals.iter().map(|deal| deal.weighted()).sum();
    vec![name.to_owned(), deals.len().to_string(), money(amount), money(weighted), percent(amount, total)]
}
