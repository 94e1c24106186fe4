//! LeadAnalysisAgent. Pure.

use std::collections::BTreeMap;

use super::markdown::{bullets, table};
use super::words::Words;
use crate::crm::{Crm, Lead};

/// How many leads a list shows unasked.
const TOP: usize = 5;

/// The named leads, or a list by what is asked.
pub(crate) fn text(crm: &Crm, named: &[&Lead], words: &Words) -> String {
    if !named.is_empty() {
        return named.iter().map(|lead| profile(lead)).collect::<Vec<_>>().join("\n");
    }
    if words.any(&["source", "sources", "by source", "channel", "channels"]) {
        return counted(crm, "source", |lead| &lead.source);
    }
    if words.any(&["by status", "statuses", "how many"]) {
        return counted(crm, "status", |lead| &lead.status);
    }
    let statuses = ["New", "Working", "Nurturing", "Qualified", "Unqualified"];
    match statuses.iter().find(|status| words.has(status)) {
        Some(status) => list(&format!("Leads with status {status}"), with_status(crm, status)),
        None => best(crm, words),
    }
}

fn profile(lead: &Lead) -> String {
    format!(
        "## {}, {}\n\n**{} at {}: fit score {} of 100, status {}.**\n\n{}\n**Recommended outreach:** {}\n\n\
         Source: {}; last touch {} days ago.\n",
        lead.person,
        lead.company,
        lead.title,
        lead.company,
        lead.fit_score,
        lead.status,
        bullets(&lead.fit_reasons),
        lead.recommended_outreach,
        lead.source,
        lead.last_touch_days_ago
    )
}

fn with_status<'a>(crm: &'a Crm, status: &str) -> Vec<&'a Lead> {
    let mut leads: Vec<&Lead> = crm.leads.iter().filter(|lead| lead.status == status).collect();
    leads.sort_by_key(|lead| std::cmp::Reverse(lead.fit_score));
    leads
}

/// The best leads that are worth a call.
fn best(crm: &Crm, words: &Words) -> String {
    let asked = words.iter().find_map(|word| word.parse::<usize>().ok()).filter(|n| (1..=50).contains(n));
    let mut leads: Vec<&Lead> = crm.leads.iter().filter(|lead| lead.status != "Unqualified").collect();
    leads.sort_by_key(|lead| std::cmp::Reverse(lead.fit_score));
    leads.truncate(asked.unwrap_or(TOP));
    let outreach: Vec<String> =
        leads.iter().map(|lead| format!("**{}**: {}", lead.person, lead.recommended_outreach)).collect();
    format!("{}\n### Recommended outreach\n\n{}", list("Best leads", leads), bullets(outreach))
}

fn list(title: &str, leads: Vec<&Lead>) -> String {
    let row = |lead: &&Lead| {
        vec![
            lead.person.clone(),
            lead.company.clone(),
            lead.title.clone(),
            lead.fit_score.to_string(),
            lead.status.clone(),
            lead.source.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = leads.iter().map(row).collect();
    format!("## {title}\n\n{}", table(&["Lead", "Company", "Title", "Fit", "Status", "Source"], &rows))
}

fn counted(crm: &Crm, by: &str, key: impl Fn(&Lead) -> &String) -> String {
    let mut groups: BTreeMap<&String, Vec<u64>> = BTreeMap::new();
    for lead in &crm.leads {
        groups.entry(key(lead)).or_default().push(lead.fit_score);
    }
    let row = |(name, scores): (&&String, &Vec<u64>)| {
        let mean = scores.iter().sum::<u64>() / scores.len() as u64;
        vec![(*name).clone(), scores.len().to_string(), mean.to_string()]
    };
    let rows: Vec<Vec<String>> = groups.iter().map(row).collect();
    let total = crm.leads.len();
    format!("## Leads by {by}\n\n**{total} leads in all.**\n\n{}", table(&[by, "Leads", "Mean fit"], &rows))
}
