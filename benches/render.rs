//! One plan through our code and through a bare loop, in one run: `cargo bench --bench render`.

mod bare;

use std::{cell::RefCell, fs, sync::OnceLock};

use bare::Bare;
use earlypost::{
    case::{Audience, CaseRecord, Directory, Recipient, import::read_program},
    document::{
        Mask,
        assemble::{Sheet, assemble},
        render,
    },
    due::{DocumentKind, Profile, Rulebook, Subject},
};

fn main() {
    // PDF export runs rayon; one thread, as in a rendering process.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    divan::main();
}

/// The seven-page copy of the sample plan that goes to the agency.
fn view() -> &'static [u8] {
    static VIEW: OnceLock<Vec<u8>> = OnceLock::new();
    VIEW.get_or_init(|| {
        let record: CaseRecord =
            serde_json::from_slice(&fs::read("samples/caseload/children/c-0417.json").unwrap()).unwrap();
        let directory: Directory =
            serde_json::from_slice(&fs::read("samples/caseload/directory.json").unwrap()).unwrap();
        let program = read_program("samples/caseload".as_ref()).unwrap();
        let profile = Profile::named(&program.state_profile).unwrap();
        let version = record.in_effect().unwrap();
        let agency = directory.organisations[1].organisation_id.clone();
        let mask = Mask::office(
            Audience::Team,
            earlypost::case::RecordClass::ALL
                .into_iter()
                .filter(|c| *c != earlypost::case::RecordClass::FamilyInformation),
            Some(agency.clone()),
        );
        let sheet = Sheet {
            record: &record,
            directory: &directory,
            rules: Rulebook { program: &program, profile: &profile },
            day: "2026-11-20".parse().unwrap(),
            mask: &mask,
            recipient: &Recipient::office(&agency, None),
            postal: None,
            release: None,
            enclosures: &[],
        };
        let subject = Subject::Plan { ifsp_id: version.ifsp_id.clone(), version: version.version };
        assemble(DocumentKind::Ifsp, &subject, &sheet).unwrap().view
    })
}

thread_local! {
    static BARE: RefCell<Bare> = RefCell::new(Bare::new());
}

#[divan::bench(sample_count = 60)]
fn ours() -> usize {
    render(DocumentKind::Ifsp, view().to_vec()).unwrap().pdf.len()
}

#[divan::bench(sample_count = 60)]
fn bare_loop() -> usize {
    BARE.with_borrow_mut(|bare| bare.render("ifsp", view().to_vec()).len())
}
