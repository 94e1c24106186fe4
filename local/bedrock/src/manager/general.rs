//! What the manager says without asking anybody. Pure.

use super::markdown::bullets;
use super::words::Words;

/// Greetings, thanks and how-to questions.
pub(crate) fn is_small_talk(words: &Words) -> bool {
    is_greeting(words)
        || is_thanks(words)
        || words.any(&[
            "how do i",
            "how can i",
            "how to",
            "what can you do",
            "who are you",
            "help me use",
            "what are you",
        ])
        || (words.has("help") && words.len() <= 3)
}

fn is_greeting(words: &Words) -> bool {
    matches!(words.get(0), Some("hello" | "hi" | "hey")) && words.len() <= 4
        || words.any(&["good morning", "good afternoon", "good evening"]) && words.len() <= 4
}

fn is_thanks(words: &Words) -> bool {
    words.any(&["thanks", "thank you"]) && words.len() <= 5
}

/// The answer.
pub(crate) fn text(words: &Words) -> String {
    if is_thanks(words) {
        return "You are welcome. Ask me anything else about deals, leads or figures.".to_owned();
    }
    let head = if is_greeting(words) {
        "Hello! I answer questions about the sample CRM."
    } else if is_small_talk(words) {
        "I read the CRM and cannot change it or explain other tools. This is what I can answer:"
    } else {
        "I have found nothing about that in the CRM. I can answer questions about deals, leads and figures:"
    };
    let examples = [
        "**Deals**: *What is the deal status for IXIS?* · *Compare IXIS and Acme* · *Which deals are at risk?*",
        "**Figures**: *How is the forecast against target this quarter?* · *Win rate over the last four quarters* · *Pipeline by stage*",
        "**Leads**: *Who are our best leads?* · *What do we know about Nadia Petrov?* · *Leads by source*",
    ];
    format!("{head}\n\n{}", bullets(examples))
}
