//! One child on a page: people and how to reach them, releases and orders, meetings, what was promised, documents and
//! deliveries. For the screen of somebody who serves the child.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    actor::{Actor, Permission},
    case::{CaseRecord, ChildId, Directory, Endpoint, FamilyMember, Recorded, Release},
    ledger::{Detail, Entry, Event},
    pipeline::{DispatchLine, Refusal, records::Records},
    store::StoreError,
};

/// A child as somebody who serves it needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChildPage {
    pub child: String,
    pub name: String,
    /// The name that the family uses, where it is another one.
    pub called: Option<String>,
    pub birth_date: NaiveDate,
    pub program_number: String,
    pub referred_on: NaiveDate,
    /// Whose child it is now; nobody's is the supervisors'.
    pub coordinator: Option<StaffLine>,
    /// Why everything is held, where it is.
    pub held: Option<String>,
    pub people: Vec<PersonLine>,
    pub team: Vec<TeamLine>,
    pub releases: Vec<ReleaseLine>,
    pub orders: Vec<OrderLine>,
    /// Meetings and visits that lie ahead, and those whose day has gone by without a word of how they went.
    pub meetings: Vec<MeetingLine>,
    /// What was promised to the family and is not done yet, in the words of the note.
    pub follow_ups: Vec<FollowUpLine>,
    /// Documents made elsewhere that are on file.
    pub documents: Vec<FiledLine>,
    pub deliveries: Vec<DispatchLine>,
}

/// Somebody of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffLine {
    pub person: String,
    pub name: String,
}

/// Somebody of the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    pub person: String,
    pub name: String,
    pub relationship: String,
    pub language: String,
    pub may_consent: bool,
    pub may_receive_records: bool,
    /// What this person keeps from the other people of the family: `address`, `telephone`, `e-mail`, and places.
    pub keeps_private: Vec<String>,
    pub telephone: Option<String>,
    pub may_leave_message: bool,
    pub addresses: Vec<AddressLine>,
}

/// A way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressLine {
    pub endpoint: String,
    /// `e-mail`, `postal mail`, `fax` ...
    pub kind: &'static str,
    pub address: String,
    /// The last day on which somebody made sure of it.
    pub verified_on: Option<NaiveDate>,
    /// Nothing goes there.
    pub out_of_use: bool,
    pub discreet: bool,
}

/// An office on the child's team or a physician's practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamLine {
    pub office: String,
    pub name: String,
    /// `coordinate`, `deliver`, `evaluate`, `assess`, or `physician`.
    pub role: String,
    pub until: Option<NaiveDate>,
}

/// A release that somebody has to know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseLine {
    pub release: String,
    pub signed_on: NaiveDate,
    pub signed_by: String,
    /// Offices that may have what it covers.
    pub to: Vec<String>,
    pub classes: Vec<&'static str>,
    /// `valid`, `not signed yet`, `ended`, `taken back`, `taken back by word of mouth`, `replaced`.
    pub standing: &'static str,
    pub through: Option<NaiveDate>,
}

/// A court order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderLine {
    pub order: String,
    pub persons: Vec<String>,
    /// What it does; none where nobody has read it yet.
    pub effect: Option<String>,
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
}

/// A meeting or visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeetingLine {
    pub on: NaiveDate,
    pub at: Option<String>,
    pub what: String,
    pub place: Option<String>,
}

/// Something that was promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FollowUpLine {
    pub what: String,
    pub by: String,
    pub due_on: Option<NaiveDate>,
    /// The day of the contact in which it was promised.
    pub promised_on: NaiveDate,
}

/// A document on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiledLine {
    pub document: String,
    pub title: &'static str,
    pub on: NaiveDate,
    pub pages: u32,
}

impl Records {
    /// A child's page.
    ///
    /// # Errors
    /// [`Refusal`] when the record is not open to this person.
    pub async fn child(&self, child: &ChildId, by: &Actor) -> anyhow::Result<ChildPage> {
        self.pipeline.authority().allow_for(by, Permission::SeeChild, child).await?;
        self.page_of(child).await
    }
}

/// The kind of task by which a supervisor sees that a record was opened outside a caseload.
const OPENED: &str = "opened-with-reason";

