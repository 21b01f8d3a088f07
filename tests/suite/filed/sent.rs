use earlypost::{
    case::{FiledId, FiledKind, Protected, Recipient},
    disclosure::Reason,
    dispatch::{StateName, TrialSettings},
    due::{DocumentKind, PaperKind},
    pipeline::{Stop, Trial},
    store::DispatchRow,
};

use super::{ask, confirmed, made, report, try_in};
use crate::harness::{MAYA, World, by, child};

const MOTHER: &str = "family:0417-mother";
const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";
const AGENCY: &str = "office:bayside-therapy";

fn world() -> World {
    let world = World::with(&[MAYA, "c-0421"]);
    world.import();
    world
}

/// Sends a paper with an enclosure, and gives the dispatch that holds it.
fn send(world: &World, kind: DocumentKind, to: &str, paper: &FiledId) -> DispatchRow {
    let to: Recipient = to.parse().unwrap();
    world.runtime.block_on(async {
        let plan = world
            .pipeline
            .operations()
            .plan_send(kind, &child(MAYA), &[to], std::slice::from_ref(paper), by("the tester"))
            .await
            .unwrap();
        world.pipeline.operations().release_by_hand(&plan, by("a test")).await.unwrap();
        world.pipeline.operations().send(&plan, &Stop::default(), by("the tester")).await.unwrap();
    });
    let mut rows = world.rows(MAYA);
    rows.retain(|row| row.envelope.enclosed.contains(paper) && row.envelope.papers.contains(&kind));
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

fn text(world: &World, body: &str) -> String {
    let pdf = world.runtime.block_on(world.pipeline.store.bodies().get_body(&child(MAYA), body)).unwrap();
    let words = earlypost::document::external::examine(&pdf, &earlypost::document::external::FiledLimits::default())
        .unwrap()
        .words
        .texts()
        .join("\n");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_enclosure_goes_as_a_file_of_its_own_and_the_paper_before_it_names_it_with_its_pages() {
    for (kind, to) in [(DocumentKind::RightsAndAdvocacy, MOTHER), (DocumentKind::PhysicianLetter, DOCTOR)] {
        let world = world();
        let paper = try_in(&world, &report(), &ask(FiledKind::EvaluationReport)).unwrap().paper;
        let row = send(&world, kind, to, &paper.paper_id);
        assert_eq!(row.state, StateName::Accepted, "{:?}", row.reason);
        let items = row.packet.unwrap().items;
        let last = items.last().unwrap();
        assert_eq!(last.document, PaperKind::Enclosed(FiledKind::EvaluationReport));
        assert_eq!((last.pages, &last.sha256), (2, &paper.copy.sha256));
        let cover = text(&world, &items[0].body);
        assert!(cover.contains("Evaluation report of November 2, 2026 (2 pages)"), "{cover}");

        // What left is what the record of access says: the copy by its hash.
        let entry = world.disclosures(MAYA).pop().unwrap();
        let item = entry.items.last().unwrap();
        assert_eq!(
            (item.document, &item.sha256),
            (PaperKind::Enclosed(FiledKind::EvaluationReport), &paper.copy.sha256)
        );
        assert!(entry.item_keys.last().unwrap().contains(&format!("filed:{}", paper.paper_id)));
        world.verify();
    }
}

#[test]
fn an_office_gets_only_what_its_ground_covers() {
    let world = world();
    let mut pages = 0;
    for (kind, reason) in [
        (FiledKind::CourtOrder, Reason::NotForRecipient),
        (FiledKind::SignedRelease, Reason::NotForRecipient),
        (FiledKind::Other, Reason::NotForRecipient),
        // Signed pages show the family's own part of the plan.
        (FiledKind::SignedPlan, Reason::ClassNotCovered),
    ] {
        pages += 1;
        let signed = earlypost::pipeline::FileIn {
            signed_by: Some(earlypost::case::PersonId::parse("0417-mother").unwrap()),
            ..confirmed(kind)
        };
        let paper = try_in(&world, &made::scan(pages), &signed).unwrap().paper;
        let row = send(&world, DocumentKind::ServiceAuthorization, AGENCY, &paper.paper_id);
        assert_eq!((row.state, row.reason), (StateName::Withheld, Some(reason)), "{kind}");
        assert!(row.packet.is_none());
        // A parent has a right to it.
        let row = send(&world, DocumentKind::RightsAndAdvocacy, MOTHER, &paper.paper_id);
        assert_eq!(row.state, StateName::Accepted, "{kind}");
    }
}

#[test]
fn a_paper_withdrawn_before_it_leaves_stops_its_envelope() {
    let world = world();
    let paper = try_in(&world, &report(), &ask(FiledKind::EvaluationReport)).unwrap().paper;
    let to: Recipient = DOCTOR.parse().unwrap();
    let ids = std::slice::from_ref(&paper.paper_id);
    let plan = world
        .runtime
        .block_on(world.pipeline.operations().plan_send(
            DocumentKind::PhysicianLetter,
            &child(MAYA),
            &[to],
            ids,
            by("the tester"),
        ))
        .unwrap();
    world.runtime.block_on(world.pipeline.operations().release_by_hand(&plan, by("a test"))).unwrap();
    let why = earlypost::case::Line::parse("not hers").unwrap();
    world
        .runtime
        .block_on(world.pipeline.external_documents().withdraw_paper(&child(MAYA), &paper.paper_id, why, by("a test")))
        .unwrap();
    world.runtime.block_on(world.pipeline.operations().send(&plan, &Stop::default(), by("the tester"))).unwrap();
    let rows = world.rows(MAYA);
    let row = rows.iter().find(|row| row.envelope.enclosed.contains(&paper.paper_id)).unwrap();
    assert_eq!((row.state, row.reason), (StateName::Held, Some(Reason::EnclosureGone)));
}

#[test]
fn a_name_that_a_person_let_in_is_asked_about_again_before_it_leaves() {
    let world = world();
    let other = world.runtime.block_on(world.pipeline.store.children().child(&child("c-0421"))).unwrap().record;
    let file = made::pdf(&[&format!("Maya Rivera plays with {}", other.child.legal_name.full())]);
    let paper = try_in(&world, &file, &confirmed(FiledKind::EvaluationReport)).unwrap().paper;
    let row = send(&world, DocumentKind::PhysicianLetter, DOCTOR, &paper.paper_id);
    assert_eq!((row.state, row.reason), (StateName::Held, Some(Reason::OtherChildNamed)));
    assert!(row.detail.unwrap().contains("page 1"));
}

#[test]
fn what_one_parent_keeps_from_another_is_looked_for_in_enclosures_and_a_scan_does_not_pass_unread() {
    let world = World::with(&[MAYA, "c-0421"]);
    world.edit(MAYA, |record| {
        let mother = record.family.iter_mut().find(|m| m.person_id.as_str() == "0417-mother").unwrap();
        let places = vec![earlypost::case::Line::parse("Harbor House").unwrap()];
        mother.protected = Some(Protected { address: false, telephone: false, email: false, places });
    });
    world.import();
    let read = made::pdf(&["Evaluation of Maya Rivera, number 26-0417\nseen at Harbor House on a Monday"]);
    let read = try_in(&world, &read, &ask(FiledKind::EvaluationReport)).unwrap().paper;
    let scan = try_in(&world, &made::scan(1), &confirmed(FiledKind::HealthRecord)).unwrap().paper;
    for (paper, says) in [(read, "page 1"), (scan, "which no machine can read")] {
        let row = send(&world, DocumentKind::RightsAndAdvocacy, "family:0417-father", &paper.paper_id);
        assert_eq!((row.state, row.reason), (StateName::Held, Some(Reason::ProtectedValue)));
        assert!(row.detail.unwrap().contains(says));
        let row = send(&world, DocumentKind::RecordLocations, MOTHER, &paper.paper_id);
        assert_eq!(row.state, StateName::Accepted);
    }
}

#[test]
fn no_kind_from_elsewhere_has_the_name_of_a_paper_of_ours() {
    for kind in FiledKind::ALL {
        assert!(DocumentKind::ALL.iter().all(|ours| ours.as_str() != kind.as_str()), "{kind}");
        let read: PaperKind =
            serde_json::from_str(&serde_json::to_string(&PaperKind::Enclosed(*kind)).unwrap()).unwrap();
        assert_eq!(read, PaperKind::Enclosed(*kind));
        assert_eq!(kind.as_str().parse(), Ok(*kind));
    }
}

/// How dark the pages of a PDF are, each from 0 (white) to 255.
fn darkness(pdf: &[u8]) -> Vec<f64> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    let mut draw = std::process::Command::new("pdftoppm");
    assert!(draw.args(["-r", "20", "-gray"]).arg(&file).arg(folder.path().join("page")).status().unwrap().success());
    let mut pictures: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "pgm"))
        .collect();
    pictures.sort();
    let dark = |path: &std::path::PathBuf| {
        let points = &std::fs::read(path).unwrap()[15..];
        points.iter().map(|point| f64::from(255 - point)).sum::<f64>() / f64::from(u32::try_from(points.len()).unwrap())
    };
    pictures.iter().map(dark).collect()
}

