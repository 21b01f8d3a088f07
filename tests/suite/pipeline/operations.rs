//! What a person does to one dispatch.

use earlypost::{
    case::{Fact, PersonId, Recorded},
    disclosure::Reason,
    dispatch::{DeliverySettings, Operation, StateName},
    hint::Hint,
    ledger::{Entry, Event},
    pipeline::{Given, Regenerated, Resent},
    store::StoreError,
};

use crate::harness::{Does, MAYA, World, by, child};

const MOTHER: &str = "family:0417-mother";
const FATHER: &str = "family:0417-father";

fn world() -> World {
    World::with_delivery(&[MAYA], DeliverySettings { at_once: 1, ..DeliverySettings::default() })
}

fn resend(world: &World, id: &str) -> anyhow::Result<Resent> {
    world.runtime.block_on(world.pipeline.dispatch_operations().resend(id, false, by("a coordinator")))
}

fn regenerate(world: &World, id: &str) -> anyhow::Result<Regenerated> {
    world.runtime.block_on(world.pipeline.dispatch_operations().regenerate(id, by("a coordinator")))
}

fn state(world: &World, id: &str) -> StateName {
    world.runtime.block_on(world.pipeline.store.outbox().dispatch(id)).unwrap().state
}

fn entries(world: &World, id: &str) -> Vec<Entry> {
    let rows = world.runtime.block_on(world.pipeline.store.ledger().ledger_of(&child(MAYA))).unwrap();
    rows.into_iter().map(|row| row.entry).filter(|e| e.dispatch.as_deref() == Some(id)).collect()
}

fn recorded(world: &World) -> Recorded {
    world.runtime.block_on(world.pipeline.store.children().child(&child(MAYA))).unwrap().recorded
}

fn bar(world: &World, person: &str) {
    world.record(MAYA, &Fact::PersonBarred { person_id: PersonId::parse(person).unwrap() });
}