impl Records {
    /// A child's page for somebody who does not serve the child and says why it is needed. The reason stands in the record of
    /// access, and a task tells the child's own people.
    ///
    /// # Errors
    /// [`Refusal`] when no reason is given, the role reads no records, the record is closed to this person, or the child
    /// has an order, a placement or an address kept private: that takes a supervisor.
    pub async fn child_with_reason(&self, child: &ChildId, reason: &str, by: &Actor) -> anyhow::Result<ChildPage> {
        match self.child(child, by).await {
            Err(error) if error.downcast_ref::<Refusal>().is_some_and(Refusal::is_about_reach) => {}
            answer => return answer,
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Refusal::invalid("say why you need this record, in words that somebody can check later").into());
        }
        let row = self.pipeline.store.children().child(child).await?;
        let guarded = row.record.keeps_places_private()
            || !row.record.placements.is_empty()
            || !row.recorded.orders(&row.record).is_empty();
        if guarded {
            return Err(Refusal::guarded(child).into());
        }
        let entry = Entry::new(Event::AccessView, child, "opened-with-reason", &by.recorded());
        let detail = Detail {
            address: "this machine".to_owned(),
            ..Detail::said(
                by.name(),
                format!("Opened by somebody who does not serve the child: {reason}"),
                "The record",
            )
        };
        let now = self.pipeline.now();
        self.pipeline.store.ledger().append(&entry, &detail, now).await?;
        let says = format!(
            "{} opened this record on {} without serving the child. The reason stands in the record of access: read it, and \
             talk with {0} if it does not convince you.",
            by.name(),
            self.pipeline.clock_day()
        );
        let subject = format!("{} {}", by.who().id(), self.pipeline.clock_day());
        self.pipeline.store.service().open_task_once(child, OPENED, &subject, &says, now).await?;
        self.page_of(child).await
    }

    async fn page_of(&self, child: &ChildId) -> anyhow::Result<ChildPage> {
        let store = &self.pipeline.store;
        let row = store.children().child(child).await?;
        let directory = match store.children().directory().await {
            Ok((directory, _)) => Some(directory),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let deliveries = store.outbox().dispatches_of(child).await?;
        let day = self.pipeline.day();
        let page = Page { record: &row.record, recorded: &row.recorded, directory: directory.as_deref(), day };
        Ok(page.of(deliveries.iter().map(DispatchLine::from).collect()))
    }
}

/// What a page is made from.
struct Page<'a> {
    record: &'a CaseRecord,
    recorded: &'a Recorded,
    directory: Option<&'a Directory>,
    day: NaiveDate,
}

