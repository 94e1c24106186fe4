//! The manager agent: which collaborators a question needs, and the answer they give together.
//! Pure: the same CRM, question, day and memory make the same answer.

mod deal_lists;
mod deals;
mod figures;
mod focus;
mod general;
mod leads;
mod markdown;
mod names;
mod periods;
mod routing;
#[cfg(test)]
mod tests;
mod words;

use time::Date;

use crate::crm::Crm;
use routing::Topic;
use words::Words;

/// The specialists that the manager can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Collaborator {
    DealAnalysis,
    Data,
    LeadAnalysis,
}

impl Collaborator {
    /// The name in the traces.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DealAnalysis => "DealAnalysisAgent",
            Self::Data => "DataAgent",
            Self::LeadAnalysis => "LeadAnalysisAgent",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::DealAnalysis => "deal_analysis",
            Self::Data => "data_analysis",
            Self::LeadAnalysis => "lead_analysis",
        }
    }
}

/// What one collaborator was asked and said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contribution {
    pub(crate) collaborator: Collaborator,
    pub(crate) request: String,
    pub(crate) reply: String,
}

/// What a session remembers of the questions before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// The account of the deal named last.
    pub(crate) deal: Option<String>,
}

/// The manager's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Markdown.
    pub(crate) text: String,
    /// In the order in which they were asked; empty when the manager answered alone.
    pub(crate) contributions: Vec<Contribution>,
    pub(crate) memory: Memory,
}

impl Answer {
    /// The class for the route line: that of the collaborator asked first.
    pub(crate) fn class(&self) -> &'static str {
        self.contributions.first().map_or("general", |first| first.collaborator.class())
    }
}

/// Answers a question.
pub(crate) fn answer(crm: &Crm, question: &str, today: Date, memory: &Memory) -> Answer {
    let words = Words::of(question);
    let topics = routing::topics(crm, question, &words, today, memory);
    let mut contributions = Vec::new();
    let mut texts = Vec::new();
    let mut memory = memory.clone();
    for topic in topics {
        let text = compose(crm, &topic, &words, today);
        if let Topic::Deals { deals, .. } = &topic
            && let [.., last] = deals.as_slice()
        {
            memory.deal = Some(last.account.clone());
        }
        if let Some(collaborator) = topic.collaborator() {
            contributions.push(Contribution {
                collaborator,
                request: question.to_owned(),
                reply: text.clone(),
            });
        }
        texts.push(text);
    }
    Answer { text: texts.join("\n").trim_end().to_owned(), contributions, memory }
}

fn compose(crm: &Crm, topic: &Topic<'_>, words: &Words, today: Date) -> String {
    match topic {
        Topic::Deals { deals, focus, unknown } => match deals.as_slice() {
            [] => names::no_such_deal(crm, unknown),
            [deal] => deals::one(deal, *focus, today) + &names::and_not(crm, unknown),
            several => deals::compared(several, today) + &names::and_not(crm, unknown),
        },
        Topic::DealList(list) => deal_lists::text(crm, list, today),
        Topic::Leads(named) => leads::text(crm, named, words),
        Topic::Figures => figures::text(crm, words, today),
        Topic::PipelineBy(grouping) => deal_lists::pipeline(crm, *grouping),
        Topic::General => general::text(words),
    }
}
