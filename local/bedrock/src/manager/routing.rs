//! Which topics a question has, and so which collaborators are asked. Pure.

use time::Date;

use super::Collaborator;
use super::deal_lists::{DealList, Grouping};
use super::focus::Focus;
use super::periods::{self, Window};
use super::words::Words;
use super::{Memory, figures, general, names};
use crate::crm::{Crm, Deal, Lead, Stage};

/// A part of the answer.
#[derive(Debug, Clone)]
pub(crate) enum Topic<'a> {
    /// Named deals, and names of deals that do not exist.
    Deals { deals: Vec<&'a Deal>, focus: Focus, unknown: Vec<String> },
    /// Deals by a property.
    DealList(DealList),
    /// Named leads, or leads in general if none is named.
    Leads(Vec<&'a Lead>),
    /// Quarters' figures.
    Figures,
    /// The open pipeline, divided.
    PipelineBy(Grouping),
    /// Nothing of the CRM.
    General,
}

impl Topic<'_> {
    /// Who knows it.
    pub(crate) fn collaborator(&self) -> Option<Collaborator> {
        match self {
            Self::Deals { .. } | Self::DealList(_) => Some(Collaborator::DealAnalysis),
            Self::Leads(_) => Some(Collaborator::LeadAnalysis),
            Self::Figures | Self::PipelineBy(_) => Some(Collaborator::Data),
            Self::General => None,
        }
    }
}

/// The topics of a question, in the order in which they are answered. Never empty.
pub(crate) fn topics<'a>(
    crm: &'a Crm,
    question: &str,
    words: &Words,
    today: Date,
    memory: &Memory,
) -> Vec<Topic<'a>> {
    let named = named(crm, question, words, today);
    if !named.is_empty() {
        return named;
    }
    if let Some(deal) = referred_to(crm, words, memory) {
        let focus = Focus::of(words);
        return vec![Topic::Deals { deals: vec![deal], focus, unknown: Vec::new() }];
    }
    if general::is_small_talk(words) {
        return vec![Topic::General];
    }
    let unknown = names::unknown(crm, question, words);
    if !unknown.is_empty() && Focus::is_about_a_deal(words) && !asks_for_leads(words) {
        return vec![Topic::Deals { deals: Vec::new(), focus: Focus::Status, unknown }];
    }
    unnamed(crm, words, today)
}

/// Topics by the names in the question; figures join in when a quarter is named beside a deal.
fn named<'a>(crm: &'a Crm, question: &str, words: &Words, today: Date) -> Vec<Topic<'a>> {
    let (deals, leads) = (names::deals(crm, words), names::leads(crm, words));
    let mut topics = Vec::new();
    if !deals.is_empty() {
        let unknown =
            if deals_are_compared(words) { names::unknown(crm, question, words) } else { Vec::new() };
        topics.push(Topic::Deals { deals, focus: Focus::of(words), unknown });
    }
    if !leads.is_empty() {
        topics.push(Topic::Leads(leads));
    }
    if !topics.is_empty() && figures::are_asked_for(words) && !periods::quarters(words, today).is_empty() {
        topics.push(Topic::Figures);
    }
    topics
}

fn deals_are_compared(words: &Words) -> bool {
    words.any(&["compare", "versus", "vs", "and", "or", "between"])
}

/// The deal of the question before, when this one speaks of it without a name.
fn referred_to<'a>(crm: &'a Crm, words: &Words, memory: &Memory) -> Option<&'a Deal> {
    let deal = crm.deal(memory.deal.as_deref()?)?;
    let pronoun = words.any(&["its", "it", "that deal", "this deal", "the deal", "they", "them", "their"]);
    let goes_on = matches!(words.get(0), Some("and" | "also")) && Focus::of(words) != Focus::Status;
    let elsewhere = figures::are_asked_for(words) || asks_for_leads(words) || words.has("deals");
    ((pronoun || goes_on) && !elsewhere).then_some(deal)
}

fn unnamed<'a>(crm: &'a Crm, words: &Words, today: Date) -> Vec<Topic<'a>> {
    let figures = figures::are_asked_for(words);
    let in_time = !periods::quarters(words, today).is_empty() || periods::trend(words).is_some();
    if asks_for_leads(words) && !(figures && (in_time || words.has("how many"))) {
        return vec![Topic::Leads(Vec::new())];
    }
    if let Some(grouping) = pipeline_grouping(words)
        && !in_time
    {
        return vec![Topic::PipelineBy(grouping)];
    }
    let counted = in_time && words.has("how many");
    let list = deal_list(crm, words).filter(|_| !counted);
    match list {
        Some(list) if figures && in_time && !matches!(list, DealList::Closing(_)) => {
            vec![Topic::DealList(list), Topic::Figures]
        }
        Some(list) => vec![Topic::DealList(list)],
        None if figures || in_time => vec![Topic::Figures],
        None => vec![Topic::General],
    }
}

/// `lead time` is not about leads.
pub(crate) fn asks_for_leads(words: &Words) -> bool {
    let leads = ["leads", "prospect", "prospects", "outreach", "mql", "mqls", "sql", "sqls"];
    let lead = words.has("lead") && !words.any(&["lead time", "lead times", "lead to"]);
    words.any(&leads) || lead
}

fn pipeline_grouping(words: &Words) -> Option<Grouping> {
    let pipeline = words.any(&["pipeline", "funnel"]);
    match () {
        () if words.any(&["by owner", "per owner", "by rep", "per rep"]) => Some(Grouping::Owner),
        () if words.any(&["by stage", "per stage", "each stage"]) || pipeline => Some(Grouping::Stage),
        () => None,
    }
}

fn deal_list(crm: &Crm, words: &Words) -> Option<DealList> {
    if words.any(&[
        "at risk",
        "risk",
        "risks",
        "risky",
        "riskiest",
        "slipping",
        "stalled",
        "stuck",
        "in danger",
    ]) {
        return Some(DealList::AtRisk);
    }
    if !words.any(&[
        "deal",
        "deals",
        "opportunity",
        "opportunities",
        "accounts",
        "close",
        "closing",
        "closes",
    ]) {
        return None;
    }
    if words.any(&["close", "closing", "closes", "due"]) {
        return Some(DealList::Closing(Window::of(words).unwrap_or(Window::ThisQuarter)));
    }
    if words.any(&["largest", "biggest", "top", "most valuable", "highest"]) {
        return Some(DealList::Largest);
    }
    if let Some(stage) = stage(words) {
        return Some(DealList::InStage(stage));
    }
    if let Some(owner) = names::owner(crm, words) {
        return Some(DealList::OwnedBy(owner.to_owned()));
    }
    let counted = figures::are_asked_for(words);
    (!counted && words.any(&["deals", "opportunities", "accounts", "deal"])).then_some(DealList::Open)
}

fn stage(words: &Words) -> Option<Stage> {
    let stages: [(&[&str], Stage); 6] = [
        (&["won", "closed won", "did we win"], Stage::ClosedWon),
        (&["lost", "closed lost", "did we lose"], Stage::ClosedLost),
        (&["negotiation", "negotiating"], Stage::Negotiation),
        (&["proposal", "proposals"], Stage::Proposal),
        (&["qualification", "qualifying"], Stage::Qualification),
        (&["discovery"], Stage::Discovery),
    ];
    stages.iter().find(|(phrases, _)| words.any(phrases)).map(|(_, stage)| *stage)
}
