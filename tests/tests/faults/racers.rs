//! Forty callers with one key, two of whose gateways die; and workers that die while they hide their message.

use futures_util::future::join_all;
use futures_util::join;
use tests::faults::{Aim, FaultPoint, Function, Moment, Write};

use crate::house::House;
use crate::reconciled::nothing_is_stranded;

const RACERS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_racers_of_whom_two_die_are_one_conversation_and_a_workers_death_costs_a_minute() {
    let house = House::start(1.0, &[]).await;
    let (id, ()) = join!(race(&house), lose_workers(&house));
    house.drained().await;
    check_the_race(&house, &id).await;
    nothing_is_stranded(&house);
}

/// The winner dies when the query is stored, and whoever is the first to hear of the agent dies as well.
/// One more request afterwards is the same conversation too.
async fn race(house: &House) -> String {
    let at = |write| FaultPoint { function: Function::Gateway, write, moment: Moment::After, nth: 1 };
    let winner = house.proxy.arm(at(Write::Object("/query.json")), House::aim("race"));
    let asker = house.proxy.arm(at(Write::Invoke), House::aim("race"));
    let racers = (0..RACERS).map(|_| house.ask_until_answered("race", "deal_analysis", None));
    let answers = join_all(racers).await;
    assert!(winner.has_fired() && asker.has_fired());
    let id = answers[0].tracking_id();
    for answer in &answers {
        assert!([200, 202].contains(&answer.status), "{answer:?}");
        assert_eq!(answer.tracking_id(), id);
    }
    let again = house.ask_until_answered("race", "deal_analysis", None).await;
    assert_eq!(
        (again.tracking_id(), &again.headers["idempotency-replayed"]),
        (id.clone(), &"true".parse().unwrap())
    );
    id
}

async fn check_the_race(house: &House, id: &str) {
    assert_eq!(house.agent_calls("race").await, 1);
    assert_eq!(house.stack.deliveries(id).await.len(), 1);
    assert_eq!(house.exports(id).len(), 4);
}

/// A change of visibility names no conversation, so the traps take whoever comes.
async fn lose_workers(house: &House) {
    let at = |moment| FaultPoint {
        function: Function::GatewayWorker,
        write: Write::Hide("query"),
        moment,
        nth: 1,
    };
    let traps = [Moment::Before, Moment::After].map(|moment| house.proxy.arm(at(moment), Aim::Anybody));
    let lives = ["first", "second"].map(|key| async move {
        let promise = house.ask_until_answered(key, "general", Some("respond-async")).await;
        let outcome = house.outcome(&promise.tracking_id(), std::time::Duration::from_secs(150)).await;
        assert_eq!((promise.status, &outcome["status"]), (202, &"delivered".into()), "{key}");
        assert_eq!(house.agent_calls(key).await, 1, "{key}");
        assert_eq!(house.stack.deliveries(&promise.tracking_id()).await.len(), 1, "{key}");
    });
    join_all(lives).await;
    assert!(traps.iter().all(tests::faults::Trap::has_fired));
}