/// The coordinator has another telephone number from now on.
fn the_office_moves(world: &World) {
    let path = world.caseload().join("directory.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("(757) 555-0142"));
    std::fs::write(path, text.replace("(757) 555-0142", "(757) 555-0177")).unwrap();
    world.import();
}

#[test]
fn the_same_bytes_go_again_as_a_new_attempt_with_its_own_decision() {
    let world = world();
    world.run();
    let id = world.row(MAYA, MOTHER).dispatch_id;
    the_office_moves(&world);
    assert_eq!(resend(&world, &id).unwrap(), Resent::SameBytes);
    assert_eq!(state(&world, &id), StateName::Queued);
    world.deliver();
    let given: Vec<_> = world.mail.given().into_iter().filter(|g| g.dispatch_id == id).collect();
    assert_eq!(given.len(), 2);
    assert_eq!(given[0].message, given[1].message, "not one word of the message is newer");
    let attempts = world.runtime.block_on(world.pipeline.store.outbox().attempts(&id)).unwrap();
    assert_eq!(attempts.len(), 2);
    assert!(attempts.iter().all(|a| a.decision.contains("PARENT_COPY") && a.endpoint_id == "0417-mail"));
    assert_eq!(entries(&world, &id).iter().filter(|e| e.event == Event::Disclosure).count(), 2);
    world.verify();
}

#[test]
fn what_the_recipient_may_no_longer_have_is_not_sent_again() {
    let world = world();
    world.run();
    let id = world.row(MAYA, MOTHER).dispatch_id;
    bar(&world, "0417-mother");
    let Resent::Refused(refusal) = resend(&world, &id).unwrap() else { panic!("it is refused") };
    assert_eq!(refusal.reason, Reason::Restricted);
    assert_eq!(state(&world, &id), StateName::Accepted, "what had left stays what it was");
}

#[test]
fn a_bar_that_comes_between_the_wish_and_the_send_wins_and_the_papers_stay() {
    let world = world();
    world.run();
    let id = world.row(MAYA, MOTHER).dispatch_id;
    resend(&world, &id).unwrap();
    bar(&world, "0417-mother");
    let given = world.mail.given().len();
    world.run();
    assert_eq!(world.mail.given().len(), given);
    assert_eq!(state(&world, &id), StateName::Withheld);
    world.verify();
}

#[test]
fn newer_papers_are_another_dispatch_and_say_what_changed() {
    let world = world();
    world.run();
    let old = world.row(MAYA, MOTHER);
    world.clock.advance(chrono::Duration::minutes(30));
    world.edit(MAYA, |record| record.child.preferred_name = Some(earlypost::case::Line::parse("Mia").unwrap()));
    world.import();
    let made = regenerate(&world, &old.dispatch_id).unwrap();
    let Regenerated::Made { dispatch_id, state: now, changes, in_the_stack } = made else { panic!("{made:?}") };
    assert_eq!((now, in_the_stack), (StateName::Queued, false));
    assert!(changes[0].contains("child.preferred_name"), "{changes:?}");
    assert!(!changes.iter().any(|line| line.contains("Mia")), "places, never values: {changes:?}");
    world.deliver();
    assert_eq!(state(&world, &dispatch_id), StateName::Accepted);
    assert_eq!(state(&world, &old.dispatch_id), StateName::Accepted, "what had left stays what it was");
    assert_eq!(regenerate(&world, &dispatch_id).unwrap(), Regenerated::Same);
    assert_eq!(world.run().attempts, 0, "the night's run sends neither again");
    world.verify();
}

#[test]
fn what_waits_is_superseded_by_newer_papers_and_does_not_go_itself() {
    let world = world();
    world.import();
    world.prepare();
    let old = world.row(MAYA, MOTHER).dispatch_id;
    world.edit(MAYA, |record| record.child.preferred_name = Some(earlypost::case::Line::parse("Mia").unwrap()));
    world.import();
    let Regenerated::Made { dispatch_id, .. } = regenerate(&world, &old).unwrap() else { panic!("newer papers") };
    assert_eq!(state(&world, &old), StateName::Superseded);
    world.run();
    assert!(world.mail.given().iter().all(|g| g.dispatch_id != old));
    assert_eq!(state(&world, &dispatch_id), StateName::Accepted);
    assert!(regenerate(&world, &old).unwrap_err().to_string().contains("a newer one has taken its place"));
}

#[test]
fn what_is_cancelled_before_it_leaves_never_goes() {
    let world = world();
    world.import();
    world.prepare();
    let id = world.row(MAYA, MOTHER).dispatch_id;
    assert!(!world.runtime.block_on(world.pipeline.dispatch_operations().cancel(&id, by("a coordinator"))).unwrap());
    world.run();
    world.run();
    assert_eq!(state(&world, &id), StateName::Cancelled);
    assert!(world.mail.given().iter().all(|g| g.dispatch_id != id));
    assert!(
        world.rows(MAYA).iter().filter(|r| r.envelope.recipient.to_string() == MOTHER).all(|r| r.envelope.edition == 0)
    );
}

#[test]
fn what_has_left_cannot_be_cancelled_and_what_is_printed_is_taken_out_of_the_stack() {
    let world = world();
    world.run();
    let (mother, father) = (world.row(MAYA, MOTHER).dispatch_id, world.row(MAYA, FATHER).dispatch_id);
    let refused =
        world.runtime.block_on(world.pipeline.dispatch_operations().cancel(&mother, by("a coordinator"))).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!("dispatch {mother}: it is accepted: only what has not left can be cancelled")
    );
    assert!(
        world.runtime.block_on(world.pipeline.dispatch_operations().cancel(&father, by("a coordinator"))).unwrap(),
        "take it out"
    );
    let mailed = world.marks_mailed(&father);
    assert!(mailed.unwrap_err().to_string().contains("is cancelled"));
}

