//! DealAnalysisAgent on named deals. Pure.

use time::Date;

use super::focus::Focus;
use super::markdown::{bullets, day, money, table};
use crate::crm::{Deal, Health, Meddpicc, NextStep};

/// One deal, by what is asked.
pub(crate) fn one(deal: &Deal, focus: Focus, today: Date) -> String {
    let body = match focus {
        Focus::Status => status(deal, today),
        Focus::Risks => risks(deal),
        Focus::NextSteps => next_steps(deal, today),
        Focus::Stakeholders => stakeholders(deal),
        Focus::Competition => competition(deal),
        Focus::Meddpicc => meddpicc(deal),
        Focus::Amount => amount(deal),
        Focus::CloseDate => close_date(deal, today),
        Focus::Owner => format!("**{}** owns the deal with {}.\n", deal.owner, deal.account),
    };
    format!("## {}: {}\n\n{body}", deal.account, deal.name)
}

fn status(deal: &Deal, today: Date) -> String {
    let facts = [
        ("Stage", deal.stage.to_string()),
        ("Amount", money(deal.amount)),
        ("Probability", format!("{} %", deal.probability)),
        ("Close date", day(today, deal.closes_in_days)),
        ("Owner", deal.owner.clone()),
        ("Competitor", deal.competitor.clone()),
    ];
    let rows: Vec<Vec<String>> = facts.map(|(name, value)| vec![name.to_owned(), value]).to_vec();
    let head = if deal.stage.is_open() {
        format!("**{} is in {} and {}.** {}", deal.account, deal.stage, deal.health, deal.summary)
    } else {
        format!("**{} is {}.** {}", deal.account, deal.stage, deal.summary)
    };
    let facts = table(&["Fact", "Value"], &rows);
    format!("{head}\n\n{facts}\n{}\n{}\n{}", risks(deal), next_steps(deal, today), stakeholders(deal))
}

fn risks(deal: &Deal) -> String {
    if deal.risks.is_empty() {
        return format!("### Risks\n\nNo risk is recorded for {}.\n", deal.account);
    }
    format!("### Risks\n\n{}", bullets(&deal.risks))
}

fn next_steps(deal: &Deal, today: Date) -> String {
    let step =
        |step: &NextStep| format!("**{}**: {} ({})", day(today, step.due_in_days), step.action, step.owner);
    format!("### Next steps\n\n{}", bullets(deal.next_steps.iter().map(step)))
}

fn stakeholders(deal: &Deal) -> String {
    let people = deal.stakeholders.iter();
    let people = people.map(|person| format!("**{}**, {}: {}", person.name, person.title, person.role));
    format!("### Stakeholders\n\n{}", bullets(people))
}

fn competition(deal: &Deal) -> String {
    format!("Competitor: **{}**. {}.\n", deal.competitor, deal.meddpicc.competition)
}

fn amount(deal: &Deal) -> String {
    let (amount, weighted) = (money(deal.amount), money(deal.weighted()));
    format!(
        "The deal with {} is worth **{amount}**; weighted with its probability of {} % that is {weighted}.\n",
        deal.account, deal.probability
    )
}

fn close_date(deal: &Deal, today: Date) -> String {
    let date = day(today, deal.closes_in_days);
    if deal.stage.is_open() {
        let days = deal.closes_in_days;
        format!("The deal with {} is to close on **{date}**, in {days} days.\n", deal.account)
    } else {
        format!("The deal with {} is {} since **{date}**.\n", deal.account, deal.stage)
    }
}

fn meddpicc(deal: &Deal) -> String {
    let Meddpicc {
        metrics,
        economic_buyer,
        decision_criteria,
        decision_process,
        paper_process,
        identified_pain,
        champion,
        competition,
    } = &deal.meddpicc;
    let notes = [
        ("Metrics", metrics),
        ("Economic buyer", economic_buyer),
        ("Decision criteria", decision_criteria),
        ("Decision process", decision_process),
        ("Paper process", paper_process),
        ("Identified pain", identified_pain),
        ("Champion", champion),
        ("Competition", competition),
    ];
    format!("### MEDDPICC\n\n{}", bullets(notes.map(|(name, note)| format!("**{name}**: {note}"))))
}

/// Several deals side by side, with what stands out.
pub(crate) fn compared(deals: &[&Deal], today: Date) -> String {
    let accounts: Vec<&str> = deals.iter().map(|deal| deal.account.as_str()).collect();
    let rows: Vec<Vec<String>> = deals.iter().map(|deal| row(deal, today)).collect();
    let mut findings = Vec::new();
    if let Some(largest) = deals.iter().max_by_key(|deal| deal.amount) {
        findings.push(format!("Largest: **{}** with {}", largest.account, money(largest.amount)));
    }
    let open = || deals.iter().filter(|deal| deal.stage.is_open());
    if let Some(first) = open().min_by_key(|deal| deal.closes_in_days) {
        findings.push(format!(
            "First to close: **{}** on {}",
            first.account,
            day(today, first.closes_in_days)
        ));
    }
    for deal in open().filter(|deal| deal.health == Health::AtRisk) {
        let risk = deal.risks.first().map(String::as_str).unwrap_or_default();
        findings.push(format!("At risk: **{}**. {risk}", deal.account));
    }
    let head = table(&["Deal", "Stage", "Amount", "Probability", "Close date", "Health", "Owner"], &rows);
    format!("## {}\n\n{head}\n{}", accounts.join(" and "), bullets(findings))
}

/// A deal as a row of a list.
pub(crate) fn row(deal: &Deal, today: Date) -> Vec<String> {
    let health = if deal.stage.is_open() { deal.health.to_string() } else { "closed".to_owned() };
    vec![
        deal.account.clone(),
        deal.stage.to_string(),
        money(deal.amount),
        format!("{} %", deal.probability),
        day(today, deal.closes_in_days),
        health,
        deal.owner.clone(),
    ]
}