impl Page<'_> {
    fn of(&self, deliveries: Vec<DispatchLine>) -> ChildPage {
        let (record, child) = (self.record, &self.record.child);
        let called = Some(child.called()).filter(|called| *called != child.legal_name.first.as_str());
        let refused = self.recorded.record_refused.map(|_| "The last imported record was refused.".to_owned());
        ChildPage {
            child: record.child_id.to_string(),
            name: child.legal_name.full(),
            called: called.map(ToOwned::to_owned),
            birth_date: *child.birth_date,
            program_number: record.program_number.to_string(),
            referred_on: *record.referral.received_on,
            coordinator: record.assigned_coordinator_on(self.day).map(|id| {
                let known = self.directory.and_then(|directory| directory.professional(id));
                StaffLine {
                    person: id.to_string(),
                    name: known.map_or_else(|| id.to_string(), |known| known.name.full()),
                }
            }),
            held: self.recorded.hold_on(self.day).map(|hold| hold.reason.clone()).or(refused),
            people: record.family.iter().map(|member| self.person(member)).collect(),
            team: self.team(),
            releases: record.releases.iter().map(|release| self.release(release)).collect(),
            orders: self.orders(),
            meetings: self.meetings(),
            follow_ups: self.follow_ups(),
            documents: self.filed(),
            deliveries,
        }
    }

    fn person(&self, member: &FamilyMember) -> PersonLine {
        let private = member.protected.as_ref();
        let kept = private.into_iter().flat_map(|kept| {
            let words = [(kept.address, "address"), (kept.telephone, "telephone"), (kept.email, "e-mail")];
            let words = words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned());
            words.chain(kept.places.iter().map(ToString::to_string)).collect::<Vec<_>>()
        });
        PersonLine {
            person: member.person_id.to_string(),
            name: member.name.full(),
            relationship: member.relationship.to_string(),
            language: member.preferred_language.to_string(),
            may_consent: member.may_consent,
            may_receive_records: member.may_receive_records && !self.recorded.barred.contains(&member.person_id),
            keeps_private: kept.collect(),
            telephone: member.telephone.as_ref().map(ToString::to_string),
            may_leave_message: member.telephone_safe.may_leave_message,
            addresses: member.endpoints.iter().map(|endpoint| self.address(endpoint)).collect(),
        }
    }

    fn address(&self, endpoint: &Endpoint) -> AddressLine {
        let here = self.recorded.verified.get(&endpoint.endpoint_id).map(|verified| *verified.on);
        AddressLine {
            endpoint: endpoint.endpoint_id.to_string(),
            kind: endpoint.address.kind().word(),
            address: endpoint.address.in_one_line(),
            verified_on: here.max(endpoint.verified_on.map(|day| *day)),
            out_of_use: self.recorded.disabled.contains(&endpoint.endpoint_id)
                || endpoint.disabled_on.is_some_and(|day| *day <= self.day),
            discreet: endpoint.safe.discreet,
        }
    }

    fn office(&self, id: &crate::case::OrganisationId) -> String {
        let known = self.directory.and_then(|directory| directory.organisation(id));
        known.map_or_else(|| id.to_string(), |office| office.name.to_string())
    }

    fn team(&self) -> Vec<TeamLine> {
        let now = self.record.assignments.iter().filter(|assignment| assignment.holds_on(self.day));
        let team = now.map(|assignment| TeamLine {
            office: assignment.organisation_id.to_string(),
            name: self.office(&assignment.organisation_id),
            role: code_of(&assignment.role),
            until: assignment.to.map(|day| *day),
        });
        let follows = |physician: &&crate::case::Physician| physician.to.is_none_or(|to| self.day <= *to);
        let physicians = self.record.physicians.iter().filter(follows).map(|physician| TeamLine {
            office: physician.organisation_id.to_string(),
            name: self.office(&physician.organisation_id),
            role: "physician".to_owned(),
            until: physician.to.map(|day| *day),
        });
        team.chain(physicians).collect()
    }

    fn release(&self, release: &Release) -> ReleaseLine {
        let taken_back = self.recorded.revoked.contains(&release.release_id) || release.revoked_on.is_some();
        let standing = match release {
            _ if taken_back => "taken back",
            _ if self.recorded.revoked_orally.contains(&release.release_id) => "taken back by word of mouth",
            release if release.draft => "not signed yet",
            release if release.superseded_by.is_some() => "replaced",
            release if release.expires_on.is_some_and(|day| *day < self.day) => "ended",
            _ => "valid",
        };
        ReleaseLine {
            release: release.release_id.to_string(),
            signed_on: *release.signed_on,
            signed_by: release.signed_by.to_string(),
            to: release.recipients.iter().map(|to| self.office(&to.organisation_id)).collect(),
            classes: release.classes.iter().map(|class| class.words()).collect(),
            standing,
            through: release.expires_on.map(|day| *day),
        }
    }

    fn orders(&self) -> Vec<OrderLine> {
        let orders = self.recorded.orders(self.record).into_iter();
        let line = |order: &crate::case::CourtOrder| OrderLine {
            order: order.order_id.to_string(),
            persons: order.persons.iter().map(ToString::to_string).collect(),
            effect: order.effect.map(|effect| code_of(&effect)),
            from: *order.effective_on,
            until: order.expires_on.map(|day| *day),
        };
        orders.map(line).collect()
    }

    fn meetings(&self) -> Vec<MeetingLine> {
        let open = self.record.appointments.iter().filter(|meeting| !meeting.held && meeting.cancelled_on.is_none());
        let mut lines: Vec<_> = open
            .map(|meeting| MeetingLine {
                on: *meeting.on,
                at: meeting.at.map(|at| at.time().format("%H:%M").to_string()),
                what: meeting.what.to_string(),
                place: meeting.place.as_ref().map(ToString::to_string),
            })
            .collect();
        lines.sort_by(|a, b| (a.on, &a.at).cmp(&(b.on, &b.at)));
        lines
    }

    fn follow_ups(&self) -> Vec<FollowUpLine> {
        let promised = self.record.contacts.iter().flat_map(|contact| {
            let open = contact.follow_ups.iter().filter(|follow_up| follow_up.done_on.is_none());
            open.map(|follow_up| FollowUpLine {
                what: follow_up.text.to_string(),
                by: follow_up.owner.to_string(),
                due_on: follow_up.due_on.map(|day| *day),
                promised_on: *contact.on,
            })
        });
        let mut lines: Vec<_> = promised.collect();
        lines.sort_by_key(|line| (line.due_on.is_none(), line.due_on, line.promised_on));
        lines
    }

    fn filed(&self) -> Vec<FiledLine> {
        let filed = self.recorded.filed.values();
        let mut lines: Vec<_> = filed
            .map(|document| FiledLine {
                document: document.paper_id.to_string(),
                title: document.kind.title(),
                on: *document.on,
                pages: document.pages,
            })
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.on));
        lines
    }
}

/// The word by which the record keeps a value of a closed list.
fn code_of(value: &impl Serialize) -> String {
    let code = serde_json::to_value(value).ok();
    code.and_then(|code| code.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}
