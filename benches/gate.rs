//! The gate's decisions, and the search for other children in a finished text: `cargo bench --bench gate`.

use std::{
    fs,
    hint::black_box,
    sync::{Arc, OnceLock},
    time::Instant,
};

use chrono::{DateTime, NaiveDate, Utc};
use earlypost::{
    case::{CaseRecord, ChildId, Directory, EndpointKind, Program, Recipient, Recorded, import::read_program},
    disclosure::{Facts, Point, Question, Roster, RosterEntry, decide},
    document::{
        LaidOut, Mask, TemplateSet,
        assemble::{Sheet, assemble, language_for},
        lay_out,
    },
    due::{DocumentKind, Profile, Rulebook, Subject},
};

fn main() {
    divan::main();
}

struct Sample {
    record: CaseRecord,
    directory: Directory,
    program: Program,
    profile: Profile,
    templates: Arc<TemplateSet>,
    day: NaiveDate,
    now: DateTime<Utc>,
}

fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let read = |path: &str| fs::read(path).unwrap();
        let program = read_program("samples/caseload".as_ref()).unwrap();
        Sample {
            record: serde_json::from_slice(&read("samples/caseload/children/c-0417.json")).unwrap(),
            directory: serde_json::from_slice(&read("samples/caseload/directory.json")).unwrap(),
            profile: Profile::named(&program.state_profile).unwrap(),
            program,
            templates: TemplateSet::built_in(),
            day: "2026-11-20".parse().unwrap(),
            now: "2026-11-20T15:00:00Z".parse().unwrap(),
        }
    })
}

/// One decision before rendering, with all facts in memory.
#[divan::bench(args = ["family:0417-mother", "office:bayside-therapy", "office:ghent-pediatrics/dr-osei"])]
fn decision(bencher: divan::Bencher<'_, '_>, recipient: &str) {
    let s = sample();
    let recorded = Recorded::default();
    let channels = [EndpointKind::Email, EndpointKind::Postal].into();
    let recipient: Recipient = recipient.parse().unwrap();
    let version = s.record.in_effect().unwrap();
    let subject = Subject::Plan { ifsp_id: version.ifsp_id.clone(), version: version.version };
    let papers = [DocumentKind::Ifsp];
    let question = Question {
        recipient: &recipient,
        duty: (earlypost::due::ObligationKind::OnRequest, ""),
        subject: &subject,
        papers: &papers,
        shares: &[],
        enclosed: &[],
        by_hand: false,
    };
    let facts = Facts {
        record: &s.record,
        recorded: &recorded,
        directory: &s.directory,
        rules: Rulebook { program: &s.program, profile: &s.profile },
        languages: s.templates.languages(),
        channels: &channels,
        holds: &earlypost::disclosure::Holds::default(),
        day: s.day,
        now: s.now,
    };
    bencher.counter(1_u32).bench(|| black_box(decide(black_box(&question), &facts, Point::BeforeRender)));
}

/// Names and numbers of a program with very many children; two parts make most names different.
fn children(count: u32) -> impl Iterator<Item = RosterEntry> {
    const FIRST: [&str; 20] = [
        "Amara", "Bruno", "Celia", "Dmitri", "Elena", "Farid", "Greta", "Hassan", "Ines", "Jonas", "Keiko", "Luca",
        "Mireya", "Noah", "Oksana", "Pablo", "Quinn", "Rosa", "Samir", "Tomasz",
    ];
    const LAST: [&str; 10] =
        ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hickory", "Ironwood", "Juniper"];
    (0..count).map(|i| RosterEntry {
        child_id: ChildId::parse(format!("b-{i:06}")).unwrap(),
        full_name: format!("{} {}{i}", FIRST[i as usize % 20], LAST[i as usize / 20 % 10]),
        program_number: format!("26-{i:06}"),
    })
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn index_over_100_000_children() -> Roster {
    Roster::new(children(100_000))
}

/// The roster's index, built once, with what it costs said on standard error.
fn roster() -> &'static Roster {
    static ROSTER: OnceLock<Roster> = OnceLock::new();
    ROSTER.get_or_init(|| {
        let (before, began) = (resident_megabytes(), Instant::now());
        let roster = Roster::new(children(100_000));
        let (took, grown) = (began.elapsed(), resident_megabytes() - before);
        eprintln!("index over 100,000 children: {:.2} s, {grown:.0} MB more resident", took.as_secs_f64());
        roster
    })
}

/// Resident memory of this process, by the kernel's count.
fn resident_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|kb| kb.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// A plan of ours that fills ten pages: its outcomes are told again until it does.
fn ten_pages() -> LaidOut {
    let s = sample();
    let mut record = s.record.clone();
    let recipient: Recipient = "family:0417-mother".parse().unwrap();
    loop {
        let plan = record.ifsps.last_mut().unwrap();
        plan.outcomes.extend(s.record.ifsps.last().unwrap().outcomes.clone());
        let subject = Subject::Plan { ifsp_id: plan.ifsp_id.clone(), version: plan.version };
        let sheet = Sheet {
            record: &record,
            directory: &s.directory,
            rules: Rulebook { program: &s.program, profile: &s.profile },
            day: s.day,
            languages: s.templates.languages(),
            said: language_for(s.templates.languages(), DocumentKind::Ifsp, &record, &recipient, &s.program),
            mask: &Mask::parent(),
            recipient: &recipient,
            postal: None,
            release: None,
            enclosures: &[],
            filed: &[],
        };
        let view = assemble(DocumentKind::Ifsp, &subject, &sheet).unwrap().view;
        let document = lay_out(&s.templates, DocumentKind::Ifsp, view).unwrap();
        if document.text().len() >= 10 {
            return document;
        }
    }
}

/// What the guard does with a finished paper of ten pages: the words are taken from the layout and searched.
#[divan::bench]
fn extraction_and_scan_of_ten_pages_against_100_000_children(bencher: divan::Bencher<'_, '_>) {
    let (roster, document) = (roster(), ten_pages());
    let own = ChildId::parse("c-0417").unwrap();
    bencher.bench_local(|| black_box(roster.hits(&own, &[], &document.text(), &[])));
}

/// The search alone, over ten pages of 3,000 letters.
#[divan::bench]
fn scan_of_ten_pages_against_100_000_children(bencher: divan::Bencher<'_, '_>) {
    let text = serde_json::to_string(&sample().record.ifsps).unwrap();
    let letters: Vec<char> = text.chars().cycle().take(30_000).collect();
    let pages: Vec<String> = letters.chunks(3_000).map(|page| page.iter().collect()).collect();
    let own = ChildId::parse("c-0417").unwrap();
    let roster = roster();
    bencher.bench(|| black_box(roster.hits(&own, &[], black_box(&pages), &[])));
}
