//! Fair queues: a noisy group does not delay a quiet one.

use super::*;

fn send_as(sqs: &mut Fixture, group: &str, body: &str) {
    sqs.store.send("q", &NewMessage { group: group.into(), ..message(body) }, T0).unwrap();
}

#[test]
fn a_quiet_groups_message_is_in_the_next_receive_whatever_waits_before_it() {
    let mut sqs = fixture();
    (0..500).for_each(|number| send_as(&mut sqs, "noisy", &number.to_string()));
    send_as(&mut sqs, "quiet", "please");
    assert!(bodies(&sqs.receive(2, T0)).contains(&"please"));
}

#[test]
fn receives_alternate_between_groups_also_one_message_at_a_time() {
    let mut sqs = fixture();
    for number in 0..3 {
        send_as(&mut sqs, "a", &format!("a{number}"));
        send_as(&mut sqs, "b", &format!("b{number}"));
        sqs.send(&format!("nobody{number}"), T0);
    }
    let mut order = Vec::new();
    for _ in 0..9 {
        let mut received = sqs.receive(1, T0);
        order.push(received.remove(0).body);
    }
    for round in order.chunks(3) {
        let mut groups: Vec<&str> = round.iter().map(|body| &body[..body.len() - 1]).collect();
        groups.sort_unstable();
        assert_eq!(groups, ["a", "b", "nobody"]);
    }
}

#[test]
fn one_receive_takes_all_groups_and_then_more_of_what_is_left() {
    let mut sqs = fixture();
    (0..5).for_each(|number| send_as(&mut sqs, "big", &format!("big{number}")));
    send_as(&mut sqs, "small", "small");
    let received = sqs.receive(4, T0);
    assert_eq!(received.len(), 4);
    assert!(bodies(&received)[..2].contains(&"small"));
    assert_eq!(received.iter().filter(|message| message.group == "big").count(), 3);
}
