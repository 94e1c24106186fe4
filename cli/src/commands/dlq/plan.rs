//! What a replay of one letter is: a pure decision.

use revops_core::Timestamp;
use revops_core::conversation::RepairQueue;
use revops_core::messages::{Deliver, Message};
use revops_core::ports::OutgoingMessage;
use revops_core::records::DeliveryRecord;

use super::letter::{Letter, Subject};

/// What is to be done with a letter.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// This message goes to this queue.
    Send(RepairQueue, OutgoingMessage),
    /// It stays where it is: why, and what could be done.
    Stay(String),
}

/// The replay of `letter`, whose delivery is `record`, at `now`. The message goes as it is: it already names the
/// next run. A letter whose deadline has passed would end at once and be gone: it stays, unless
/// `ignore_deadline` is what the operator wants.
pub(super) fn plan(
    letter: &Letter,
    record: Option<&DeliveryRecord>,
    now: Timestamp,
    ignore_deadline: bool,
) -> Plan {
    match &letter.subject {
        Subject::Delivery(deliver) => {
            let ignore_deadline = ignore_deadline || deliver.ignore_deadline;
            let deadline = record.and_then(|record| record.deliver_before).filter(|deadline| now > *deadline);
            if let (Some(deadline), false) = (deadline, ignore_deadline) {
                return Plan::Stay(format!(
                    "it should have been delivered before {deadline}: --ignore-deadline delivers it all the same"
                ));
            }
            let body = addressed(letter, deliver, ignore_deadline);
            let message = OutgoingMessage { body, ..OutgoingMessage::default() };
            Plan::Send(RepairQueue::Outbound(deliver.header), message)
        }
        Subject::Query(_) => {
            let message = &letter.first().message;
            let (body, group) = (message.body.clone(), message.group.clone());
            Plan::Send(RepairQueue::Query, OutgoingMessage { body, group, ..OutgoingMessage::default() })
        }
        Subject::Unknown(why) => Plan::Stay(format!(
            "this version of gatewayctl does not understand it ({why}): use the version that is deployed"
        )),
    }
}

/// The letter's own text, with all that a newer version may have put there, unless something is to be changed.
fn addressed(letter: &Letter, deliver: &Deliver, ignore_deadline: bool) -> String {
    if ignore_deadline == deliver.ignore_deadline {
        return letter.first().message.body.clone();
    }
    Message::Deliver(Deliver { ignore_deadline, ..deliver.clone() }).to_json()
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{body, delivery, id, letters, message};
    use super::*;
    use revops_core::Header;

    const NOW: Timestamp = Timestamp::from_unix_ms(1_763_840_000_000);

    fn record(deliver_before: Option<Timestamp>) -> DeliveryRecord {
        DeliveryRecord {
            v: 1,
            tracking_id: id(1),
            delivery_id: id(1).delivery_id(),
            header: Header::DealAnalysis,
            target: Header::DealAnalysis,
            classification: None,
            expected: None,
            queued_at: Timestamp::from_unix_ms(0),
            deliver_before,
            failure_notice: false,
            failure_reason: None,
            envelope: "{}".to_owned(),
        }
    }

    fn sent(plan: Plan) -> (RepairQueue, serde_json::Value) {
        match plan {
            Plan::Send(queue, message) => (queue, serde_json::from_str(&message.body).unwrap()),
            Plan::Stay(why) => panic!("{why}"),
        }
    }

    #[test]
    fn a_delivery_goes_to_the_queue_of_its_class_as_it_is() {
        let letter = letters(vec![delivery(1, 2, "gone")]).remove(0);
        let (queue, message) = sent(plan(&letter, Some(&record(None)), NOW, false));
        assert_eq!(queue, RepairQueue::Outbound(Header::DealAnalysis));
        assert_eq!(message, serde_json::from_str::<serde_json::Value>(&body(1, 2)).unwrap());
    }

    #[test]
    fn what_is_too_late_stays_unless_the_operator_says_that_it_is_not() {
        let letter = letters(vec![delivery(1, 2, "gone")]).remove(0);
        let late = record(Some(Timestamp::from_unix_ms(NOW.unix_ms() - 1)));
        assert!(
            matches!(plan(&letter, Some(&late), NOW, false), Plan::Stay(why) if why.contains("--ignore-deadline"))
        );
        assert_eq!(sent(plan(&letter, Some(&late), NOW, true)).1["ignore_deadline"], true);
        let in_time = record(Some(NOW));
        assert!(sent(plan(&letter, Some(&in_time), NOW, false)).1.get("ignore_deadline").is_none());
    }

    #[test]
    fn a_query_goes_back_to_the_query_queue_in_its_group() {
        let text = format!(r#"{{"v":1,"type":"answer_query","tracking_id":"{}"}}"#, id(1));
        let mut held = message("q", &text, 1);
        held.message.group = Some("crm".to_owned());
        let letter = letters(vec![held]).remove(0);
        let expected =
            OutgoingMessage { body: text, group: Some("crm".to_owned()), ..OutgoingMessage::default() };
        assert_eq!(plan(&letter, None, NOW, false), Plan::Send(RepairQueue::Query, expected));
    }

    #[test]
    fn what_is_not_understood_stays() {
        let newer = body(1, 2).replace("\"v\":1", "\"v\":2");
        let letter = letters(vec![message("n", &newer, 1)]).remove(0);
        assert!(matches!(plan(&letter, None, NOW, true), Plan::Stay(why) if why.contains("version 2")));
    }
}
