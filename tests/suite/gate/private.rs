//! What one parent keeps private stands in nothing that the other parent receives, whatever the field.

use earlypost::{
    case::{Address, CourtOrder, OrderEffect, Protected},
    disclosure::{Packet, Point, Reason, Verdict},
    document::{
        Hidden, Private,
        assemble::{Sheet, assemble, language_for},
    },
    due::{DocumentKind, Rulebook, Subject},
};

use super::Case;
use crate::{
    due::samples::{id, line, prose, samples},
    harness::World,
};

/// The mother's own address, apart from the father's.
fn apart(mother: &mut earlypost::case::FamilyMember) {
    for endpoint in &mut mother.endpoints {
        if let Address::Postal { lines } = &mut endpoint.address {
            *lines = vec![line("418 Raleigh Avenue, Apt 2"), line("Norfolk, VA 23507")];
        }
    }
}

/// Maya's parents, of whom the mother keeps all of hers private; the words stand in many fields.
fn father(papers: &[DocumentKind]) -> Case {
    let mut case = Case::new("c-0417", "family:0417-father", papers);
    case.program.substitute_address = vec![line("Post Office Box 9"), line("Norfolk, VA 23510")];
    let mother = &mut case.record.family[0];
    apart(mother);
    mother.telephone = Some(line("(757) 555-0162"));
    mother.protected =
        Some(Protected { address: true, telephone: true, email: true, places: vec![line("Harbor House")] });
    case
}

fn secrets(case: &Case) -> Vec<String> {
    let mother = &case.record.family[0];
    let mut all: Vec<String> = mother.endpoints.iter().map(|e| e.address.in_one_line()).collect();
    all.extend(["(757) 555-0162".to_owned(), "Harbor House".to_owned()]);
    all
}

/// The view of a paper as the template gets it.
fn view(case: &Case, kind: DocumentKind, subject: &Subject) -> String {
    let authorization = case.authorized(Point::BeforeRender);
    let sheet = Sheet {
        record: &case.record,
        directory: &case.directory,
        rules: Rulebook { program: &case.program, profile: &samples().profile },
        day: case.day,
        languages: case.templates.languages(),
        said: language_for(case.templates.languages(), kind, &case.record, &case.recipient, &case.program),
        mask: authorization.mask(),
        recipient: &case.recipient,
        postal: None,
        release: None,
        enclosures: &[],
        filed: &[],
    };
    String::from_utf8(assemble(kind, subject, &sheet).unwrap().view).unwrap()
}

#[test]
fn the_other_parents_copy_holds_the_substitute_address_and_none_of_the_private_values() {
    let mut case = father(&[DocumentKind::Ifsp]);
    let secret = secrets(&case).join("; ");
    let plan = case.record.ifsps.iter_mut().max_by_key(|v| v.version).unwrap();
    plan.daily_routines = Some(prose(&format!("Mornings at {secret}.")));
    plan.outcomes[0].statement = prose(&format!("Plays with others at {secret}."));
    plan.services[0].location = line("418 RALEIGH AVE, Apt 2");
    let read = view(&case, DocumentKind::Ifsp, &case.subject.clone());
    for secret in secrets(&case) {
        assert!(!read.contains(&secret), "{secret} in {read}");
    }
    assert!(read.contains("Post Office Box 9"), "the substitute stands where an address stood");

    // Her own copy holds all of it.
    case.recipient = "family:0417-mother".parse().unwrap();
    let own = view(&case, DocumentKind::Ifsp, &case.subject.clone());
    assert!(secrets(&case).iter().all(|secret| own.contains(secret)), "{own}");
}

#[test]
fn the_information_about_the_notice_shows_each_parents_address_but_a_private_one() {
    let case = father(&[DocumentKind::OptOutInformation]);
    let read = view(&case, DocumentKind::OptOutInformation, &Subject::Child);
    for secret in ["(757) 555-0162", "418 Raleigh", "23507"] {
        assert!(!read.contains(secret), "{secret} in {read}");
    }
    assert!(read.contains("Post Office Box 9"), "{read}");
}

/// The mother keeps all of hers private and lives apart; the father reads her mail at an address of his own like this.
fn mother_read_by_the_father(theirs: &str) -> Case {
    let mut case = father(&[DocumentKind::Ifsp]);
    case.recipient = "family:0417-mother".parse().unwrap();
    let mut shared = case.record.family[0].endpoints[0].clone();
    shared.endpoint_id = id("0417-father-mail");
    shared.address = Address::Email { to: line(theirs), protection: None };
    case.record.family[1].endpoints.push(shared);
    case
}

