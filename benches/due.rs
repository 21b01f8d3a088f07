//! The pure part of a look: what is owed for each of many children, and why: `cargo bench --bench due`.
//!
//! A thousand simulated records under one profile; times are of all of them. `due_items` is what every run does for
//! each child, `explain` what a person asks for one.

use std::{hint::black_box, path::Path, sync::OnceLock};

use chrono::NaiveDate;
use divan::Bencher;
use earlypost::{
    case::{
        CaseRecord, Program,
        import::{Caseload, Rules},
    },
    document::can_print,
    due::{Profile, Rulebook, changes_on, due_items, explain},
    simulate::{Plan, write_caseload},
};

const CHILDREN: u32 = 1000;

struct Simulated {
    program: Program,
    profile: Profile,
    records: Vec<CaseRecord>,
    day: NaiveDate,
}

fn simulated() -> &'static Simulated {
    static SIMULATED: OnceLock<Simulated> = OnceLock::new();
    SIMULATED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let day = "2026-11-20".parse().unwrap();
        write_caseload(&Plan { children: CHILDREN, seed: 1, day, synthetic: true }, &folder.path().join("program"))
            .unwrap();
        read(&folder.path().join("program/caseload"), day)
    })
}

fn read(folder: &Path, day: NaiveDate) -> Simulated {
    let caseload = Caseload::open(folder, can_print).unwrap();
    let rules = Rules { today: day, directory: &caseload.directory, printable: can_print };
    let records =
        caseload.records(&rules).map(|(_, record)| std::sync::Arc::unwrap_or_clone(record.unwrap().record)).collect();
    let profile = Profile::named(&caseload.program.state_profile).unwrap();
    Simulated { profile, records, day, program: caseload.program }
}

fn main() {
    divan::main();
}

#[divan::bench]
fn due_items_of_a_thousand_children(bencher: Bencher<'_, '_>) {
    let all = simulated();
    let rules = Rulebook { program: &all.program, profile: &all.profile };
    bencher
        .bench(|| all.records.iter().map(|record| due_items(black_box(record), &rules, all.day).len()).sum::<usize>());
}

#[divan::bench]
fn explain_a_thousand_children(bencher: Bencher<'_, '_>) {
    let all = simulated();
    let rules = Rulebook { program: &all.program, profile: &all.profile };
    bencher
        .bench(|| all.records.iter().map(|record| explain(black_box(record), &rules, all.day).0.len()).sum::<usize>());
}

#[divan::bench]
fn the_next_change_of_a_thousand_children(bencher: Bencher<'_, '_>) {
    let all = simulated();
    let rules = Rulebook { program: &all.program, profile: &all.profile };
    bencher.bench(|| all.records.iter().map(|record| changes_on(black_box(record), &rules, all.day)).max());
}
