//! Trial mode: test addresses only, a mark on every page, and an end that a person brings about.

use earlypost::{
    disclosure::Reason,
    dispatch::{StateName, TrialSettings},
    hint::Field,
    pipeline::{Trial, Vouched},
};

use crate::harness::{MAYA, World, by};

const MOTHER: &str = "family:0417-mother";
const AGENCY: &str = "office:bayside-therapy";
const DONE: Vouched = Vouched { papers_read: true, key_copied: true };

/// A program of real people on trial, where only the mother's mailbox is a test address.
fn on_trial(cap: i64) -> World {
    on_trial_with(&[MAYA], &["elena.rivera@example.org"], cap)
}

fn on_trial_with(children: &[&str], addresses: &[&str], cap: i64) -> World {
    let mut world = World::with(children);
    let addresses = addresses.iter().map(|&address| address.to_owned()).collect();
    let pipeline = std::sync::Arc::get_mut(&mut world.pipeline).expect("nobody else holds the pipeline yet");
    pipeline.program.synthetic = false;
    pipeline.trial = Trial::new(Some(TrialSettings { addresses, cap }));
    world.mail.leaves();
    world
}

/// The words of every page of a PDF.
fn pages(pdf: &[u8]) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = std::process::Command::new("pdftotext").arg("-layout").arg(file.path()).arg("-").output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.split('\u{c}').filter(|page| !page.trim().is_empty()).map(str::to_owned).collect()
}

/// The mark stands aslant: its letters come one a line, from the bottom to the top of the word.
fn is_marked(page: &str) -> bool {
    let letters: String = page.lines().map(str::trim).filter(|line| line.len() == 1).collect();
    letters.contains("LAIRT")
}

#[test]
fn on_trial_only_test_addresses_get_anything_and_nothing_is_printed() {
    let world = on_trial(50);
    world.run();
    let mother = world.row(MAYA, MOTHER);
    assert_eq!((mother.state, mother.reason, mother.detail), (StateName::Accepted, None, None));
    let agency = world.row(MAYA, AGENCY);
    assert_eq!((agency.state, agency.reason), (StateName::Held, Some(Reason::Trial)));
    assert!(world.mail.given().iter().all(|g| g.recipient == MOTHER));
    assert!(world.post.given().is_empty());
    assert_eq!(world.run().attempts, 0, "what is held stays held, and what went does not go twice");
}

#[test]
fn on_trial_every_page_is_marked_and_after_it_none() {
    let world = on_trial(50);
    world.run();
    let marked = world.mail.given_to(MOTHER);
    for paper in marked.iter().flat_map(|g| &g.papers) {
        let pages = pages(paper);
        assert!(!pages.is_empty() && pages.iter().all(|page| is_marked(page)), "{pages:?}");
    }
    let owed = world.runtime.block_on(world.pipeline.trial_end().finish(DONE, by("the director"))).unwrap();
    assert_eq!(owed, marked.len(), "what went out marked is owed again");
    world.run();
    let all = world.mail.given();
    assert_eq!(world.mail.given_to(MOTHER).len(), 2 * marked.len(), "each goes once more");
    for paper in all[marked.len()..].iter().flat_map(|g| &g.papers) {
        assert!(pages(paper).iter().all(|page| !is_marked(page)));
    }
    assert!(!world.post.given().is_empty());
    world.verify();
}

#[test]
fn a_trial_ends_only_when_its_checklist_is_done() {
    let world = on_trial(50);
    let refused = world.runtime.block_on(world.pipeline.trial_end().finish(DONE, by("the director"))).unwrap_err();
    assert!(refused.to_string().contains("a test address has taken a message"), "{refused}");
    world.run();
    let refused =
        world.runtime.block_on(world.pipeline.trial_end().finish(Vouched::default(), by("the director"))).unwrap_err();
    for field in [Field::PapersRead, Field::KeyCopied] {
        assert!(refused.to_string().contains(&field.to_string()), "{refused}");
    }
    assert!(world.runtime.block_on(world.pipeline.trial_end().standing(DONE)).unwrap().on);
}