#[test]
fn a_copy_to_a_mailbox_that_the_other_parent_reads_is_masked_for_both() {
    let hides = |case: &Case| case.authorized(Point::BeforeRender).mask().hides.clone();
    assert!(hides(&mother_read_by_the_father("father@example.org")).is_empty(), "her own mailbox");
    for theirs in ["elena.rivera@example.org", "Elena.Rivera@Example.org", "elena.rivera+max@example.org"] {
        let mut case = mother_read_by_the_father(theirs);
        let all = Hidden { address: true, telephone: true, email: false, places: true, home: false };
        assert_eq!(hides(&case)[&id("0417-mother")], all, "{theirs}: he knows the mailbox, and not where she lives");
        let secret = "418 Raleigh Avenue, Apt 2; (757) 555-0162; Harbor House";
        let plan = case.record.ifsps.iter_mut().max_by_key(|v| v.version).unwrap();
        plan.daily_routines = Some(prose(&format!("Mornings at {secret}.")));
        let read = view(&case, DocumentKind::Ifsp, &case.subject.clone());
        for secret in ["Raleigh", "555-0162", "Harbor House"] {
            assert!(!read.contains(secret), "{secret} in {read}");
        }
        // Where he no longer reads, her copy holds all of it again.
        case.recorded.disabled.insert(id("0417-father-mail"));
        assert!(hides(&case).is_empty());
        assert!(view(&case, DocumentKind::Ifsp, &case.subject.clone()).contains("Harbor House"));
    }
}

#[test]
fn a_copy_to_a_home_that_the_other_parent_shares_is_masked_for_both_but_for_that_home() {
    let mut case = Case::new("c-0417", "family:0417-mother", &[DocumentKind::Ifsp]);
    let mother = &mut case.record.family[0];
    mother.endpoints.retain(|endpoint| endpoint.endpoint_id.as_str() == "0417-post");
    mother.telephone = Some(line("(757) 555-0162"));
    mother.protected = Some(Protected { address: true, telephone: true, ..Protected::default() });
    // The same house, as somebody else wrote it down.
    case.record.family[1].endpoints[0].address =
        Address::Postal { lines: vec![line("1418 HERON ST."), line("Norfolk VA 23517-1234")] };
    let hides = |case: &Case| case.authorized(Point::BeforeRender).mask().hides.clone();
    assert_eq!(hides(&case)[&id("0417-mother")], Hidden { telephone: true, ..Hidden::default() });
    case.record.family[1].endpoints[0].address =
        Address::Postal { lines: vec![line("1420 Heron Street"), line("Norfolk, VA 23517")] };
    assert!(hides(&case).is_empty(), "next door");
}

#[test]
fn an_offices_papers_do_not_go_to_a_mailbox_or_fax_that_a_parent_reads_from_whom_something_is_kept() {
    let mut case = Case::new("c-0417", "office:bayside-therapy", &[DocumentKind::ServiceAuthorization]);
    case.channels.insert(earlypost::case::EndpointKind::Fax);
    case.record.family[0].telephone = Some(line("(757) 555-0162"));
    let to = case.authorized(Point::BeforeRender).address().clone();
    case.record.family[1].endpoints[0].address = to.clone();
    assert_eq!(case.authorized(Point::BeforeRender).address(), &to, "nothing is kept from him");
    case.record.family[0].protected = Some(Protected { telephone: true, ..Protected::default() });
    match case.decide(Point::BeforeRender) {
        Verdict::Refused(refusal) => assert_eq!(refusal.reason, Reason::EndpointShared),
        Verdict::Authorized(authorization) => assert_ne!(authorization.address(), &to, "it takes another way"),
        Verdict::RenderAnew => panic!("nothing was rendered"),
    }
}

#[test]
fn no_page_in_a_shared_mailbox_holds_what_one_parent_keeps_from_the_other() {
    let world = World::with(&["c-0417"]);
    world.edit("c-0417", |record| {
        let (mother, father) = record.family.split_at_mut(1);
        apart(&mut mother[0]);
        mother[0].telephone = Some(line("(757) 555-0162"));
        mother[0].protected = Some(Protected { address: true, telephone: true, ..Protected::default() });
        let mut shared = mother[0].endpoints[0].clone();
        shared.endpoint_id = id("0417-father-mail");
        father[0].endpoints.insert(0, shared);
        father[0].preferred_endpoint = None;
        let plan = record.ifsps.iter_mut().max_by_key(|v| v.version).unwrap();
        plan.daily_routines = Some(prose("At 418 Raleigh Avenue; call (757) 555-0162."));
    });
    let report = world.run();
    assert!(report.import.unwrap().refused.is_empty());
    let hers = world.mail.given_to("family:0417-mother");
    assert!(!hers.is_empty() && !world.mail.given_to("family:0417-father").is_empty(), "both get their copies");
    for given in world.mail.given_to("family:0417-father").iter().chain(&hers) {
        for pdf in &given.papers {
            let text = crate::papers::plain(&crate::papers::poppler::text(pdf));
            assert!(!text.contains("Raleigh") && !text.contains("555-0162"), "{}", given.recipient);
        }
    }
}

