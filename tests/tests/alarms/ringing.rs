//! One test an alarm: it rings in its scenario, and no other does.

use tests::alarms::Recording;

use crate::recorded::{RECORDED, failures, ringing, ringing_after};

/// Every failure of the scenario was that party's.
fn all_by(scenario: &str, party: &str) {
    let (by_it, all) = failures(scenario, party);
    assert!(by_it > 0.0 && by_it == all, "{scenario}: {by_it} of {all} failures are of {party}");
}

#[test]
fn no_alarm_rings_in_a_healthy_hour() {
    assert_eq!(ringing("healthy"), [""; 0]);
    assert_eq!(failures("healthy", "our_bug"), (0.0, 0.0));
}

#[test]
fn the_dead_letters_alarm_rings_when_a_receiver_refuses_for_good() {
    assert_eq!(ringing("receiver refuses"), ["DeadLettersAlarm"]);
    all_by("receiver refuses", "receiver_4xx");
}

#[test]
fn the_configuration_alarm_rings_when_a_webhook_has_moved() {
    assert_eq!(ringing("receiver redirects"), ["ConfigurationAlarm", "DeadLettersAlarm"]);
    all_by("receiver redirects", "configuration");
}

#[test]
fn the_configuration_alarm_rings_when_the_agent_is_not_where_it_should_be() {
    assert_eq!(ringing("agent missing"), ["ConfigurationAlarm"]);
    all_by("agent missing", "configuration");
}

#[test]
fn the_deal_failures_alarm_rings_when_its_receiver_is_down() {
    assert_eq!(ringing("deal_analysis"), ["DeadLettersAlarm", "DealAnalysisFailuresAlarm"]);
    all_by("deal_analysis", "receiver_5xx");
}

#[test]
fn the_data_failures_alarm_rings_when_its_receiver_is_down() {
    assert_eq!(ringing("data_analysis"), ["DataAnalysisFailuresAlarm", "DeadLettersAlarm"]);
}

#[test]
fn the_lead_failures_alarm_rings_when_its_receiver_is_down() {
    assert_eq!(ringing("lead_analysis"), ["DeadLettersAlarm", "LeadAnalysisFailuresAlarm"]);
}

#[test]
fn the_general_failures_alarm_rings_when_its_receiver_is_down() {
    assert_eq!(ringing("general"), ["DeadLettersAlarm", "GeneralFailuresAlarm"]);
}

#[test]
fn the_general_failures_alarm_rings_alone_when_its_receiver_is_slow() {
    assert_eq!(ringing("receiver slow"), ["GeneralFailuresAlarm"]);
    all_by("receiver slow", "receiver_slow");
}

#[test]
fn the_oldest_undelivered_alarm_rings_when_a_message_has_waited_for_a_quarter_of_an_hour() {
    assert_eq!(ringing("receiver late"), ["OldestUndeliveredAlarm"]);
}

#[test]
fn the_agent_failures_alarm_rings_when_the_agent_refuses_and_the_gateways_does_not() {
    assert_eq!(ringing("agent down"), ["AgentFailuresAlarm"]);
    all_by("agent down", "agent_refused");
}

#[test]
fn the_agent_slow_alarm_rings_when_the_agent_takes_its_time() {
    assert_eq!(ringing("agent slow"), ["AgentSlowAlarm"]);
}

#[test]
fn the_gateway_errors_alarm_rings_when_nothing_can_be_stored() {
    assert_eq!(ringing("store refuses"), ["ConfigurationAlarm", "GatewayErrorsAlarm"]);
    all_by("store refuses", "configuration");
}

#[test]
fn the_throttles_alarm_rings_in_a_flood_and_the_gateways_since_callers_are_turned_away() {
    assert_eq!(ringing("flood"), ["GatewayErrorsAlarm", "ThrottlesAlarm"]);
}

#[test]
fn the_function_errors_alarm_rings_when_functions_die() {
    assert_eq!(ringing("function dies"), ["FunctionErrorsAlarm"]);
}

#[test]
fn the_export_failures_alarm_rings_when_exports_cannot_be_written() {
    assert_eq!(ringing("exports refused"), ["ConfigurationAlarm", "ExportFailuresAlarm"]);
}

#[test]
fn the_destination_disabled_alarm_rings_when_a_receiver_is_gone() {
    assert_eq!(ringing("receiver gone"), ["DeadLettersAlarm", "DestinationDisabledAlarm"]);
}

#[test]
fn the_our_bug_alarm_rings_for_a_message_that_nobody_understands() {
    assert_eq!(ringing("poison"), ["OurBugAlarm"]);
    all_by("poison", "our_bug");
}

#[test]
fn the_questions_given_up_alarm_rings_when_the_query_queue_lets_go_of_a_message() {
    assert_eq!(ringing("question given up"), ["OurBugAlarm", "QuestionsGivenUpAlarm"]);
}

#[test]
fn the_in_flight_alarm_rings_when_ninety_thousand_messages_wait() {
    assert_eq!(ringing("backlog"), ["InFlightAlarm"]);
}

#[test]
fn the_low_confidence_alarm_rings_when_answers_are_classified_without_certainty() {
    assert_eq!(ringing("unsure"), ["LowConfidenceAlarm"]);
}

#[test]
fn the_no_traffic_alarm_rings_when_a_busy_stack_falls_silent() {
    assert_eq!(ringing_after(&RECORDED["healthy"], &Recording::default()), ["NoTrafficAlarm"]);
}

#[test]
fn no_alarm_rings_for_a_stack_that_never_had_traffic() {
    assert_eq!(ringing_after(&Recording::default(), &Recording::default()), [""; 0]);
    assert_eq!(
        ringing_after(&Recording::default(), &RECORDED["healthy"]),
        [""; 0],
        "nor when it has its first"
    );
}
