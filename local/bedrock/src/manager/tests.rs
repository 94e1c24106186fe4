//! Questions and what their answers must say.

use super::*;
use time::Month;

fn today() -> Date {
    Date::from_calendar_date(2026, Month::November, 22).unwrap()
}

fn ask(question: &str) -> Answer {
    answer(&Crm::sample(), question, today(), &Memory::default())
}

/// The answer's collaborators in short (`D`eal, d`A`ta, `L`ead), and that it says what it must.
#[track_caller]
fn check(question: &str, collaborators: &str, says: &[&str]) -> String {
    let answer = ask(question);
    let letter = |contribution: &Contribution| match contribution.collaborator {
        Collaborator::DealAnalysis => 'D',
        Collaborator::Data => 'A',
        Collaborator::LeadAnalysis => 'L',
    };
    let asked: String = answer.contributions.iter().map(letter).collect();
    assert_eq!(asked, collaborators, "{question}\n{}", answer.text);
    for part in says {
        assert!(answer.text.contains(part), "{question}: {part:?} is missing in\n{}", answer.text);
    }
    answer.text
}

#[test]
fn a_named_deal_is_told_whole_or_by_its_side() {
    check(
        "What is the deal status for IXIS?",
        "D",
        &[
            "## IXIS: Unified Analytics Platform",
            "Negotiation and at risk",
            "| Amount | $480,000 |",
            "2026-12-16",
            "Zoë Marchetti",
            "Northwind BI",
        ],
    );
    let risks =
        check("What are the risks of the Acme deal?", "D", &["### Risks", "IT has one integration engineer"]);
    assert!(!risks.contains("### Next steps"));
    check("What are the next steps for Fjordbank?", "D", &["2026-11-30", "Write the exit plan"]);
    check("Who are the stakeholders at Kestrel Airlines?", "D", &["Victor Lange", "Amelie Roux"]);
    check("Who is the champion at acme", "D", &["Ines Kowalski"]);
    check(
        "Give me the MEDDPICC notes on Granite Peak",
        "D",
        &["**Economic buyer**: Owen Tate", "**Paper process**"],
    );
    check("Which competitor are we up against at Everline?", "D", &["Gridsense"]);
    check("How much is Bluewater worth?", "D", &["**$610,000**", "$488,000"]);
    check("When does Juniper Kilns close?", "D", &["**2026-12-21**", "29 days"]);
    check("Who owns the Orchid Hotels opportunity?", "D", &["**Maya Lindqvist** owns"]);
    check("How did we lose Northgate University?", "D", &["is Closed Lost", "EduMetrics on price"]);
    check("Did the lead time objection from Juniper Kilns get resolved?", "D", &["Season starts"]);
}

#[test]
fn deals_are_compared_side_by_side() {
    let says = [
        "## IXIS and Acme",
        "Largest: **IXIS** with $480,000",
        "First to close: **IXIS** on 2026-12-16",
        "| Acme |",
    ];
    check("Compare IXIS and Acme", "D", &says);
    check(
        "Fjordbank vs Bluewater vs IXIS?",
        "D",
        &["Largest: **Fjordbank**", "First to close: **Bluewater Logistics**"],
    );
    check("Compare IXIS and Zorblax", "D", &["## IXIS", "no deal named **Zorblax**"]);
}

#[test]
fn deals_are_listed_by_what_is_asked() {
    let risky = check(
        "Which deals are at risk?",
        "D",
        &["4 deals, $1,655,000", "### Fjordbank", "### IXIS", "### Dovetail Health", "### Orchid Hotels"],
    );
    assert!(!risky.contains("### Acme"));
    check("What deals are closing this month?", "D", &["Deals closing this month", "There is no such deal"]);
    check(
        "Which deals close in the next 30 days?",
        "D",
        &["3 deals, $1,175,000", "Bluewater", "IXIS", "Juniper Kilns"],
    );
    check(
        "What are our biggest deals?",
        "D",
        &["Largest open deals", "| Fjordbank | Negotiation | $720,000 |"],
    );
    check("Which deals are in proposal?", "D", &["4 deals, $1,075,000"]);
    check("Show me Aisha's open deals", "D", &["Open deals of Aisha Karim", "Fjordbank"]);
    check("Which deals did we lose?", "D", &["Northgate University"]);
    check("How many deals did we win last quarter?", "A", &["| Deals won | 15 |"]);
    check("List lost deals", "D", &["Northgate University"]);
}

#[test]
fn a_deal_that_does_not_exist_is_not_made_up() {
    check(
        "What is the status of the Zorblax deal?",
        "D",
        &["no deal named **Zorblax**", "largest open ones", "Fjordbank"],
    );
    check("Give me the deal status for Bluewatr", "D", &["Did you mean **Bluewater Logistics**?"]);
    check("How risky is the deal with Akme Industries?", "D", &["no deal named **Akme Industries**"]);
    check("what is the deal status for IXSI", "D", &["Did you mean"]);
}

