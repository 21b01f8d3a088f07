//! One plan through our code and through a bare loop, in one run: `cargo bench --bench render`.
//! With `loop ours|bare FILE FOLDER` it renders the plan of each line of the file: a contestant of `benches/peers.sh`.

mod bare;
mod folder;

use std::{cell::RefCell, fs, sync::OnceLock};

use bare::Bare;
use earlypost::{
    case::{Audience, CaseRecord, Directory, Format, Line, Recipient, import::read_program},
    document::{
        Mask, TemplateSet,
        assemble::{Sheet, assemble, language_for},
        render,
    },
    due::{DocumentKind, Profile, Rulebook, Subject},
};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // Layout and PDF export run rayon; one thread, this one, as in a rendering process.
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, which, file, folder] = &arguments[..]
        && mode == "loop"
    {
        return render_lines(which, file, folder.as_ref());
    }
    fonts_and_languages();
    divan::main();
}

fn render_lines(which: &str, file: &str, folder: &std::path::Path) {
    let mut bare = (which == "bare").then(Bare::new);
    for (n, line) in fs::read_to_string(file).unwrap().lines().enumerate() {
        let view = line.as_bytes().to_vec();
        let pdf = match &mut bare {
            Some(bare) => bare.render("ifsp", view),
            None => render(&TemplateSet::built_in(), DocumentKind::Ifsp, view).unwrap().pdf,
        };
        fs::write(folder.join(format!("{n}.pdf")), pdf).unwrap();
    }
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
        let templates = TemplateSet::built_in();
        let sheet = Sheet {
            record: &record,
            directory: &directory,
            rules: Rulebook { program: &program, profile: &profile },
            day: "2026-11-20".parse().unwrap(),
            languages: templates.languages(),
            said: templates.languages().english(),
            mask: &mask,
            recipient: &Recipient::office(&agency, None),
            postal: None,
            release: None,
            enclosures: &[],
            filed: &[],
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
    render(&TemplateSet::built_in(), DocumentKind::Ifsp, view().to_vec()).unwrap().pdf.len()
}

#[divan::bench(sample_count = 60)]
fn bare_loop() -> usize {
    BARE.with_borrow_mut(|bare| bare.render("ifsp", view().to_vec()).len())
}

/// The `typst` program on the PATH, or the one that `TYPST` names.
fn typst_program() -> std::path::PathBuf {
    std::env::var_os("TYPST").map_or_else(|| "typst".into(), Into::into)
}

fn typst_is_missing() -> bool {
    std::process::Command::new(typst_program()).arg("--version").output().is_err()
}

/// One process a document, as a shell loop would do it, with the fonts that it looks for by itself.
#[divan::bench(sample_count = 30, ignore = typst_is_missing())]
fn typst_command_line(bencher: divan::Bencher<'_, '_>) {
    command_line(bencher, &[]);
}

/// The same without a look at the machine's own fonts.
#[divan::bench(sample_count = 30, ignore = typst_is_missing())]
fn typst_command_line_with_our_fonts_only(bencher: divan::Bencher<'_, '_>) {
    command_line(bencher, &["--ignore-system-fonts"]);
}

fn command_line(bencher: divan::Bencher<'_, '_>, arguments: &[&str]) {
    let root = tempfile::tempdir().unwrap();
    folder::copy("templates/documents".as_ref(), root.path());
    fs::write(root.path().join("data.json"), view()).unwrap();
    bencher.bench(|| {
        let status = std::process::Command::new(typst_program())
            .arg("compile")
            .args(arguments)
            .args(["--pdf-standard", "ua-1,a-2a", "--font-path", "templates/fonts", "--root"])
            .arg(root.path())
            .arg(root.path().join("ifsp/main.typ"))
            .arg(root.path().join("out.pdf"))
            .status()
            .unwrap();
        assert!(status.success());
    });
}

/// A paper of the family in the sample, in this format and language.
fn family_view(kind: DocumentKind, format: Format, language: &str) -> Vec<u8> {
    let mut record: CaseRecord =
        serde_json::from_slice(&fs::read("samples/caseload/children/c-0417.json").unwrap()).unwrap();
    let directory: Directory = serde_json::from_slice(&fs::read("samples/caseload/directory.json").unwrap()).unwrap();
    let program = read_program("samples/caseload".as_ref()).unwrap();
    let profile = Profile::named(&program.state_profile).unwrap();
    for member in &mut record.family {
        member.format = format;
        member.preferred_language = Line::parse(language).unwrap();
    }
    let recipient = Recipient::family(&record.family[0].person_id);
    let version = record.in_effect().unwrap();
    let subject = match kind {
        DocumentKind::MonthlyReminder => Subject::Month { month: "2026-11".to_owned() },
        _ => Subject::Plan { ifsp_id: version.ifsp_id.clone(), version: version.version },
    };
    let mask = Mask::parent();
    let templates = TemplateSet::built_in();
    let sheet = Sheet {
        record: &record,
        directory: &directory,
        rules: Rulebook { program: &program, profile: &profile },
        day: "2026-11-20".parse().unwrap(),
        languages: templates.languages(),
        said: language_for(templates.languages(), kind, &record, &recipient, &program),
        mask: &mask,
        recipient: &recipient,
        postal: None,
        release: None,
        enclosures: &[],
        filed: &[],
    };
    assemble(kind, &subject, &sheet).unwrap().view
}

/// To be compared with `family_plan`: at most 1.5 times its time.
#[divan::bench(sample_count = 40)]
fn family_plan_in_large_print(bencher: divan::Bencher<'_, '_>) {
    let view = family_view(DocumentKind::Ifsp, Format::LargePrint, "en");
    bencher.bench(|| render(&TemplateSet::built_in(), DocumentKind::Ifsp, view.clone()).unwrap().pdf.len());
}

#[divan::bench(sample_count = 40)]
fn family_plan(bencher: divan::Bencher<'_, '_>) {
    let view = family_view(DocumentKind::Ifsp, Format::Standard, "en");
    bencher.bench(|| render(&TemplateSet::built_in(), DocumentKind::Ifsp, view.clone()).unwrap().pdf.len());
}

/// To be compared with `reminder_in_english`: at most twice its time.
#[divan::bench(sample_count = 60)]
fn reminder_in_arabic(bencher: divan::Bencher<'_, '_>) {
    let view = family_view(DocumentKind::MonthlyReminder, Format::Standard, "ar");
    bencher.bench(|| render(&TemplateSet::built_in(), DocumentKind::MonthlyReminder, view.clone()).unwrap().pdf.len());
}

#[divan::bench(sample_count = 60)]
fn reminder_in_english(bencher: divan::Bencher<'_, '_>) {
    let view = family_view(DocumentKind::MonthlyReminder, Format::Standard, "en");
    bencher.bench(|| render(&TemplateSet::built_in(), DocumentKind::MonthlyReminder, view.clone()).unwrap().pdf.len());
}

/// What a process pays once for all fonts and languages: at most 30 ms and 60 MB. Printed once, before the benches.
fn fonts_and_languages() {
    let resident = || -> u64 {
        let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
        pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4 / 1024
    };
    let (before, began) = (resident(), std::time::Instant::now());
    let languages = TemplateSet::built_in().languages().all().len();
    let prints = earlypost::document::can_print('\u{628}');
    let took = began.elapsed();
    println!("all fonts and {languages} languages (Arabic: {prints}): {took:?}, {} MB", resident() - before);
}