fn keeps_the_father_out() -> CourtOrder {
    let day = crate::due::samples::day(crate::due::samples::TODAY);
    CourtOrder {
        order_id: id("order"),
        received_on: day.into(),
        effective_on: day.into(),
        expires_on: None,
        effect: Some(OrderEffect::DenyAccess),
        verified_by: Some(id("jenni-alvarez")),
        persons: vec![id("0417-father")],
    }
}

/// A family that keeps things from each other, and a preview as somebody whom the gate refuses.
fn previewed_as(recipient: &str, change: impl Fn(&mut earlypost::case::CaseRecord)) -> Result<String, String> {
    let world = World::with(&["c-0417"]);
    world.edit("c-0417", |record| {
        let mother = &mut record.family[0];
        apart(mother);
        mother.telephone = Some(line("(757) 555-0162"));
        mother.protected =
            Some(Protected { address: true, telephone: true, email: true, places: vec![line("Harbor House")] });
        let plan = record.ifsps.iter_mut().max_by_key(|v| v.version).unwrap();
        plan.daily_routines = Some(prose(
            "At Harbor House, 418 Raleigh Avenue; call (757) 555-0162 or write to elena.rivera@example.org.",
        ));
        change(record);
    });
    let refused = world.import().refused;
    assert!(refused.is_empty(), "{refused:?}");
    let (child, recipient) = (crate::harness::child("c-0417"), recipient.parse().unwrap());
    let previews = world.pipeline.previews();
    let preview =
        world.runtime.block_on(previews.preview(DocumentKind::Ifsp, &child, &recipient, crate::harness::by("a test")));
    let preview = preview.map_err(|error| error.to_string())?;
    preview.verdict.expect_err("the gate refuses it");
    Ok(format!("{} {}", preview.rendered.pages.join(" "), String::from_utf8_lossy(&preview.view)))
}

const KEPT: [&str; 4] = ["Harbor House", "Raleigh", "555-0162", "elena.rivera@example.org"];

#[test]
fn a_preview_as_somebody_whom_the_gate_refuses_hides_what_every_permitted_copy_would() {
    let kept_out = |record: &mut earlypost::case::CaseRecord| record.court_orders.push(keeps_the_father_out());
    let shown = previewed_as("family:0417-father", kept_out).unwrap();
    assert!(KEPT.iter().all(|kept| !shown.contains(kept)), "{shown}");
    // An address that nobody asked to keep private is hidden from him too: an order may say no more than that.
    let nothing_asked = |record: &mut earlypost::case::CaseRecord| {
        kept_out(record);
        record.family[0].protected = None;
    };
    let shown = previewed_as("family:0417-father", nothing_asked).unwrap();
    assert!(!shown.contains("Raleigh") && !shown.contains("555-0162"), "{shown}");
    // An office without a release.
    let released_to_nobody = |record: &mut earlypost::case::CaseRecord| {
        record.releases[0].revoked_on = Some(record.releases[0].signed_on);
        record.releases[0].excluded_sections = vec![earlypost::case::PlanSection::DailyRoutines];
    };
    let shown = previewed_as("office:ghent-pediatrics", released_to_nobody).unwrap();
    assert!(KEPT.iter().all(|kept| !shown.contains(kept)), "{shown}");
    assert!(!shown.contains("or write to"), "what the release left out stays out: {shown}");
}

#[test]
fn a_preview_that_could_not_hide_a_private_value_is_not_made() {
    let refused = previewed_as("family:0417-father", |record| {
        record.court_orders.push(keeps_the_father_out());
        record.family[0].telephone = Some(line("ask at the desk"));
    });
    assert!(refused.unwrap_err().contains("the telephone of 0417-mother"));
}

#[test]
fn an_order_hides_where_the_child_lives_without_anybody_asking() {
    let mut case = Case::new("c-0417", "family:0417-father", &[DocumentKind::Ifsp]);
    let mask = |case: &Case| case.authorized(Point::BeforeRender).mask().hides.clone();
    assert!(mask(&case).is_empty());
    case.record.court_orders.push(CourtOrder {
        order_id: id("order"),
        received_on: case.day.into(),
        effective_on: case.day.into(),
        expires_on: None,
        effect: Some(OrderEffect::DenyAddress),
        verified_by: Some(id("jenni-alvarez")),
        persons: vec![id("0417-father")],
    });
    let hides = mask(&case);
    assert_eq!(hides[&id("0417-mother")], Hidden { address: true, places: true, ..Hidden::default() });
    case.recipient = "family:0417-mother".parse().unwrap();
    assert!(mask(&case).is_empty(), "the order is about him");
}

