//! When the program stops by itself and asks a person.

use earlypost::{
    dispatch::{DeliverySettings, StateName},
    hint::Hint,
};

use crate::harness::{Does, MAYA, World};

fn world(children: &[&str], delivery: DeliverySettings) -> World {
    let world = World::with_delivery(children, DeliverySettings { at_once: 1, ..delivery });
    world.mail.leaves();
    world
}

fn resume(world: &World) -> bool {
    let now = world.pipeline.now();
    world.runtime.block_on(world.pipeline.store.service().resume_channel("smtp", "a coordinator", now)).unwrap()
}

fn tasks(world: &World, kind: &str) -> Vec<String> {
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    tasks.into_iter().filter(|t| t.kind == kind).map(|t| t.says).collect()
}

#[test]
fn a_relay_that_is_wrong_stays_paused_until_a_person_resumes_it() {
    let world = world(&[MAYA], DeliverySettings::default());
    world.mail.next(Does::IsWrong);
    let report = world.run();
    assert_eq!(report.paused, [("smtp", "the certificate has expired".to_owned())]);
    let again = world.run();
    assert_eq!(world.mail.given().len(), 1, "nothing more was offered to it");
    assert!(
        again.paused[0].1.contains(&Hint::ResumeChannel { channel: Some("smtp".into()) }.to_string()),
        "{:?}",
        again.paused
    );
    assert!(again.balance.queued > 0 && again.balance.failed == 0);
    assert_eq!(tasks(&world, "channel-paused").len(), 1);
    assert_eq!(world.rows(MAYA).iter().map(|r| r.refusals).sum::<i64>(), 0, "it costs no retry");
    assert!(resume(&world));
    let last = world.run();
    assert!(last.paused.is_empty());
    assert_eq!(last.balance.queued, 0);
    assert!(tasks(&world, "channel-paused").is_empty());
    assert!(!resume(&world), "it was not paused any more");
}

#[test]
fn a_burst_of_refusals_pauses_the_channel_before_it_burns_everything() {
    let world = world(&[MAYA, "c-0405"], DeliverySettings { burst_failures: 2, ..DeliverySettings::default() });
    world.mail.next(Does::RefusesForGood);
    world.mail.next(Does::RefusesForGood);
    let report = world.run();
    assert_eq!(world.mail.given().len(), 2);
    assert_eq!(report.balance.failed, 2);
    assert!(report.paused[0].1.contains("2 envelopes were refused for good"), "{:?}", report.paused);
    resume(&world);
    let last = world.run();
    assert_eq!(last.balance.queued, 0, "what happened before the look counts no more");
}

#[test]
fn more_than_is_usual_in_a_day_asks_first() {
    let world = world(&[MAYA, "c-0405"], DeliverySettings { usual_volume: 2, ..DeliverySettings::default() });
    let report = world.run();
    assert_eq!(world.mail.given().len(), 2);
    assert!(report.balance.queued > 0);
    assert!(report.paused[0].1.contains("unusual"), "{:?}", report.paused);
    world.run();
    assert_eq!(world.mail.given().len(), 2);
    resume(&world);
    assert_eq!(world.run().balance.queued, 0);
}

#[test]
fn what_never_left_is_no_volume_and_an_envelope_is_counted_once() {
    let usual = DeliverySettings { usual_volume: 10, retry_seconds: vec![60], ..DeliverySettings::default() };
    let world = world(&[MAYA], usual);
    let left = |world: &World| {
        let today = world.runtime.block_on(world.pipeline.delivery().left_today()).unwrap();
        today.get("smtp").copied().unwrap_or(0)
    };
    // A relay that is away all morning.
    (0..100).for_each(|_| world.mail.next(Does::RefusesForNow));
    for _ in 0..6 {
        let report = world.run();
        assert!(report.paused.is_empty(), "{:?}", report.paused);
        world.clock.advance(chrono::Duration::minutes(5));
    }
    assert!(world.mail.given().len() > 10);
    assert_eq!(left(&world), 0, "nothing left");
    world.mail.forget();
    world.mail.next(Does::TakesItWithoutAnswer);
    world.run();
    let went = left(&world);
    assert!(went > 0);
    let ids: std::collections::BTreeSet<_> = world.mail.given().iter().map(|given| given.dispatch_id.clone()).collect();
    // It goes once more, with the same bytes.
    world.clock.advance(chrono::Duration::hours(1));
    world.recover();
    world.run();
    assert_eq!(left(&world), i64::try_from(ids.len()).unwrap(), "each once");
}

