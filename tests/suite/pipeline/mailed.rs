//! What a clerk says of a printed letter later: that it was in the mail, when, or that it was not.

use chrono::{DateTime, Duration, Utc};
use earlypost::{
    case::{Fact, PersonId},
    clock::{Clock, instant_text},
    dispatch::StateName,
    ledger::Event,
    pipeline::{Mailed, Mailing, Refusal, RefusalKind},
};

use crate::harness::{MAYA, World, by};

const FATHER: &str = "family:0417-father";

/// A letter is printed; half an hour later somebody takes it to the mail, and an hour later its recipient is barred.
fn barred_after_the_mail() -> (World, String, DateTime<Utc>) {
    let world = World::with(&[MAYA]);
    world.run();
    let id = world.row(MAYA, FATHER).dispatch_id;
    world.clock.advance(Duration::minutes(30));
    let mailed_at = world.clock.now();
    world.clock.advance(Duration::minutes(30));
    world.record(MAYA, &Fact::PersonBarred { person_id: PersonId::parse("0417-father").unwrap() });
    world.clock.advance(Duration::minutes(30));
    (world, id, mailed_at)
}

fn incidents(world: &World) -> usize {
    let rows = world.runtime.block_on(world.pipeline.store.ledger().ledger_of(&crate::harness::child(MAYA))).unwrap();
    rows.iter().filter(|row| row.entry.event == Event::Incident).count()
}

#[test]
fn nobody_is_answered_for() {
    let (world, id, mailed_at) = barred_after_the_mail();
    for at in [None, Some(mailed_at)] {
        let error = world.says_mailed(&id, Mailing { at, already: None }).unwrap_err();
        let refusal = error.downcast_ref::<Refusal>().expect("a refusal");
        assert_eq!(refusal.kind, RefusalKind::Conflict);
    }
    let row = world.row(MAYA, FATHER);
    assert_eq!((row.state, row.reason), (StateName::Printed, None));
    assert!(world.disclosures(MAYA).iter().all(|entry| entry.dispatch.as_deref() != Some(&id)));
}

#[test]
fn a_letter_that_was_in_the_mail_has_the_authority_of_its_hour() {
    let (world, id, at) = barred_after_the_mail();
    let said = world.says_mailed(&id, Mailing { at: Some(at), already: Some(true) }).unwrap();
    assert_eq!(said, Mailed::Recorded);
    let entry = world.disclosures(MAYA).pop().unwrap();
    assert_eq!((entry.dispatch.as_deref(), entry.outcome.as_str()), (Some(id.as_str()), "mailed"));
    assert_eq!(entry.basis.as_deref(), Some("PARENT_COPY"));
    assert_eq!(entry.happened_at, Some(instant_text(at)));
    assert_eq!(entry.decided_at, Some(instant_text(at)));
    assert_eq!(incidents(&world), 0);
    assert_eq!(world.row(MAYA, FATHER).state, StateName::Confirmed);
    world.verify();
}

#[test]
fn a_letter_that_was_mailed_without_authority_is_entered_and_an_incident() {
    for after in [true, false] {
        let (world, id, at) = barred_after_the_mail();
        // Without an hour nobody knows that it was in time.
        let at = after.then(|| at + Duration::minutes(45));
        let said = world.says_mailed(&id, Mailing { at, already: Some(true) }).unwrap();
        assert!(matches!(said, Mailed::Incident { .. }), "{said:?}");
        let entry = world.disclosures(MAYA).pop().unwrap();
        assert_eq!((entry.outcome.as_str(), &entry.basis, &entry.decided_at), ("mailed", &None, &None));
        assert!(!entry.items.is_empty() && !entry.exempt_303_406);
        assert_eq!(entry.happened_at, at.map(instant_text));
        let matters = world.runtime.block_on(world.pipeline.store.ledger().matters("incident", true)).unwrap();
        assert_eq!(matters.len(), 1);
        assert_eq!(world.row(MAYA, FATHER).state, StateName::Confirmed);
        world.verify();
    }
}

#[test]
fn a_letter_that_was_not_mailed_stays_printed_until_it_is_pulled() {
    let (world, id, _) = barred_after_the_mail();
    let said = world.says_mailed(&id, Mailing { at: None, already: Some(false) }).unwrap();
    assert!(matches!(said, Mailed::DoNotMail(_)), "{said:?}");
    world.run();
    assert_eq!(world.row(MAYA, FATHER).state, StateName::Printed);
    assert_eq!(incidents(&world), 0);
    world.runtime.block_on(world.pipeline.print_room().take_out(&id, by("a clerk"))).unwrap();
    assert_eq!(world.row(MAYA, FATHER).state, StateName::Withheld);
}

#[test]
fn a_letter_that_may_go_may_have_gone_earlier() {
    let world = World::with(&[MAYA]);
    world.run();
    let id = world.row(MAYA, FATHER).dispatch_id;
    let printed = world.clock.now();
    world.clock.advance(Duration::hours(3));
    for wrong in [printed - Duration::minutes(5), world.clock.now() + Duration::minutes(5)] {
        let error = world.says_mailed(&id, Mailing { at: Some(wrong), already: None }).unwrap_err();
        assert_eq!(error.downcast_ref::<Refusal>().unwrap().kind, RefusalKind::Invalid, "{error}");
    }
    let at = printed + Duration::hours(1);
    assert_eq!(world.says_mailed(&id, Mailing { at: Some(at), already: None }).unwrap(), Mailed::Recorded);
    assert_eq!(world.disclosures(MAYA).pop().unwrap().happened_at, Some(instant_text(at)));
}
