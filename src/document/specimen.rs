//! Made-up papers of every kind, for people who edit templates: no real record is needed to see what one looks like.

use chrono::NaiveDate;

use super::{
    Languages, Mask,
    assemble::{Sheet, assemble},
    catalog::{WrittenFor, written_for},
    newest_subject,
};
use crate::{
    case::{Audience, CaseRecord, Directory, OrganisationKind, Program, Recipient, RecordClass, ServiceConsent},
    due::{DocumentKind, Profile, Rulebook, Subject},
};

/// The samples, as the program carries them.
const PROGRAM: &str = include_str!("../../samples/caseload/program.toml");
const DIRECTORY: &str = include_str!("../../samples/caseload/directory.json");
const CHILDREN: [&str; 9] = [
    include_str!("../../samples/caseload/children/c-0352.json"),
    include_str!("../../samples/caseload/children/c-0411.json"),
    include_str!("../../samples/caseload/children/c-0402.json"),
    include_str!("../../samples/caseload/children/c-0405.json"),
    include_str!("../../samples/caseload/children/c-0394.json"),
    include_str!("../../samples/caseload/children/c-0388.json"),
    include_str!("../../samples/caseload/children/c-0433.json"),
    include_str!("../../samples/caseload/children/c-0290.json"),
    include_str!("../../samples/caseload/children/c-0424.json"),
];

/// A made-up paper.
#[derive(Debug, Clone)]
pub struct Specimen {
    pub kind: DocumentKind,
    /// Whose copy, as `ifsp-family`, `ifsp-agency`.
    pub name: String,
    /// What its template is given, as JSON.
    pub view: Vec<u8>,
}

/// One specimen of each kind for each audience that it is written for, in English.
///
/// # Panics
/// Never: the samples that the program carries are read by its tests.
#[must_use]
pub fn specimens(languages: &Languages) -> Vec<Specimen> {
    let program: Program = toml::from_str(PROGRAM).expect("the sample program is a program file");
    let directory: Directory = serde_json::from_str(DIRECTORY).expect("the sample directory is a directory");
    let records: Vec<CaseRecord> =
        CHILDREN.iter().map(|text| serde_json::from_str(text).expect("the sample children are case records")).collect();
    let profile = Profile::named(&program.state_profile).expect("the sample program names a profile");
    let rules = Rulebook { program: &program, profile: &profile };
    let day = program.as_of.map_or_else(NaiveDate::default, |day| *day);
    let mut found: Vec<Specimen> = Vec::new();
    for kind in DocumentKind::ALL {
        for record in &records {
            for (audience, recipient, mask) in copies(record, &directory) {
                let name = format!("{kind}-{audience}");
                let fits = match written_for(*kind) {
                    WrittenFor::Parents => mask.whole,
                    WrittenFor::Offices => !mask.whole,
                    WrittenFor::Both => true,
                };
                let to_physician = matches!(kind, DocumentKind::PhysicianLetter | DocumentKind::PhysicianCertification);
                let fits = fits && (!to_physician || audience == "physician");
                if !fits || found.iter().any(|specimen| specimen.name == name) {
                    continue;
                }
                let Some(subject) = subject(*kind, record, &recipient, day) else { continue };
                let sheet = Sheet {
                    record,
                    directory: &directory,
                    rules,
                    day,
                    languages,
                    said: languages.english(),
                    mask: &mask,
                    recipient: &recipient,
                    postal: None,
                    release: record.releases.first(),
                    enclosures: &[],
                    filed: &[],
                };
                if let Ok(assembled) = assemble(*kind, &subject, &sheet) {
                    found.push(Specimen { kind: *kind, name, view: assembled.view });
                }
            }
        }
    }
    found
}

/// A parent, the physician, an agency, the school district, the state agency and the office that referred.
fn copies(record: &CaseRecord, directory: &Directory) -> Vec<(&'static str, Recipient, Mask)> {
    let mut copies = Vec::new();
    if let Some(parent) = record.family.iter().find(|m| m.may_receive_records) {
        copies.push(("family", Recipient::family(&parent.person_id), Mask::parent()));
    }
    let office = |classes: &[RecordClass], audience| Mask::office(audience, classes.iter().copied(), None);
    if let Some(physician) = record.physicians.first() {
        let recipient = Recipient::office(&physician.organisation_id, physician.person_id.as_ref());
        let classes = [RecordClass::Plan, RecordClass::EvaluationAndEligibility, RecordClass::ContactNotes];
        copies.push(("physician", recipient, office(&classes, Audience::Physician)));
    }
    let lines = record.ifsps.iter().flat_map(|v| &v.services);
    for line in lines.filter(|l| !matches!(l.consent, ServiceConsent::Declined { .. } | ServiceConsent::Open)) {
        if let Some(agency) = &line.provider_organisation {
            let classes = [RecordClass::Plan, RecordClass::ContactNotes, RecordClass::Transition];
            let mask = Mask::office(Audience::Team, classes, Some(agency.clone()));
            copies.push(("agency", Recipient::office(agency, None), mask));
        }
    }
    let bare =
        |id| (Recipient::office(id, None), office(&[RecordClass::Transition, RecordClass::Plan], Audience::Team));
    for (audience, id) in [("district", &record.child.residence_lea), ("source", &record.referral.source_organisation)]
    {
        if let Some(id) = id {
            let (recipient, mask) = bare(id);
            copies.push((audience, recipient, mask));
        }
    }
    if let Some(state) = directory.organisations.iter().find(|o| o.kind == OrganisationKind::Sea) {
        let (recipient, mask) = bare(&state.organisation_id);
        copies.push(("state", recipient, mask));
    }
    copies
}

/// The newest thing; for a stop notice the lines of this agency that ended.
fn subject(kind: DocumentKind, record: &CaseRecord, recipient: &Recipient, day: NaiveDate) -> Option<Subject> {
    if kind != DocumentKind::StopNotice {
        return newest_subject(kind, record, day);
    }
    let version = record.in_effect()?;
    let lines: Vec<_> = version
        .services
        .iter()
        .filter(|l| matches!(l.consent, ServiceConsent::Withdrawn { .. }))
        .filter(|l| l.provider_organisation.as_ref() == recipient.organisation_id())
        .map(|l| l.service_line_id.clone())
        .collect();
    (!lines.is_empty()).then(|| Subject::Lines { ifsp_id: version.ifsp_id.clone(), version: version.version, lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_specimen_of_every_kind_and_of_every_audience_of_the_plan() {
        let specimens = specimens(crate::document::TemplateSet::built_in().languages());
        for kind in DocumentKind::ALL {
            assert!(specimens.iter().any(|s| s.kind == *kind), "{kind}");
        }
        for name in ["ifsp-family", "ifsp-physician", "ifsp-agency"] {
            assert!(specimens.iter().any(|s| s.name == name), "{name}");
        }
    }
}
