//! The verbs ask the table: each takes an actor, and answers a person whose reach ends before a child with a refusal.

use std::{collections::BTreeSet, fs, path::PathBuf};

use earlypost::{
    actor::{Actor, Role},
    case::{Fact, SupervisorTerm},
    due::DocumentKind,
    pipeline::{PlanScope, Refusal, RefusalKind, Shown, Silent, Wanted},
    store::HoldScope,
};
use regex::Regex;

use crate::{
    harness::{MAYA, World, child, somebody},
    order::rust_files,
};

/// A child of Marcus Bell; Maya is Jenni Alvarez's.
const OTHER: &str = "c-0398";

fn forbidden<T>(answer: anyhow::Result<T>) -> bool {
    answer.err().is_some_and(|error| {
        error.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.kind == RefusalKind::Forbidden)
    })
}

/// Which of the verbs about one child refuse this person.
fn refused(world: &World, id: &str, by: &Actor) -> BTreeSet<&'static str> {
    let (pipeline, child) = (&world.pipeline, child(id));
    let block = |name: &'static str, refused: bool| refused.then_some(name);
    let held = Fact::Held { reason: "a call".to_owned() };
    let moved = Fact::HoldLifted { reason: "it was a mistake".to_owned() };
    let wanted = Wanted { child: Some(child.clone()), ..Wanted::default() };
    world.runtime.block_on(async {
        [
            block("see", forbidden(pipeline.records().child(&child, by).await)),
            block("explain", forbidden(pipeline.planning().explain(&child, by).await)),
            block("report", forbidden(pipeline.access_record().report(&wanted, by).await)),
            block("entries", forbidden(pipeline.access_record().entries_of(&child, by).await)),
            block("send", forbidden(pipeline.operations().plan_send_missing(DocumentKind::Ifsp, &child, by).await)),
            block("stop", forbidden(pipeline.intake().record(&child, &held, by).await)),
            block("lift", forbidden(pipeline.intake().record(&child, &moved, by).await)),
            block("file", forbidden(pipeline.external_documents().filed_papers(&child, by).await)),
            block("destroy", forbidden(pipeline.retention().set_legal_hold(&child, "a case", by).await)),
        ]
        .into_iter()
        .flatten()
        .collect()
    })
}

