//! The papers of the samples: what stands on them, what must not, and what they are made of.

pub mod conformance;
mod extremes;
mod family_letters;
mod familys_plan;
mod formats;
mod languages;
mod letters;
mod names;
mod notices;
mod packets;
mod page;
pub mod poppler;
mod reading;
mod summaries;
mod translated;
mod typed;
mod window;
mod worker;

use std::{
    collections::HashMap,
    sync::{LazyLock, OnceLock},
};

use earlypost::{
    case::{
        Address, Audience, CaseRecord, EndpointKind, IfspStatus, OrganisationKind, PersonId, Recipient, ServiceConsent,
        Telling, TellingWay,
    },
    disclosure::{Point, Verdict},
    document::{
        Mask, Rendered,
        assemble::{AssembleError, Assembled, Sheet, assemble, language_for},
        render,
        view::Enclosure,
    },
    due::{DocumentKind, Subject},
};

use crate::{
    due::samples::{TODAY, day, samples},
    gate::Case,
};

/// A paper of a sample for one recipient, as its template gets it.
pub struct Paper {
    pub recipient: Recipient,
    pub kind: DocumentKind,
    pub view: Vec<u8>,
}

/// The same, rendered.
pub struct Made {
    pub recipient: Recipient,
    pub kind: DocumentKind,
    pub view: Vec<u8>,
    pub rendered: Rendered,
}

impl Made {
    /// For messages.
    pub fn name(&self) -> String {
        format!("{} to {}", self.kind, self.recipient)
    }

    /// All pages, with single spaces.
    pub fn text(&self) -> String {
        plain(&self.rendered.pages.join(" "))
    }

    /// Whether a text stands on it: on a page, or across the foot of one page and the head of the next.
    pub fn shows(&self, text: &str) -> bool {
        let pages: Vec<String> = self.rendered.pages.iter().map(|page| plain(page)).collect();
        let text = plain(text);
        let across = |at: usize| {
            pages.windows(2).any(|pair| pair[0].contains(text[..at].trim()) && pair[1].contains(text[at..].trim()))
        };
        pages.iter().any(|page| page.contains(&text)) || text.match_indices(' ').any(|(at, _)| across(at))
    }
}

/// Every run of blanks as one; what a layout does to blanks and line ends is no matter.
pub fn plain(text: &str) -> String {
    let joined: String = text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}')).collect();
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The view of a paper, as far as the gate lets it go and there is anything to show.
fn assembled(record: &CaseRecord, recipient: &Recipient, kind: DocumentKind, subject: &Subject) -> Option<Assembled> {
    let mut case = Case::new(&record.child_id, &recipient.to_string(), &[kind]);
    case.record = record.clone();
    case.subject = subject.clone();
    case.by_hand = true;
    case.channels = [EndpointKind::Email, EndpointKind::Postal, EndpointKind::Fax].into();
    if let Recipient::FamilyMember { person_id } = recipient {
        // What waits for its language is looked at as it goes when somebody has recorded how it reaches the parent.
        case.recorded.told.push(not_feasible(person_id));
    }
    if matches!(kind, DocumentKind::LeaNotice | DocumentKind::SeaNotice | DocumentKind::ReferralAcknowledgement) {
        return beside_the_gate(record, recipient, kind);
    }
    let Verdict::Authorized(authorization) = case.decide(Point::BeforeRender) else { return None };
    let release = authorization.release().map(|snapshot| &snapshot.release_id);
    let enclosures = [Enclosure { title: "The plan, in the parts that you may have".to_owned(), pages: 6 }];
    let letter = matches!(kind, DocumentKind::PhysicianLetter | DocumentKind::ServiceAuthorization);
    let sheet = Sheet {
        record,
        directory: &samples().directory,
        rules: samples().rules(),
        day: case.day,
        languages: samples().languages(),
        said: language_for(samples().languages(), kind, record, recipient, samples().rules().program),
        mask: authorization.mask(),
        recipient,
        postal: match authorization.address() {
            Address::Postal { lines } => Some(lines),
            _ => None,
        },
        release: release.and_then(|id| record.releases.iter().find(|r| &r.release_id == id)),
        enclosures: if letter { &enclosures } else { &[] },
        filed: &[],
    };
    match assemble(kind, subject, &sheet) {
        Ok(assembled) => Some(assembled),
        Err(AssembleError::NothingToShow | AssembleError::NoSubject) => None,
        Err(error) => panic!("{kind} of {} to {recipient}: {error}", record.child_id),
    }
}