#[test]
fn the_pipeline_is_divided() {
    let says =
        ["**$4,485,000 in 13 open deals", "| Negotiation | 4 | $2,265,000 |", "| Discovery | 2 | $215,000 |"];
    check("Show the pipeline by stage", "A", &says);
    check("Pipeline by owner", "A", &["| Maya Lindqvist | 4 | $1,725,000 |"]);
}

#[test]
fn a_quarters_figures_are_given() {
    check(
        "How is the forecast against target this quarter?",
        "A",
        &[
            "## Q4 2026 so far",
            "$1,985,000 is 92.3 % of the target: $165,000 short of $2,150,000",
            "Booked so far: $550,000",
        ],
    );
    check(
        "What were bookings in Q3?",
        "A",
        &["## Q3 2026", "$2,110,000 is 105.5 % of the target: $110,000 above", "+6.5 %"],
    );
    check("What was the win rate last quarter?", "A", &["| Win rate | 27.9 % | 26.3 % | +1.6 points |"]);
    check("How many new leads did we get in Q2 2026?", "A", &["| New leads | 262 |"]);
    check("Churn in Q1 2025?", "A", &["| Churn | 3.4 % | n/a | n/a |"]);
    check("Bookings in Q2 2019", "A", &["no figures for Q2 2019: the CRM has Q1 2025 to Q4 2026"]);
    check("How did Q3 2025 go?", "A", &["| Deals won | 10 |", "| Sales cycle | 93 days |"]);
}

#[test]
fn figures_are_compared_over_quarters() {
    let trend = check(
        "Win rate over the last four quarters",
        "A",
        &["from 24.2 % to 26.8 % (+2.6 points)", "| Q3 2026 | 27.9 % |"],
    );
    assert!(!trend.contains("Q4 2025"), "{trend}");
    check("Show the churn trend", "A", &["Q1 2025 to Q4 2026", "-0.9 points"]);
    check("Compare bookings of Q1 and Q3 2026", "A", &["from $1,760,000 to $2,110,000 (+19.8 %)"]);
    check("Bookings in 2025", "A", &["| Q4 2025 | $1,890,000 |"]);
}

#[test]
fn leads_are_profiled_and_ranked() {
    check("What do we know about Nadia Petrov?", "L", &["fit score 94", "Call within a day"]);
    check("Tell me about the lead at Sable Telecom", "L", &["Kofi Mensah", "churn early warning"]);
    let best =
        check("Who are our best leads?", "L", &["Nadia Petrov", "Oliver Crane", "### Recommended outreach"]);
    assert!(!best.contains("Leo Hartmann"));
    check("Top 3 leads to call", "L", &["Nadia Petrov", "Oliver Crane", "Marcus Bell"]);
    check("Leads by source", "L", &["| Website | 4 |", "**15 leads in all.**"]);
    check("Which leads are in nurturing?", "L", &["Samuel Ortiz", "Paula Gomes"]);
}

#[test]
fn a_question_with_two_sides_asks_two_collaborators() {
    check("How does IXIS change this quarter's forecast?", "DA", &["## IXIS", "## Q4 2026"]);
    check(
        "Which deals are at risk, and what is the forecast this quarter?",
        "DA",
        &["Deals at risk", "92.3 %"],
    );
    check("Compare the deal with IXIS and the lead Oliver Crane", "DL", &["## IXIS", "fit score 92"]);
}

#[test]
fn what_is_not_in_the_crm_is_answered_by_the_manager_alone() {
    check("Hello!", "", &["Hello!"]);
    check("How do I create a deal?", "", &["cannot change it"]);
    check("thanks a lot", "", &["You are welcome"]);
    check("Is the database down or is it just me", "", &["nothing about that"]);
    check("Write me a poem about the sea", "", &["nothing about that"]);
    check("", "", &["nothing about that"]);
}

#[test]
fn a_follow_up_speaks_of_the_deal_named_last() {
    let crm = Crm::sample();
    let first = answer(&crm, "How is IXIS?", today(), &Memory::default());
    let second = answer(&crm, "And its risks?", today(), &first.memory);
    assert!(second.text.starts_with("## IXIS") && second.text.contains("### Risks"), "{}", second.text);
    let third = answer(&crm, "What about Acme?", today(), &second.memory);
    assert!(third.text.starts_with("## Acme"), "{}", third.text);
    let fourth = answer(&crm, "and the next steps?", today(), &third.memory);
    assert!(fourth.text.contains("committee") || fourth.text.contains("Committee"), "{}", fourth.text);
    let elsewhere = answer(&crm, "What is the win rate this quarter?", today(), &fourth.memory);
    assert_eq!(elsewhere.class(), "data_analysis");
    assert_eq!(elsewhere.memory.deal.as_deref(), Some("Acme"));
}

#[test]
fn the_class_is_that_of_the_collaborator_asked_first() {
    for (question, class) in [
        ("How is IXIS?", "deal_analysis"),
        ("Win rate last quarter", "data_analysis"),
        ("Best leads?", "lead_analysis"),
        ("Hello", "general"),
    ] {
        assert_eq!(ask(question).class(), class);
    }
}