#[test]
fn a_trial_sends_no_more_a_day_than_its_cap() {
    let mut world = on_trial_with(&["c-0415"], &["mari.sato@example.org", "kenji.sato@example.org"], 1);
    world.leaves_open(StateName::Queued);
    let report = world.run();
    assert_eq!(world.mail.given().len(), 1);
    assert!(report.paused[0].1.contains("trial mode"), "{:?}", report.paused);
    let attempts = |world: &World| world.rows("c-0415").iter().map(|r| r.attempt).sum::<i64>();
    let before = attempts(&world);
    world.run();
    assert_eq!(attempts(&world), before, "a cap that is used up makes no attempts");
    world.clock.advance(chrono::Duration::days(1));
    world.run();
    assert_eq!(world.mail.given().len(), 2);
}

#[test]
fn the_cap_of_a_trial_is_that_of_a_day_in_the_programs_zone() {
    // From the noon of New York: minutes to the first run, to one past the midnight of UTC, and to one past the program's own.
    let zones = [(chrono_tz::America::New_York, [390, 150, 210]), (chrono_tz::Pacific::Guam, [0, 480, 810])];
    for (zone, [first, past_utc, past_own]) in zones {
        let mut world = on_trial_with(&["c-0415"], &["mari.sato@example.org", "kenji.sato@example.org"], 1);
        std::sync::Arc::get_mut(&mut world.pipeline).unwrap().program.time_zone.0 = zone;
        let run_after = |minutes| {
            world.clock.advance(chrono::Duration::minutes(minutes));
            world.run();
            world.mail.given().len()
        };
        assert_eq!(run_after(first), 1, "{zone}");
        assert_eq!(run_after(past_utc), 1, "{zone}: it is still the same day");
        assert_eq!(run_after(past_own), 2, "{zone}");
        world.leaves_open(StateName::Queued);
    }
}

#[test]
fn a_synthetic_program_is_never_on_trial() {
    let mut world = World::with(&[MAYA]);
    std::sync::Arc::get_mut(&mut world.pipeline).unwrap().trial =
        Trial::new(Some(TrialSettings { addresses: Vec::new(), cap: 1 }));
    world.runtime.block_on(world.pipeline.look_at_trial()).unwrap();
    let report = world.run();
    assert!(report.balance.accepted > 1 && report.balance.printed > 0);
}

#[test]
fn what_is_queued_can_be_recalled_before_its_delay_is_over() {
    let mut world = World::with_delivery(
        &[MAYA, "c-0415"],
        earlypost::dispatch::DeliverySettings {
            recall_minutes: 10,
            ..earlypost::dispatch::DeliverySettings::default()
        },
    );
    std::sync::Arc::get_mut(&mut world.pipeline).unwrap().program.synthetic = false;
    let first = world.run();
    assert_eq!((first.attempts, first.balance.accepted), (0, 0), "nothing goes at once");
    let id = world.row(MAYA, MOTHER).dispatch_id;
    world.runtime.block_on(world.pipeline.dispatch_operations().cancel(&id, by("a coordinator"))).unwrap();
    world.clock.advance(chrono::Duration::minutes(11));
    let second = world.run();
    assert!(second.balance.accepted > 0);
    assert!(world.mail.given().iter().all(|g| g.dispatch_id != id));
}

#[test]
fn a_trial_that_has_begun_is_not_ended_by_taking_it_out_of_the_settings() {
    let mut world = on_trial_with(&[MAYA], &["nobody@example.org"], 50);
    world.run();
    assert!(world.mail.given().is_empty());
    let pipeline = std::sync::Arc::get_mut(&mut world.pipeline).unwrap();
    pipeline.trial = Trial::new(None);
    world.runtime.block_on(world.pipeline.look_at_trial()).unwrap();
    world.run();
    assert!(world.mail.given().is_empty(), "nothing goes to a family before a person has ended the trial");
    let standing = world.runtime.block_on(world.pipeline.trial_end().standing(Vouched::default())).unwrap();
    assert!(standing.on && standing.addresses == 0);
    assert_eq!(world.row(MAYA, MOTHER).reason, Some(Reason::Trial));
}

#[test]
fn a_program_that_never_was_on_trial_is_on_none() {
    let mut world = World::with(&[MAYA]);
    std::sync::Arc::get_mut(&mut world.pipeline).unwrap().program.synthetic = false;
    world.runtime.block_on(world.pipeline.look_at_trial()).unwrap();
    assert!(world.pipeline.trial.on().is_none());
}