#[test]
fn a_person_closes_an_unknown_outcome_with_what_was_learned() {
    for (arrived, outcome, after) in
        [(true, "arrived", StateName::Confirmed), (false, "not-arrived", StateName::Failed)]
    {
        let world = world();
        world.mail.next(Does::TakesItWithoutAnswer);
        world.run();
        let id = world.mail.given()[0].dispatch_id.clone();
        let told = "Mrs Example at the desk says so";
        world
            .runtime
            .block_on(world.pipeline.dispatch_operations().resolve(&id, arrived, told, by("a coordinator")))
            .unwrap();
        assert_eq!(state(&world, &id), after);
        let entries = entries(&world, &id);
        assert_eq!(entries[0].outcome, "unknown");
        assert_eq!((entries[1].event, entries[1].outcome.as_str()), (Event::Outcome, outcome));
        let rows = world.runtime.block_on(world.pipeline.store.ledger().ledger_of(&child(MAYA))).unwrap();
        let first = rows.iter().find(|r| r.entry.dispatch.as_deref() == Some(&id)).unwrap();
        let later = rows.iter().rfind(|r| r.entry.dispatch.as_deref() == Some(&id)).unwrap();
        assert_eq!(later.entry.about_seq, Some(first.link.seq));
        assert!(later.detail.as_ref().unwrap().evidence.reply.contains(told));
        assert!(!later.link.body.contains("Mrs Example"), "a person's words stand in the personal part only");
        let again = world.runtime.block_on(world.pipeline.dispatch_operations().resolve(
            &id,
            arrived,
            told,
            by("a coordinator"),
        ));
        assert!(again.unwrap_err().to_string().contains("only an unknown outcome"));
        if !arrived {
            assert_eq!(resend(&world, &id).unwrap(), Resent::SameBytes);
            world.deliver();
            assert_eq!(state(&world, &id), StateName::Accepted);
        }
        world.verify();
    }
}

#[test]
fn what_came_back_makes_its_address_suspect_and_goes_to_the_next_one() {
    let world = world();
    world.run();
    let id = world.row(MAYA, MOTHER).dispatch_id;
    let reopened = world
        .runtime
        .block_on(world.pipeline.dispatch_operations().mark_returned(&id, "no such person", by("a coordinator")))
        .unwrap();
    assert_eq!(state(&world, &id), StateName::Returned);
    assert!(recorded(&world).disabled.iter().any(|e| e.as_str() == "0417-mail"));
    assert_eq!(entries(&world, &id).last().unwrap().outcome, "returned");
    assert_eq!(reopened.state, StateName::Queued);
    world.run();
    let next = world.runtime.block_on(world.pipeline.store.outbox().dispatch(&reopened.dispatch_id)).unwrap();
    assert_eq!((next.state, next.channel.as_deref()), (StateName::Printed, Some("print")));
    let waiting = world.runtime.block_on(world.pipeline.operations().waiting(by("the tester"))).unwrap();
    assert!(waiting.iter().any(|w| w.what == "came-back" && w.why == id));
    let duties = world.runtime.block_on(world.pipeline.store.obligations().duty_history(&child(MAYA))).unwrap();
    assert!(duties.iter().any(|d| d.status == "open" && d.what == format!("open again: dispatch {id} came back")));
    world.verify();
}