#[test]
fn a_wish_recorded_after_rendering_has_the_copy_made_anew() {
    let mut case = Case::new("c-0417", "family:0417-father", &[DocumentKind::Ifsp]);
    let packet = case.packet();
    case.record.family[0].protected = Some(Protected { telephone: true, ..Protected::default() });
    assert_eq!(case.decide(Point::Release(&packet)), Verdict::RenderAnew);
}

#[test]
fn a_private_value_that_cannot_be_looked_for_holds_the_other_parents_copy_until_somebody_gives_its_words() {
    let mut case = father(&[DocumentKind::Ifsp]);
    case.authorized(Point::BeforeRender);
    let mother = &mut case.record.family[0];
    mother.protected.as_mut().unwrap().places.clear();
    for endpoint in &mut mother.endpoints {
        if let Address::Postal { lines } = &mut endpoint.address {
            *lines = vec![line("Norfolk, VA 23507")];
        }
    }
    let Verdict::Refused(refusal) = case.decide(Point::BeforeRender) else { panic!("not refused") };
    assert_eq!(refusal.reason, Reason::ProtectedNotSearchable);
    assert!(refusal.reason.holds() && refusal.detail.unwrap().starts_with("the postal address "));

    case.record.family[0].protected.as_mut().unwrap().places = vec![line("the blue house")];
    case.authorized(Point::BeforeRender);
    case.recipient = "family:0417-mother".parse().unwrap();
    case.record.family[0].protected.as_mut().unwrap().places.clear();
    case.authorized(Point::BeforeRender);
}

#[test]
fn a_private_value_that_cannot_be_looked_for_is_a_task_and_the_other_parents_papers_are_held() {
    let world = World::with(&["c-0417"]);
    world.edit("c-0417", |record| {
        let mother = &mut record.family[0];
        mother.telephone = Some(line("ask at the desk"));
        mother.protected = Some(Protected { telephone: true, ..Protected::default() });
    });
    world.run();
    assert!(
        world.post.given_to("family:0417-father").is_empty() && world.mail.given_to("family:0417-father").is_empty()
    );
    assert!(!world.mail.given_to("family:0417-mother").is_empty());
    let tasks = world.runtime.block_on(world.pipeline.store.service().tasks()).unwrap();
    let task = tasks.iter().find(|task| task.kind == "protected-not-searchable").unwrap();
    assert_eq!(task.subject, "the telephone of 0417-mother");
}

#[test]
fn a_private_value_in_the_finished_text_holds_the_packet_with_its_page() {
    let case = father(&[DocumentKind::Ifsp]);
    let hides = case.authorized(Point::BeforeRender).mask().hides.clone();
    let private = Private::of(&case.record, &case.program, &case.recipient, &hides);
    let pages = ["nothing".to_owned(), "call 757.555.0162 tonight".to_owned()];
    assert_eq!(private.pages(&pages), [2]);

    let packet = Packet { protected: vec!["paper 1, page 2".to_owned()], ..case.packet() };
    for point in [Point::Finished(&packet), Point::Release(&packet)] {
        let Verdict::Refused(refusal) = case.decide(point) else { panic!("not refused") };
        assert_eq!((refusal.reason, refusal.detail.as_deref()), (Reason::ProtectedValue, Some("paper 1, page 2")));
    }
}

#[test]
fn no_page_that_goes_to_the_other_parent_holds_a_private_value() {
    let world = World::with(&["c-0417"]);
    let mut secrets = Vec::new();
    world.edit("c-0417", |record| {
        let mother = &mut record.family[0];
        apart(mother);
        mother.telephone = Some(line("(757) 555-0162"));
        mother.protected =
            Some(Protected { address: true, telephone: true, email: true, places: vec![line("Harbor House")] });
        secrets.extend(mother.endpoints.iter().map(|e| e.address.in_one_line()));
        secrets.extend(["555-0162".to_owned(), "Harbor House".to_owned()]);
        let plan = record.ifsps.iter_mut().max_by_key(|v| v.version).unwrap();
        // A version that nobody has imported yet may say anything.
        plan.daily_routines = Some(prose(&format!("At Harbor House, {}.", secrets.join("; "))));
    });
    let report = world.run();
    assert!(report.import.unwrap().refused.is_empty());
    let to_father = world.post.given_to("family:0417-father");
    assert!(!to_father.is_empty());
    for given in to_father {
        for pdf in &given.papers {
            let text = crate::papers::plain(&crate::papers::poppler::text(pdf));
            for secret in &secrets {
                let first_line = secret.split(", ").next().unwrap();
                assert!(!text.contains(first_line), "{first_line}");
            }
        }
    }
}