#[test]
fn the_volume_of_a_day_is_counted_from_midnight_to_midnight_in_the_programs_zone() {
    let usual = DeliverySettings { usual_volume: 1, volume_times: 0, ..DeliverySettings::default() };
    let mut world = world(&[MAYA, "c-0405"], usual);
    let attempts = |world: &World| {
        let today = world.runtime.block_on(world.pipeline.delivery().left_today()).unwrap();
        today.get("smtp").copied().unwrap_or(0)
    };
    // Half past six in the evening in New York.
    world.clock.advance(chrono::Duration::minutes(390));
    assert!(world.run().paused[0].1.contains("unusual"));
    assert_eq!(attempts(&world), 1, "one that went; one that was asked about has not left");
    // Nine in the evening, which is the next day in UTC.
    world.clock.advance(chrono::Duration::minutes(150));
    assert_eq!(attempts(&world), 1);
    assert!(world.run().paused[0].1.contains("unusual"));
    resume(&world);
    let all = world.run();
    assert!(all.paused.is_empty() && all.balance.queued == 0, "a person's answer holds for the day: {:?}", all.paused);
    assert!(attempts(&world) > 3, "all on one day");
    world.clock.advance(chrono::Duration::minutes(210));
    assert_eq!(attempts(&world), 0, "half past midnight");
    world.leaves_open(StateName::Queued);
}

#[test]
fn a_look_at_a_channel_in_the_evening_answers_for_that_day_only() {
    let usual = DeliverySettings { usual_volume: 1, volume_times: 0, ..DeliverySettings::default() };
    let mut world = world(&[MAYA, "c-0405"], usual);
    world.clock.advance(chrono::Duration::minutes(390));
    assert!(world.run().paused[0].1.contains("unusual"));
    resume(&world);
    world.clock.advance(chrono::Duration::minutes(150));
    let all = world.run();
    assert!(all.paused.is_empty() && all.balance.queued == 0, "it is the same evening: {:?}", all.paused);
    world.leaves_open(StateName::Queued);
}

#[test]
fn many_childrens_papers_to_a_new_address_ask_first_and_others_go_on() {
    // Both children have services of the same agency, whose address was never used here.
    let children = [MAYA, "c-0398"];
    let world = world(&children, DeliverySettings { new_address_children: 1, ..DeliverySettings::default() });
    let report = world.run();
    let to_agency = || world.mail.given_to("office:bayside-therapy");
    let first: std::collections::BTreeSet<_> = to_agency().iter().map(|g| g.dispatch_id.clone()).collect();
    let queued: Vec<_> =
        children.iter().flat_map(|id| world.rows(id)).filter(|r| r.state == StateName::Queued).collect();
    assert!(!queued.is_empty() && queued.iter().all(|r| r.envelope.recipient.to_string() == "office:bayside-therapy"));
    assert!(!first.is_empty() && report.balance.accepted > first.len() as u64, "the others went");
    assert!(tasks(&world, "address-paused")[0].contains("papers of 2 children"));
    let now = world.pipeline.now();
    assert!(
        world
            .runtime
            .block_on(world.pipeline.store.service().resume_endpoint("bayside-mail", "a coordinator", now))
            .unwrap()
    );
    assert_eq!(world.run().balance.queued, 0);
    assert!(tasks(&world, "address-paused").is_empty());
}
