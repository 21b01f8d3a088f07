//! May it go? The gate's answers, from the samples with one fact changed at a time.

mod endpoints;
mod exceptions;
mod grounds;
mod homes;
mod masks;
mod notice;
mod notice_dates;
mod offices;
mod parents;
mod points;
mod private;
mod properties;
mod table;
mod today;
mod worklist;

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use earlypost::{
    case::{CaseRecord, Directory, EndpointKind, Program, Recipient, Recorded},
    disclosure::{Authorization, Facts, Packet, Point, Question, Verdict, decide},
    document::TemplateSet,
    due::{DocumentKind, ObligationKind, Rulebook, Subject},
};

use crate::due::samples::{TODAY, day, id, newest, samples};

/// A question to the gate with all its facts, to be changed by the test.
#[derive(Clone)]
pub struct Case {
    pub record: CaseRecord,
    pub recorded: Recorded,
    pub directory: Directory,
    pub program: Program,
    pub templates: Arc<TemplateSet>,
    pub channels: BTreeSet<EndpointKind>,
    pub day: NaiveDate,
    pub now: DateTime<Utc>,
    pub recipient: Recipient,
    pub subject: Subject,
    pub papers: Vec<DocumentKind>,
    pub by_hand: bool,
}

impl Case {
    /// The newest plan of a sample, where there is one, with these papers, to this recipient.
    pub fn new(child: &str, recipient: &str, papers: &[DocumentKind]) -> Self {
        let mut record = samples().record(child);
        let subject = if record.ifsps.is_empty() {
            Subject::Child
        } else {
            let plan = newest(&mut record);
            Subject::Plan { ifsp_id: plan.ifsp_id.clone(), version: plan.version }
        };
        Self {
            subject,
            record,
            recorded: Recorded::default(),
            directory: samples().directory.clone(),
            program: samples().program.clone(),
            templates: Arc::clone(&samples().templates),
            channels: [EndpointKind::Email, EndpointKind::Postal].into(),
            day: day(TODAY),
            now: "2026-11-20T15:00:00Z".parse().unwrap(),
            recipient: recipient.parse().unwrap(),
            papers: papers.to_vec(),
            by_hand: false,
        }
    }

    pub fn decide(&self, point: Point<'_>) -> Verdict {
        let question = Question {
            recipient: &self.recipient,
            duty: (ObligationKind::OnRequest, "request-1"),
            subject: &self.subject,
            papers: &self.papers,
            shares: &[],
            enclosed: &[],
            by_hand: self.by_hand,
        };
        let facts = Facts {
            record: &self.record,
            recorded: &self.recorded,
            directory: &self.directory,
            holds: &earlypost::disclosure::Holds::default(),
            rules: Rulebook { program: &self.program, profile: &samples().profile },
            languages: self.templates.languages(),
            channels: &self.channels,
            day: self.day,
            now: self.now,
        };
        decide(&question, &facts, point)
    }

    /// On what it rests, or the code of the reason why it may not go.
    pub fn answer(&self) -> &'static str {
        match self.decide(Point::BeforeRender) {
            Verdict::Authorized(authorization) => authorization.basis().words(),
            Verdict::Refused(refusal) => refusal.reason.code(),
            Verdict::RenderAnew => "render anew",
        }
    }

    #[track_caller]
    pub fn authorized(&self, point: Point<'_>) -> Authorization {
        match self.decide(point) {
            Verdict::Authorized(authorization) => *authorization,
            other => panic!("not authorized: {other:?}"),
        }
    }

    /// The packet that would be rendered now.
    #[track_caller]
    pub fn packet(&self) -> Packet {
        let authorization = self.authorized(Point::BeforeRender);
        Packet {
            children: self.papers.iter().map(|_| self.record.child_id.clone()).collect(),
            mask: authorization.mask().clone(),
            endpoint_id: authorization.endpoint_id().clone(),
            made_from: "these facts".to_owned(),
            facts_now: "these facts".to_owned(),
            other_children: Vec::new(),
            protected: Vec::new(),
        }
    }

    /// The permission with which it may be sent, fresh at `now`.
    #[track_caller]
    pub fn permission(&self) -> Authorization {
        self.authorized(Point::Release(&self.packet()))
    }
}

/// Maya's plan to her mother.
pub fn mother() -> Case {
    Case::new("c-0417", "family:0417-mother", &[DocumentKind::Ifsp])
}

/// Maya's plan with its letter to the physician whom a release names.
pub fn physician() -> Case {
    Case::new("c-0417", "office:ghent-pediatrics/dr-osei", &[DocumentKind::PhysicianLetter, DocumentKind::Ifsp])
}

/// Maya's plan with the authorization to the agency that gives speech therapy; its one assignment is to deliver.
pub fn agency() -> Case {
    let mut case =
        Case::new("c-0417", "office:bayside-therapy", &[DocumentKind::ServiceAuthorization, DocumentKind::Ifsp]);
    case.record.assignments.retain(|a| {
        a.organisation_id.as_str() != "bayside-therapy" || a.role == earlypost::case::AssignmentRole::Deliver
    });
    case
}

/// The notice to the agency from which Mateo's mother withdrew her consent on 19 November.
pub fn stop_notice() -> Case {
    let mut case = Case::new("c-0402", "office:harbor-kids", &[DocumentKind::StopNotice]);
    case.subject = Subject::Lines { ifsp_id: id("0402-ifsp"), version: 2, lines: vec![id("0402-instruction")] };
    case
}

pub fn days_from(today: NaiveDate, days: i64) -> earlypost::case::Date {
    (today + TimeDelta::days(days)).into()
}