fn set<const N: usize>(names: [&'static str; N]) -> BTreeSet<&'static str> {
    names.into()
}

#[test]
fn a_coordinator_reaches_her_own_children_and_stops_mail_for_any() {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    let jenni = somebody("jenni-alvarez", &[Role::Coordinator]);
    assert_eq!(refused(&world, MAYA, &jenni), set(["destroy"]));
    let all_but_stop = set(["see", "explain", "report", "entries", "send", "lift", "file", "destroy"]);
    assert_eq!(refused(&world, OTHER, &jenni), all_but_stop);
}

#[test]
fn a_child_is_somebodys_from_the_day_of_the_reassignment_on() {
    let world = World::with(&[MAYA, OTHER]);
    world.import();
    let (jenni, supervisor) =
        (somebody("jenni-alvarez", &[Role::Coordinator]), somebody("lena-park", &[Role::Supervisor]));
    let (from, to) = ("marcus-bell".parse_id(), "jenni-alvarez".parse_id());
    let day = world.pipeline.day();
    let reassign = |by: &Actor| {
        world.runtime.block_on(world.pipeline.intake().duty_decisions().reassign(
            &from,
            &to,
            day,
            &[child(OTHER)],
            "leave",
            by,
        ))
    };
    assert!(forbidden(reassign(&jenni)));
    assert!(refused(&world, OTHER, &jenni).contains("see"));
    assert_eq!(reassign(&supervisor).unwrap().len(), 1);
    assert_eq!(refused(&world, OTHER, &jenni), set(["destroy"]));
}

#[test]
fn a_supervisor_reaches_the_team_of_today_and_no_other() {
    let world = World::with(&[MAYA, OTHER]);
    world.edit_directory(|directory| {
        let terms = [("jenni-alvarez", "lena-park", None), ("marcus-bell", "lena-park", Some("2026-11-01"))];
        for (person, supervisor, to) in terms {
            let known = directory.professionals.iter_mut().find(|known| known.person_id.as_str() == person).unwrap();
            let term = |id: &str, from: &str, to: Option<&str>| SupervisorTerm {
                person_id: id.parse_id(),
                from: from.parse().unwrap(),
                to: to.map(|day| day.parse().unwrap()),
            };
            known.supervisors = vec![term(supervisor, "2026-01-01", to)];
            if to.is_some() {
                known.supervisors.push(term("sam-ortiz", "2026-11-02", None));
            }
        }
    });
    world.import();
    let lena = somebody("lena-park", &[Role::Supervisor]);
    assert!(!refused(&world, MAYA, &lena).contains("see"));
    assert!(refused(&world, OTHER, &lena).contains("see"), "her team until the day before");
    let sam = somebody("sam-ortiz", &[Role::Supervisor]);
    assert!(!refused(&world, OTHER, &sam).contains("see"));
    let lines = |by| world.runtime.block_on(world.pipeline.planning().board(Shown::Within(400), None, by)).unwrap();
    world.runtime.block_on(world.pipeline.planning().look_at_all()).unwrap();
    assert!(lines(&lena).iter().all(|line| line.child == MAYA));
    assert!(lines(&sam).iter().all(|line| line.child == OTHER));
    assert!(!lines(&lena).is_empty() && !lines(&sam).is_empty());
}

#[test]
fn an_operator_holds_and_runs_and_reads_approves_and_lifts_nothing() {
    let world = World::with(&[MAYA]);
    world.import();
    let operator = Actor::operator("svc-backup");
    let reads = set(["see", "explain", "report", "entries", "send", "lift", "file", "destroy"]);
    assert_eq!(refused(&world, MAYA, &operator), reads);
    let pipeline = &world.pipeline;
    world.runtime.block_on(async {
        let scope = HoldScope::Everything;
        assert!(pipeline.stops().hold(&scope, "the printer burns", &operator).await.unwrap().is_new);
        assert!(forbidden(pipeline.stops().lift_hold(&scope, "it is out", &operator).await));
        let plan = pipeline.planning().plan(&PlanScope::default(), &operator, &Silent).await.unwrap();
        assert!(forbidden(pipeline.planning().approve(plan.plan.plan_id, &[], &operator).await));
        let approver = somebody("lena-park", &[Role::Approver]);
        pipeline.planning().approve(plan.plan.plan_id, &[], &approver).await.unwrap();
        pipeline.stops().lift_hold(&scope, "it is out", &approver).await.unwrap();
    });
}

#[test]
fn a_refusal_names_the_act_and_the_child_and_no_person() {
    let world = World::with(&[OTHER]);
    world.import();
    let jenni = somebody("jenni-alvarez", &[Role::Coordinator]);
    let error = world.runtime.block_on(world.pipeline.records().child(&child(OTHER), &jenni)).unwrap_err();
    let says = error.to_string();
    assert!(says.contains("c-0398 is a child you do not serve"), "{says}");
    assert!(!says.contains("Whitfield") && !says.contains("Theo"), "{says}");
}

/// Verbs that nobody is asked for: the service does them, or they read no record and change nothing of one.
const WITHOUT_ACTOR: [&str; 29] = [
    "access_record/checkpoint.rs public_key: a public key",
    "access_record/checkpoint.rs write_checkpoint: signs what stands",
    "access_record/checkpoint.rs checkpoint_if_due: signs what stands",
    "access_record/checkpoint.rs verify: says whether the record is whole, by the number of an entry",
    "access_record/entry_lists.rs next: the next page of a list that was asked for by somebody",
    "delivery/recover.rs recover: settles what a lost process left",
    "delivery/workers.rs deliver_lane: a lane of the service",
    "delivery/workers.rs left_today: counts by channel",
    "inbound/receive.rs receive: takes what came back",
    "inbound/receive.rs look: whether a mailbox answers",
    "intake/duty_decisions.rs one_duty: names the duty before it is decided on",
    "intake/duty_decisions.rs check_excuse: checks days before they are recorded",
    "intake/record_facts.rs move_of: words of a fact before it is recorded",
    "operations/backup.rs unpack: an archive into an empty folder, before there is an installation",
    "operations/dry_run.rs would_go: ids, for the operator of a passive service",
    "operations/nightly_check.rs prove: ids and counts, every night",
    "operations/nightly_check.rs last_proof: what the night found",
    "planning/approval.rs next: the next page of a plan that was asked for by somebody",
    "planning/obligations.rs look_at_all: brings duties up to the day",
    "planning/staff_week.rs keep_week: keeps each person's own sheet",
    "preparation/decide_and_render.rs render_waiting: the renderer's work",
    "preparation/prepare.rs refusal_now: the gate's answer about one envelope",
    "preparation/prepare.rs prepare_all: a part of a run",
    "preparation/prepare.rs queue_all: a part of a run",
    "preparation/template_check.rs check_templates: faults of templates, by ids",
    "preparation/templates.rs look: watches the program's own templates",
    "preparation/templates.rs template_fault: faults of templates",
    "preparation/templates.rs try_templates: faults of templates, on made-up records",
    "print/recheck.rs review_printed: the gate's look at what is printed",
];

/// Further ones that speak to a printer or write the sheet of a stack that somebody asked for.
const AT_THE_PRINTER: [&str; 2] = ["print/batches.rs print_one", "print/batches.rs write_count_sheet"];

#[test]
fn every_verb_takes_an_actor() {
    let verb = Regex::new(r"(?s)\bpub async fn (\w+)(.*?)\{\n").unwrap();
    let mut files = Vec::new();
    let rooms = PathBuf::from("src/pipeline");
    rust_files(&rooms, &mut files);
    let mut without = BTreeSet::new();
    let mut seen = 0;
    for file in files.iter().filter(|file| file.parent() != Some(&rooms)) {
        let text = fs::read_to_string(file).unwrap();
        let name = file.strip_prefix(&rooms).unwrap().display().to_string();
        for found in verb.captures_iter(&text) {
            seen += 1;
            if !found[2].contains("Actor") {
                without.insert(format!("{name} {}", &found[1]));
            }
        }
    }
    assert!(seen > 80, "the verbs are read: {seen}");
    let listed = WITHOUT_ACTOR.iter().map(|line| line.split(':').next().unwrap().to_owned());
    let listed: BTreeSet<String> = listed.chain(AT_THE_PRINTER.iter().map(ToString::to_string)).collect();
    assert_eq!(without, listed);
}

#[test]
fn the_command_line_speaks_to_no_store_and_decides_nothing_about_people() {
    let mut files = Vec::new();
    rust_files(&PathBuf::from("src/cli"), &mut files);
    let asks = Regex::new(r"\.store\.|\bstore\(\)\.|reach_of|Permission|\bRole\b|DONE_BY_WORD").unwrap();
    let mut found = Vec::new();
    for file in files {
        // Making, moving and migrating the database itself is what that command is for; it has a role of the service.
        if file.ends_with("operator/store.rs") || file.ends_with("operator/serve.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().filter(|line| asks.is_match(line) && !line.contains("config.store."));
        found.extend(lines.map(|line| format!("{}: {}", file.display(), line.trim())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

trait ParseId {
    fn parse_id(&self) -> earlypost::case::PersonId;
}

impl ParseId for str {
    fn parse_id(&self) -> earlypost::case::PersonId {
        earlypost::case::PersonId::parse(self).unwrap()
    }
}
