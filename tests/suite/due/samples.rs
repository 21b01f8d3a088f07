//! The samples that the program is shown with: a program in Virginia and seventeen made-up children.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
};

use chrono::NaiveDate;
use earlypost::{
    case::{
        CaseRecord, Date, Directory, IfspVersion, Line, Program, Prose,
        import::{Caseload, Rules},
    },
    document::{Languages, TemplateSet, can_print},
    due::{Profile, Rulebook},
};

/// The day that the samples show.
pub const TODAY: &str = "2026-11-20";

/// Program, directory and children, read once.
pub struct Samples {
    pub program: Program,
    pub profile: Profile,
    pub directory: Directory,
    /// Ours, as the samples are shown with.
    pub templates: Arc<TemplateSet>,
    records: BTreeMap<String, CaseRecord>,
}

pub fn samples() -> &'static Samples {
    static SAMPLES: OnceLock<Samples> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/caseload");
        let caseload = Caseload::open(&folder, can_print).expect("the samples can be read");
        let rules = Rules { today: day(TODAY), directory: &caseload.directory, printable: can_print };
        let records = caseload
            .records(&rules)
            .map(|(source, taken)| {
                let taken = taken.unwrap_or_else(|refused| panic!("{}: {refused:?}", source.file));
                assert!(taken.to_check.is_empty(), "{}: {:?}", source.file, taken.to_check);
                let record = Arc::unwrap_or_clone(taken.record);
                (record.child_id.to_string(), record)
            })
            .collect();
        let profile = Profile::named(&caseload.program.state_profile).expect("the samples name a profile");
        let templates = TemplateSet::built_in();
        Samples { program: caseload.program, profile, directory: caseload.directory, templates, records }
    })
}

impl Samples {
    /// A child's record, to be changed by the test.
    #[track_caller]
    pub fn record(&self, child: &str) -> CaseRecord {
        self.records.get(child).unwrap_or_else(|| panic!("no sample is named {child}")).clone()
    }

    pub fn children(&self) -> impl Iterator<Item = &CaseRecord> {
        self.records.values()
    }

    pub fn languages(&self) -> &Languages {
        self.templates.languages()
    }

    pub fn rules(&self) -> Rulebook<'_> {
        Rulebook { program: &self.program, profile: &self.profile }
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

pub fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

/// An id of whatever type is asked for.
pub fn id<T: std::str::FromStr>(text: &str) -> T {
    text.parse().ok().unwrap_or_else(|| panic!("{text} is no id"))
}

/// The newest version of a record's plan.
pub fn newest(record: &mut CaseRecord) -> &mut IfspVersion {
    record.ifsps.iter_mut().max_by_key(|v| (v.meeting_on, v.version)).expect("the record has a plan")
}
