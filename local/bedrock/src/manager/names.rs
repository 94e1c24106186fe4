//! Whose name is in a question: deals, leads, owners, and names that nobody here has. Pure.

use super::markdown::{bullets, money};
use super::words::{Words, distance};
use crate::crm::{Crm, Deal, Lead};

/// Deals that the question names, in the question's order.
pub(crate) fn deals<'a>(crm: &'a Crm, words: &Words) -> Vec<&'a Deal> {
    let place = |deal: &Deal| deal.aliases.iter().filter_map(|alias| words.find(alias)).min();
    let mut named: Vec<(usize, &Deal)> =
        crm.deals.iter().filter_map(|deal| Some((place(deal)?, deal))).collect();
    named.sort_by_key(|(place, _)| *place);
    named.into_iter().map(|(_, deal)| deal).collect()
}

/// Leads whose company, full name or family name the question has.
pub(crate) fn leads<'a>(crm: &'a Crm, words: &Words) -> Vec<&'a Lead> {
    let named = |lead: &&Lead| {
        let family_name = lead.person.rsplit(' ').next().unwrap_or(&lead.person);
        words.has(&lead.person) || words.has(family_name) || lead.aliases.iter().any(|alias| words.has(alias))
    };
    crm.leads.iter().filter(named).collect()
}

/// The owner of deals whose full or first name the question has.
pub(crate) fn owner<'a>(crm: &'a Crm, words: &Words) -> Option<&'a str> {
    let owners = crm.deals.iter().map(|deal| deal.owner.as_str());
    let named = |owner: &&str| owner.split(' ').any(|part| words.has(part));
    owners.into_iter().find(named)
}

/// Names in the question that look like an account's and are of no deal.
pub(crate) fn unknown(crm: &Crm, question: &str, words: &Words) -> Vec<String> {
    let mut names = capitalised(question);
    names.extend(before_deal(words));
    names.retain(|name| !is_known(crm, name));
    let mut seen = Vec::<String>::new();
    for name in names {
        if !seen.iter().any(|other| other.to_lowercase().contains(&name.to_lowercase())) {
            seen.push(name);
        }
    }
    seen
}

/// Words before `deal` that describe a deal and do not name it.
const ADJECTIVES: [&str; 44] = [
    "the", "this", "that", "a", "an", "any", "each", "every", "which", "what", "our", "my", "your", "their",
    "its", "biggest", "largest", "smallest", "best", "worst", "top", "riskiest", "open", "closed", "won",
    "lost", "new", "next", "last", "big", "large", "one", "of", "and", "or", "for", "is", "no", "latest",
    "current", "active", "stalled", "average", "s",
];

fn before_deal(words: &Words) -> Vec<String> {
    let pairs = (1..words.len()).filter_map(|index| Some((words.get(index - 1)?, words.get(index)?)));
    let named = pairs.filter(|(before, word)| {
        matches!(*word, "deal" | "opportunity") && !ADJECTIVES.contains(before) && before.len() > 2
    });
    named.filter(|(before, _)| !COMMON.contains(before)).map(|(before, _)| before.to_owned()).collect()
}

/// Runs of capitalised words that do not begin a sentence.
fn capitalised(question: &str) -> Vec<String> {
    let mut runs: Vec<Vec<&str>> = Vec::new();
    let (mut begins_sentence, mut in_run) = (true, false);
    for raw in question.split_whitespace() {
        let word = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        let is_name = word.chars().next().is_some_and(char::is_uppercase)
            && !begins_sentence
            && !COMMON.contains(&word.to_lowercase().as_str());
        match (is_name, in_run, runs.last_mut()) {
            (true, true, Some(run)) => run.push(word),
            (true, _, _) => runs.push(vec![word]),
            (false, _, _) => {}
        }
        begins_sentence = raw.ends_with(['.', '!', '?', ':']);
        in_run = is_name && !raw.ends_with([',', ';']);
    }
    runs.into_iter().map(|run| run.join(" ")).collect()
}

/// Capitalised in questions, and no account.
const COMMON: [&str; 54] = [
    "i",
    "q1",
    "q2",
    "q3",
    "q4",
    "crm",
    "ceo",
    "cfo",
    "coo",
    "cro",
    "cmo",
    "vp",
    "ai",
    "arr",
    "mrr",
    "kpi",
    "roi",
    "yoy",
    "qoq",
    "ytd",
    "qtd",
    "meddpicc",
    "meddic",
    "sql",
    "mql",
    "discovery",
    "qualification",
    "proposal",
    "negotiation",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "deal",
    "deals",
    "lead",
    "leads",
    "status",
    "risk",
    "sales",
    "pipeline",
];

fn is_known(crm: &Crm, name: &str) -> bool {
    let words = Words::of(name);
    let owned = owner(crm, &words).is_some();
    let person = |deal: &Deal| deal.stakeholders.iter().any(|person| words.any(&[person.name.as_str()]));
    owned || !deals(crm, &words).is_empty() || !leads(crm, &words).is_empty() || crm.deals.iter().any(person)
}

/// The honest answer to a deal that is not there.
pub(crate) fn no_such_deal(crm: &Crm, unknown: &[String]) -> String {
    let names = unknown.join(", ");
    format!(
        "## No such deal\n\nThere is no deal named **{names}** in the CRM. {}\n",
        suggestion(crm, unknown)
    )
}

/// The same, beside an answer on deals that are there.
pub(crate) fn and_not(crm: &Crm, unknown: &[String]) -> String {
    if unknown.is_empty() {
        return String::new();
    }
    format!("\nThere is no deal named **{}** in the CRM. {}\n", unknown.join(", "), suggestion(crm, unknown))
}

fn suggestion(crm: &Crm, unknown: &[String]) -> String {
    let mut near: Vec<(usize, &str)> = Vec::new();
    for deal in &crm.deals {
        let aliases = deal.aliases.iter();
        let best = aliases.flat_map(|alias| unknown.iter().map(move |name| nearness(name, alias))).min();
        if let Some(edits) = best.filter(|edits| *edits <= 2) {
            near.push((edits, &deal.account));
        }
    }
    near.sort();
    if near.is_empty() {
        let mut largest: Vec<&Deal> = crm.open_deals().collect();
        largest.sort_by_key(|deal| std::cmp::Reverse(deal.amount));
        let items = largest.iter().take(3).map(|deal| format!("{} ({})", deal.account, money(deal.amount)));
        return format!("The largest open ones are:\n\n{}", bullets(items));
    }
    let names: Vec<String> = near.iter().take(3).map(|(_, name)| format!("**{name}**")).collect();
    format!("Did you mean {}?", names.join(" or "))
}

/// Edits between two names; a common beginning of four letters is near, too.
fn nearness(name: &str, alias: &str) -> usize {
    let name = name.to_lowercase();
    let begins_alike = name.chars().zip(alias.chars()).take_while(|(a, b)| a == b).count() >= 4;
    if begins_alike { 1 } else { distance(&name, alias) }
}