#[test]
fn on_trial_every_page_of_an_enclosure_is_marked_and_says_what_it_said() {
    let mut world = World::with(&[MAYA]);
    let pipeline = std::sync::Arc::get_mut(&mut world.pipeline).expect("nobody else holds the pipeline yet");
    pipeline.program.synthetic = false;
    let settings = TrialSettings { addresses: vec!["elena.rivera@example.org".to_owned()], cap: 50 };
    pipeline.trial = Trial::new(Some(settings));
    world.mail.leaves();
    world.import();
    world.runtime.block_on(world.pipeline.look_at_trial()).unwrap();
    let paper = try_in(&world, &report(), &ask(FiledKind::EvaluationReport)).unwrap().paper;
    let row = send(&world, DocumentKind::RightsAndAdvocacy, MOTHER, &paper.paper_id);
    let item = row.packet.unwrap().items.pop().unwrap();
    let body = |name: &str| world.runtime.block_on(world.pipeline.store.bodies().get_body(&child(MAYA), name)).unwrap();

    assert_eq!(item.document, PaperKind::Enclosed(FiledKind::EvaluationReport));
    assert_ne!(item.sha256, paper.copy.sha256);
    assert_eq!(text(&world, &item.body), text(&world, &paper.copy.body));
    let (plain, marked) = (darkness(&body(&paper.copy.body)), darkness(&body(&item.body)));
    assert_eq!((plain.len(), marked.len()), (2, 2));
    for (plain, marked) in plain.iter().zip(&marked) {
        assert!(*marked > plain + 1.0, "{plain} {marked}");
    }
    world.verify();
}