fn not_feasible(person_id: &PersonId) -> Telling {
    Telling {
        person_id: person_id.clone(),
        obligation: "on-request".to_owned(),
        anchor: "request-1".to_owned(),
        on: "2026-11-20".parse().unwrap(),
        way: TellingWay::NotFeasible { because: "nobody was free".parse().unwrap() },
    }
}

/// Papers that hold nothing of the record: whether they may go hangs on other rules, what stands on them never does.
fn beside_the_gate(record: &CaseRecord, recipient: &Recipient, kind: DocumentKind) -> Option<Assembled> {
    let sheet = Sheet {
        record,
        directory: &samples().directory,
        rules: samples().rules(),
        day: day(TODAY),
        languages: samples().languages(),
        said: samples().languages().english(),
        mask: &Mask::office(Audience::Team, [], None),
        recipient,
        postal: None,
        release: None,
        enclosures: &[],
        filed: &[],
    };
    assemble(kind, &Subject::Child, &sheet).ok()
}

/// Every kind of paper of a record, once for the family, the physicians and the agencies, as far as they may have it.
pub fn papers_of(record: &CaseRecord) -> Vec<Paper> {
    let family = record.family.iter().map(|m| Recipient::family(&m.person_id));
    let physicians = record.physicians.iter().map(|p| Recipient::office(&p.organisation_id, p.person_id.as_ref()));
    let offices = record.assignments.iter().map(|a| Recipient::office(&a.organisation_id, None));
    let school = record.child.residence_lea.iter().map(|id| Recipient::office(id, None));
    let state = samples().directory.organisations.iter().filter(|o| o.kind == OrganisationKind::Sea);
    let source = record.referral.source_organisation.iter().map(|id| Recipient::office(id, None));
    let state = state.map(|o| Recipient::office(&o.organisation_id, None));
    let offices = offices.chain(school).chain(state).chain(source);
    let mut papers: Vec<Paper> = Vec::new();
    for recipient in family.chain(physicians).chain(offices) {
        for kind in DocumentKind::ALL {
            let role = |r: &Recipient| (r.organisation_id().is_some(), r.to_string().contains('/'));
            if papers.iter().any(|p| p.kind == *kind && role(&p.recipient) == role(&recipient)) {
                continue;
            }
            let made = subjects(record, *kind, &recipient)
                .iter()
                .find_map(|subject| assembled(record, &recipient, *kind, subject));
            if let Some(Assembled { child_id, kind, view, .. }) = made {
                assert_eq!(child_id, record.child_id);
                papers.push(Paper { recipient: recipient.clone(), kind, view });
            }
        }
    }
    papers
}