#[test]
fn what_came_back_from_the_only_address_waits_for_a_new_one_and_then_goes() {
    let world = world();
    world.run();
    let id = world.row(MAYA, FATHER).dispatch_id;
    let early = world.runtime.block_on(world.pipeline.dispatch_operations().mark_returned(&id, "moved", by("a clerk")));
    assert!(early.unwrap_err().to_string().contains(&Hint::MarkMailed { dispatch: None }.to_string()));
    world.marks_mailed(&id).unwrap();
    let reopened = world
        .runtime
        .block_on(world.pipeline.dispatch_operations().mark_returned(&id, "moved", by("a clerk")))
        .unwrap();
    assert_eq!(reopened.state, StateName::Withheld);
    let next = || world.runtime.block_on(world.pipeline.store.outbox().dispatch(&reopened.dispatch_id)).unwrap();
    assert_eq!(next().reason, Some(Reason::EndpointDisabled));
    world.run();
    assert_eq!(next().state, StateName::Withheld, "nothing goes to an address from which something came back");
    world.edit(MAYA, |record| {
        let father = record.family.iter_mut().find(|m| m.person_id.as_str() == "0417-father").unwrap();
        let mut new = father.endpoints[0].clone();
        new.endpoint_id = earlypost::case::EndpointId::parse("0417-post-3").unwrap();
        father.endpoints.push(new);
    });
    world.run();
    assert_eq!(next().state, StateName::Printed);
    world.verify();
}

#[test]
fn given_in_person_counts_as_a_delivery_and_enters_the_record() {
    let world = world();
    world.run();
    let id = world.row(MAYA, FATHER).dispatch_id;
    let on = |day: &str| Given { initials: "DR", on: day.parse().unwrap() };
    let give = |given| {
        world.runtime.block_on(world.pipeline.dispatch_operations().mark_given(&id, given, by("a coordinator")))
    };
    assert!(give(on("2026-11-21")).unwrap_err().to_string().contains("lies ahead"));
    assert!(give(on("2026-11-19")).unwrap_err().to_string().contains("were made on 2026-11-20"));
    give(on("2026-11-20")).unwrap();
    assert_eq!(state(&world, &id), StateName::Confirmed);
    let entry = entries(&world, &id).pop().unwrap();
    assert_eq!(
        (entry.event, entry.outcome.as_str(), entry.channel.as_deref()),
        (Event::Disclosure, "given", Some("in-person"))
    );
    assert!(!entry.items.is_empty());
    world.verify();
}

#[test]
fn nobody_is_given_what_may_not_be_had() {
    let world = world();
    world.run();
    let id = world.row(MAYA, FATHER).dispatch_id;
    bar(&world, "0417-father");
    let given = Given { initials: "DR", on: "2026-11-20".parse().unwrap() };
    let refused = world
        .runtime
        .block_on(world.pipeline.dispatch_operations().mark_given(&id, given, by("a coordinator")))
        .unwrap_err();
    assert!(refused.to_string().contains("must not be given"), "{refused}");
    assert!(entries(&world, &id).is_empty());
}

#[test]
fn no_address_is_needed_to_give_something_in_person() {
    let world = world();
    world.run();
    let id = world.row(MAYA, FATHER).dispatch_id;
    world.record(
        MAYA,
        &Fact::EndpointDisabled { endpoint_id: earlypost::case::EndpointId::parse("0417-post-2").unwrap() },
    );
    let given = Given { initials: "DR", on: "2026-11-20".parse().unwrap() };
    world.runtime.block_on(world.pipeline.dispatch_operations().mark_given(&id, given, by("a coordinator"))).unwrap();
    assert_eq!(state(&world, &id), StateName::Confirmed);
}

#[test]
fn an_operation_that_the_state_does_not_allow_changes_nothing() {
    let world = world();
    world.run();
    let id = world.row(MAYA, MOTHER).dispatch_id;
    let before = world.runtime.block_on(world.pipeline.store.outbox().history(&id)).unwrap();
    for operation in Operation::ALL.into_iter().filter(|o| o.leads_to(StateName::Accepted).is_err()) {
        let act = earlypost::store::Act {
            dispatch_id: &id,
            child_id: &child(MAYA),
            operation,
            why: "a test",
            by: "a test",
            entry: None,
            came_back: None,
        };
        let refused = world.runtime.block_on(world.pipeline.store.outcomes().operate(&act, world.pipeline.now()));
        assert!(matches!(refused, Err(StoreError::NotPossible { .. })), "{operation:?}");
    }
    assert_eq!(world.runtime.block_on(world.pipeline.store.outbox().history(&id)).unwrap(), before);
}
