//! Claims about scripted faults.

use super::*;

fn strike(json: &str, roll: f64) -> Misbehaviour {
    Fault::parse(json.as_bytes()).unwrap().strike(roll)
}

#[test]
fn a_fault_with_all_fields_delays_fails_and_says_when_to_come_back() {
    let suffered = strike(r#"{"status":503,"rate":0.3,"delay_ms":20,"retry_after":7}"#, 0.29);
    let expected = Misbehaviour {
        delay: Duration::from_millis(20),
        status: Some(503),
        retry_after: Some("7".to_owned()),
        ..Misbehaviour::default()
    };
    assert_eq!(suffered, expected);
}

#[test]
fn a_rate_spares_the_others() {
    assert_eq!(strike(r#"{"status":503,"rate":0.3}"#, 0.3), Misbehaviour::default());
    assert_eq!(strike(r#"{"status":503}"#, 0.999).status, Some(503));
    assert_eq!(strike(r#"{"status":503,"rate":0}"#, 0.0).status, None);
}

#[test]
fn a_delay_alone_is_slow_but_not_wrong() {
    assert_eq!(strike(r#"{"delay_ms":5}"#, 0.0).status, None);
}

#[test]
fn a_count_ends_the_fault() {
    let mut fault = Fault::parse(br#"{"status":500,"count":2}"#).unwrap();
    assert_eq!(fault.strike(0.0).status, Some(500));
    assert!(!fault.is_spent());
    assert_eq!(fault.strike(0.0).status, Some(500));
    assert!(fault.is_spent());
    assert_eq!(fault.strike(0.0).status, None);
}

#[test]
fn retry_after_may_be_negative_or_a_date() {
    let value = |json: &str| strike(json, 0.0).retry_after.unwrap();
    assert_eq!(value(r#"{"retry_after":-1}"#), "-1");
    assert_eq!(value(r#"{"retry_after":"Sun, 22 Nov 2026 06:30:00 GMT"}"#), "Sun, 22 Nov 2026 06:30:00 GMT");
}

#[test]
fn a_misspelt_or_impossible_fault_is_refused() {
    let wrong = [
        r#"{"statsu":1}"#,
        r#"{"status":99}"#,
        r#"{"rate":1.1}"#,
        r#"{"delay_ms":-1}"#,
        r#"{"delay_ms":600001}"#,
    ];
    for json in wrong {
        assert!(Fault::parse(json.as_bytes()).is_err(), "{json}");
    }
}

/// What is wrong with `json`.
fn complaint(json: &str) -> String {
    Fault::parse(json.as_bytes()).unwrap_err()
}

#[test]
fn every_behaviour_is_known_by_its_name_and_named_where_it_is_misspelt() {
    for behaviour in Behaviour::ALL {
        let suffered = strike(&format!(r#"{{"behaviour":"{}"}}"#, behaviour.name()), 0.0);
        assert_eq!(suffered.behaviour, Some(behaviour));
    }
    let complaint = complaint(r#"{"behaviour":"tickle"}"#);
    assert!(complaint.contains("trickle") && complaint.contains("not_http"), "{complaint}");
}

#[test]
fn a_behaviour_that_gets_to_no_answer_takes_no_status() {
    for name in ["not_http", "reset", "hang"] {
        assert_eq!(strike(&format!(r#"{{"behaviour":"{name}"}}"#), 0.0).answered_status(), None, "{name}");
        for field in [r#""status":503"#, r#""retry_after":5"#] {
            let complaint = complaint(&format!(r#"{{"behaviour":"{name}",{field}}}"#));
            assert!(complaint.starts_with(name) && complaint.contains("leave status"), "{complaint}");
        }
    }
    assert!(complaint(r#"{"behaviour":"hang","delay_ms":5}"#).contains("delay_ms"));
}

#[test]
fn a_hostile_body_comes_with_the_status_that_is_asked_for_or_200() {
    for name in ["trickle", "endless", "huge", "short", "endless_head"] {
        assert_eq!(strike(&format!(r#"{{"behaviour":"{name}"}}"#), 0.0).status, Some(200), "{name}");
        assert_eq!(
            strike(&format!(r#"{{"behaviour":"{name}","status":503}}"#), 0.0).status,
            Some(503),
            "{name}"
        );
    }
}

#[test]
fn a_redirect_points_to_the_inbox_unless_it_is_told_where() {
    let suffered = strike(r#"{"behaviour":"redirect"}"#, 0.0);
    assert_eq!(
        (suffered.status, suffered.location.as_deref()),
        (Some(307), Some("/_local/inbox/redirected"))
    );
    let told = strike(r#"{"behaviour":"redirect","status":301,"location":"http://169.254.169.254/"}"#, 0.0);
    assert_eq!((told.status, told.location.as_deref()), (Some(301), Some("http://169.254.169.254/")));
    assert!(complaint(r#"{"behaviour":"redirect","status":503}"#).contains("300 to 399"));
    assert!(complaint(r#"{"location":"http://example.com/"}"#).contains("redirect"));
}

#[test]
fn what_no_header_can_hold_is_refused_and_not_left_out() {
    assert!(complaint("{\"retry_after\":\"5\\r\\nx: y\"}").starts_with("retry_after"));
    assert!(complaint("{\"behaviour\":\"redirect\",\"location\":\"/\\n\"}").starts_with("location"));
}

#[test]
fn a_rate_and_a_count_hold_for_behaviours_too() {
    let mut fault = Fault::parse(br#"{"behaviour":"reset","rate":0.5,"count":1}"#).unwrap();
    assert_eq!(fault.strike(0.5), Misbehaviour::default());
    assert_eq!(fault.strike(0.4).behaviour, Some(Behaviour::Reset));
    assert!(fault.is_spent());
}

#[test]
fn what_a_behaviour_writes_first_is_a_head_but_for_those_that_break_off_before() {
    let opening = |behaviour: Behaviour| behaviour.opening(behaviour.usual_status(), Some("9"));
    let head = "HTTP/1.1 200 Hostile\r\nconnection: close\r\nretry-after: 9\r\n";
    assert_eq!(opening(Behaviour::Trickle), format!("{head}\r\n"));
    assert_eq!(opening(Behaviour::Short), format!("{head}content-length: 1000\r\n\r\n"));
    assert_eq!(opening(Behaviour::EndlessHead), head);
    assert_eq!(opening(Behaviour::Reset), "");
    assert!(!opening(Behaviour::NotHttp).starts_with("HTTP"));
}