/// What a paper of this kind can be about: the newest final plan, the lines that ended, the last contacts, a month.
fn subjects(record: &CaseRecord, kind: DocumentKind, recipient: &Recipient) -> Vec<Subject> {
    let newest =
        record.ifsps.iter().filter(|v| v.status != IfspStatus::Draft).max_by_key(|v| (v.meeting_on, v.version));
    let plan = newest.map(|v| Subject::Plan { ifsp_id: v.ifsp_id.clone(), version: v.version });
    match kind {
        DocumentKind::Ifsp
        | DocumentKind::PhysicianLetter
        | DocumentKind::PhysicianCertification
        | DocumentKind::IfspReviewSummary
        | DocumentKind::ServiceAuthorization => plan.into_iter().collect(),
        DocumentKind::StopNotice => newest
            .into_iter()
            .filter_map(|v| {
                let ended = |l: &&earlypost::case::ServiceLine| {
                    matches!(l.consent, ServiceConsent::Withdrawn { .. })
                        && l.provider_organisation.as_ref() == recipient.organisation_id()
                };
                let lines: Vec<_> = v.services.iter().filter(ended).map(|l| l.service_line_id.clone()).collect();
                (!lines.is_empty()).then(|| Subject::Lines { ifsp_id: v.ifsp_id.clone(), version: v.version, lines })
            })
            .collect(),
        DocumentKind::ContactSummary => {
            record.contacts.iter().rev().map(|c| Subject::Contact { event_id: c.event_id.clone() }).collect()
        }
        DocumentKind::MeetingNotice => {
            let mut meetings: Vec<_> = record.appointments.iter().collect();
            meetings.sort_by_key(|a| (!a.kind.needs_notice(), a.on));
            meetings.into_iter().map(|a| Subject::Event { event_id: a.event_id.clone() }).collect()
        }
        DocumentKind::PriorWrittenNotice => {
            record.proposals.iter().map(|p| Subject::Event { event_id: p.event_id.clone() }).collect()
        }
        DocumentKind::EligibleNotice | DocumentKind::NotEligibleNotice => {
            record.evaluations.iter().map(|e| Subject::Event { event_id: e.event_id.clone() }).collect()
        }
        DocumentKind::IntakeLetter
        | DocumentKind::ReferralAcknowledgement
        | DocumentKind::ConfidentialityRights
        | DocumentKind::RightsAndAdvocacy
        | DocumentKind::ProviderChoices
        | DocumentKind::ResourceList
        | DocumentKind::EvaluationConsent
        | DocumentKind::InsuranceConsent
        | DocumentKind::CouldNotReachYou
        | DocumentKind::NewCoordinator
        | DocumentKind::ExitLetter
        | DocumentKind::RecordLocations
        | DocumentKind::ProgressReportReminder
        | DocumentKind::TransitionPacket
        | DocumentKind::FamilyPacket
        | DocumentKind::VisitPacket
        | DocumentKind::DistrictPacket
        | DocumentKind::ConsentToRelease
        | DocumentKind::LeaNotice
        | DocumentKind::SeaNotice
        | DocumentKind::OptOutInformation
        | DocumentKind::ProceduralSafeguards => vec![Subject::Child],
        DocumentKind::MonthlyReminder => vec![Subject::Month { month: "2026-11".to_owned() }],
    }
}

pub fn rendered(paper: Paper) -> Made {
    let Paper { recipient, kind, view } = paper;
    let rendered = render(&samples().templates, kind, view.clone())
        .unwrap_or_else(|error| panic!("{kind} to {recipient}: {error}"));
    Made { recipient, kind, view, rendered }
}

/// All papers of a sample, rendered once.
pub fn made(child: &str) -> &'static [Made] {
    static ALL: LazyLock<HashMap<String, OnceLock<Vec<Made>>>> =
        LazyLock::new(|| samples().children().map(|r| (r.child_id.to_string(), OnceLock::new())).collect());
    ALL[child].get_or_init(|| papers_of(&samples().record(child)).into_iter().map(rendered).collect())
}

/// One paper of a sample.
#[track_caller]
pub fn paper(child: &str, kind: DocumentKind, recipient: &str) -> &'static Made {
    let found = made(child).iter().find(|p| p.kind == kind && p.recipient.to_string() == recipient);
    found.unwrap_or_else(|| panic!("{child} has no {kind} for {recipient}"))
}

/// Asserts that each of these texts stands on the paper.
#[track_caller]
pub fn assert_shows<'a>(paper: &Made, texts: impl IntoIterator<Item = &'a str>) {
    let missing: Vec<&str> = texts.into_iter().filter(|text| !paper.shows(text)).collect();
    assert!(missing.is_empty(), "{} lacks {missing:#?}", paper.name());
}

/// Asserts that none of these texts stands on the paper or in what its template got.
#[track_caller]
pub fn assert_hides<'a>(paper: &Made, texts: impl IntoIterator<Item = &'a str>) {
    let text = paper.text();
    let view = plain(&String::from_utf8_lossy(&paper.view));
    let json = |text: &str| serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
    let found: Vec<&str> =
        texts.into_iter().filter(|t| text.contains(&plain(t)) || view.contains(&plain(&json(t)))).collect();
    assert!(found.is_empty(), "{} shows {found:#?}", paper.name());
}
