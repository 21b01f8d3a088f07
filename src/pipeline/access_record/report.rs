//! Reports on the record of access. Making one is a look at the record, and is recorded.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use anyhow::Context;

use crate::{
    actor::{Actor, Permission},
    case::{CaseRecord, ChildId, Exception, PersonId, Recipient, StaffViews},
    disclosure::{Basis, Reason, may_inspect},
    document::{
        Language, Mask, Private, Rendered, ReportKind,
        assemble::{language_of, report_page},
        render_report,
        view::{AccessLine, LookLine, RecordOfAccessView},
    },
    due::DocumentKind,
    ledger::{
        Detail, Entry, Event,
        report::{Disclosed, Filter, Happened, Report, Telling},
    },
    pipeline::{Sight, access_record::AccessRecord, child_facts::ChildFacts},
    store::StoreError,
};

/// Entries read at a time for a report over all children.
const PAGE: i64 = 2_000;

/// Which part of the record is wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of one child.
    pub child: Option<ChildId>,
    /// Of the children whom this person coordinated when it left.
    pub coordinator: Option<PersonId>,
    /// What of it.
    pub filter: Filter,
    /// The accounting of the last six years only.
    pub accounting: bool,
    /// The parent for whom it is made: what went to another parent shows its day and papers only, and what other people
    /// of the family keep private stands nowhere.
    pub reader: Option<PersonId>,
    /// Told in the reader's own language, as far as there is a file for it; without it in English.
    pub in_own_language: bool,
}

/// A parent for whom a report is made.
pub(super) struct Reader {
    recipient: Recipient,
    mask: Mask,
}

/// A person who may not have what they ask for.
#[derive(Debug, thiserror::Error)]
#[error("{person} may not have the record of child {child}: {why}")]
pub struct MayNotInspect {
    person: PersonId,
    child: ChildId,
    why: String,
}

impl ChildFacts {
    /// The language in which a report is told: the reader's own, where all of it can be said in it, else English.
    pub(super) fn told_in(&self, reader: Option<&Reader>) -> &Language {
        let own = reader.map(|reader| language_of(self.languages(), &self.record, &reader.recipient));
        own.filter(|own| own.is_whole()).unwrap_or_else(|| self.languages().english())
    }
}

impl AccessRecord {
    /// What other people of the family keep private from a reader.
    pub(super) fn private_from(&self, facts: &ChildFacts, reader: &Reader) -> Private {
        reader.mask.private(&facts.record, &self.pipeline.program, &facts.directory, &reader.recipient)
    }

    /// The record, or the part of it that is wanted, in words. That somebody read it is recorded.
    ///
    /// # Errors
    /// When the reader may not inspect the record, or the database refuses.
    pub async fn report(&self, wanted: &Wanted, by: &Actor) -> anyhow::Result<Report> {
        let sight = match &wanted.child {
            Some(child) => {
                self.pipeline.authority().allow_for(by, Permission::ReadAccessRecord, child).await?;
                Sight::ALL
            }
            None => self.pipeline.authority().sight(by, Permission::ReadAccessRecord).await?,
        };
        let reader = match (&wanted.reader, &wanted.child) {
            (None, _) => None,
            (Some(person), Some(child)) => Some((self.reader(child, person).await?, person)),
            (Some(_), None) => anyhow::bail!("a report for a parent is about one child"),
        };
        let own = reader.as_ref().filter(|_| wanted.in_own_language);
        let own = own.map(|((facts, reader), _)| facts.told_in(Some(reader)));
        let templates = self.pipeline.templates.now();
        let said = own.unwrap_or_else(|| templates.languages().english());
        let telling = Telling { zone: self.pipeline.program.time_zone.0, said };
        let mut report = Report::default();
        if let Some(child) = &wanted.child {
            let rows = self.pipeline.store.ledger().ledger_of(child).await?;
            anyhow::ensure!(
                !rows.is_empty() || self.pipeline.store.children().child(child).await.is_ok(),
                "there is no child {child} in the record of access"
            );
            report.add(&rows, &telling, &wanted.filter);
        } else {
            let mut after = 0;
            loop {
                let rows = self.pipeline.store.ledger().ledger_between(None, None, after, PAGE).await?;
                let Some(last) = rows.last() else { break };
                after = last.link.seq;
                report.add(&rows, &telling, &wanted.filter);
            }
            report.views.clear();
            report.others.clear();
            report.disclosures.retain(|line| sight.sees(&line.child));
        }
        if let Some(coordinator) = &wanted.coordinator {
            self.keep_coordinated(&mut report, coordinator).await?;
        }
        if wanted.accounting {
            report.account(self.pipeline.day(), self.pipeline.program.policy.under_hipaa);
        }
        if let Some(((facts, reader), person)) = &reader {
            report.prepare_for(person, telling.said);
            self.keep_from(&mut report, facts, reader, person, telling.said);
            let private = self.private_from(facts, reader);
            report.texts_mut().for_each(|text| private.take_out_of(text));
        }
        let mut children: BTreeSet<ChildId> = wanted.child.iter().cloned().collect();
        children.extend(report.disclosures.iter().filter_map(|line| ChildId::parse(line.child.clone()).ok()));
        let what = match &wanted.reader {
            Some(person) => format!("The record of access, for family:{person} (34 CFR 303.405),"),
            None => "The record of access".to_owned(),
        };
        self.record_reading(&children, &what, by).await?;
        Ok(report)
    }

    /// Takes out of a parent's report what that parent does not learn from it: an emergency that a reviewer has not told yet,
    /// an office whose place is private, and staff as far as the program does not name them (34 CFR 303.406 excepts
    /// employees).
    fn keep_from(&self, report: &mut Report, facts: &ChildFacts, reader: &Reader, person: &PersonId, said: &Language) {
        let mut kept: BTreeSet<String> = BTreeSet::new();
        report.disclosures.retain(|line| {
            let keeps = is_kept_from(facts, line, person);
            kept.extend(keeps.then(|| line.recipient.clone()));
            !keeps
        });
        // What was learned or went wrong afterward would tell it as well.
        report.others.retain(|line| line.recipient.as_ref().is_none_or(|to| !kept.contains(to)));
        let is_private = |to: &str| {
            let to = to.parse::<Recipient>().ok();
            to.and_then(|to| to.organisation_id().cloned()).is_some_and(|id| reader.mask.private_offices.contains(&id))
        };
        for line in report.disclosures.iter_mut().filter(|line| is_private(&line.recipient)) {
            "kept private".clone_into(&mut line.recipient);
            line.recipient_name = Some(said.text("said.access.private_office").to_owned());
            (line.address, line.purpose, line.legitimate_interest) = (None, None, None);
        }
        report.others.retain(|line| !line.recipient.as_deref().is_some_and(is_private));
        match self.pipeline.program.policy.staff_views_for_parents {
            StaffViews::None => report.views.clear(),
            StaffViews::Names => {}
            StaffViews::Positions => {
                for line in &mut report.views {
                    let id = line.actor.as_deref().and_then(|id| id.strip_prefix("person:"));
                    let known = id.and_then(|id| facts.directory.professional(&PersonId::parse(id).ok()?));
                    line.who = known.map_or_else(
                        || said.text("said.access.staff").to_owned(),
                        |professional| professional.profession.to_string(),
                    );
                }
            }
        }
    }

    /// The facts of a child, and what this parent may inspect of them (34 CFR 303.405).
    pub(super) async fn reader(&self, child: &ChildId, person: &PersonId) -> anyhow::Result<(ChildFacts, Reader)> {
        let facts = self.pipeline.child_facts(child).await?;
        let recipient = Recipient::family(person);
        let mask = may_inspect(&recipient, &facts.facts(&self.pipeline, self.pipeline.now())).map_err(|refusal| {
            MayNotInspect { person: person.clone(), child: child.clone(), why: refusal.to_string() }
        })?;
        Ok((facts, Reader { recipient, mask }))
    }

    /// The facts of a child, for a parent or for the program's own copy.
    pub(super) async fn facts_for(
        &self,
        child: &ChildId,
        reader: Option<&PersonId>,
    ) -> anyhow::Result<(ChildFacts, Option<Reader>)> {
        match reader {
            Some(person) => self.reader(child, person).await.map(|(facts, reader)| (facts, Some(reader))),
            None => Ok((self.pipeline.child_facts(child).await?, None)),
        }
    }

    /// Renders a report. For a parent, what other people of the family keep private is taken out of every text, and the
    /// finished pages are searched for it: a hit withholds the report.
    pub(super) fn render_for(
        &self,
        kind: ReportKind,
        view: &impl serde::Serialize,
        facts: &ChildFacts,
        reader: Option<&Reader>,
    ) -> anyhow::Result<Rendered> {
        let mut view = serde_json::to_value(view)?;
        let Some(reader) = reader else { return Ok(render_report(&facts.templates, kind, &view)?) };
        let private = self.private_from(facts, reader);
        private.take_out(&mut view);
        let rendered = render_report(&facts.templates, kind, &view)?;
        let found: Vec<String> = private.pages(&rendered.pages).iter().map(ToString::to_string).collect();
        anyhow::ensure!(
            found.is_empty(),
            "it is not handed out: {} (page {})",
            Reason::ProtectedValue.says(),
            found.join(", ")
        );
        Ok(rendered)
    }

    async fn keep_coordinated(&self, report: &mut Report, coordinator: &PersonId) -> anyhow::Result<()> {
        let children: BTreeSet<String> = report.disclosures.iter().map(|line| line.child.clone()).collect();
        let mut records: BTreeMap<String, Arc<CaseRecord>> = BTreeMap::new();
        for id in children {
            match self.pipeline.store.children().child(&ChildId::parse(id.clone())?).await {
                Ok(row) => drop(records.insert(id, row.record)),
                // A destroyed child has no coordinator on record any more.
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        report.disclosures.retain(|line| {
            records.get(&line.child).and_then(|record| record.coordinator_on(line.on)) == Some(coordinator)
        });
        Ok(())
    }

    /// The report on one child as a PDF.
    ///
    /// # Errors
    /// When the record was destroyed, or the paper cannot be made.
    pub async fn report_pdf(
        &self,
        child: &ChildId,
        wanted: &Wanted,
        report: &Report,
        by: &Actor,
    ) -> anyhow::Result<Rendered> {
        self.pipeline.authority().allow_for(by, Permission::ReadAccessRecord, child).await?;
        let (facts, reader) = self.facts_for(child, wanted.reader.as_ref()).await?;
        let said = facts.told_in(reader.as_ref().filter(|_| wanted.in_own_language));
        let title = match (wanted.accounting, self.pipeline.program.policy.under_hipaa) {
            (false, _) => "record",
            (true, false) => "accounting",
            (true, true) => "hipaa",
        };
        let view = RecordOfAccessView {
            page: self.page_of_report(&facts, wanted.reader.as_ref(), said)?,
            title: title.to_owned(),
            period: period(&wanted.filter, said),
            lines: report.disclosures.iter().map(|line| access_line(line, said)).collect(),
            looks: report.views.iter().map(|line| look_line(line, said)).collect(),
            others: report.others.iter().map(|line| look_line(line, said)).collect(),
        };
        self.render_for(ReportKind::RecordOfAccess, &view, &facts, reader.as_ref())
    }

    /// The page around a report: a parent's, or the program's own.
    pub(super) fn page_of_report(
        &self,
        facts: &ChildFacts,
        reader: Option<&PersonId>,
        said: &Language,
    ) -> anyhow::Result<crate::document::view::Page> {
        let first = facts.record.family.first().map(|member| &member.person_id);
        let person = reader.or(first).context("the record names no family")?;
        let recipient = Recipient::family(person);
        let mask = Mask::parent();
        let sheet = self.pipeline.sheet(facts, said, &mask, &recipient);
        Ok(report_page(&sheet, reader.is_none().then(|| self.pipeline.program.name.as_str()))?)
    }

    /// Records that somebody read the record of access of these children.
    pub async fn record_reading(&self, children: &BTreeSet<ChildId>, what: &str, by: &Actor) -> anyhow::Result<()> {
        for child in children {
            let entry = Entry::new(Event::AccessView, child, "viewed", &by.recorded());
            let detail = Detail {
                address: "this machine".to_owned(),
                ..Detail::said(by.name(), format!("{what} was read or printed."), what)
            };
            match self.pipeline.store.ledger().append(&entry, &detail, self.pipeline.now()).await {
                // Of a destroyed child only the fact of past disclosures is left: nothing personal was read.
                Ok(_) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Whether a delivery rests on an emergency of which a reviewer has not told this parent.
pub(super) fn is_kept_from(facts: &ChildFacts, line: &Disclosed, person: &PersonId) -> bool {
    let office = line.recipient.parse::<Recipient>().ok().and_then(|to| to.organisation_id().cloned());
    let of_line = |exception: &&Exception| {
        exception.holds_on(line.on) && office.is_some() && exception.recipient.organisation_id() == office.as_ref()
    };
    line.basis == Basis::Emergency.code()
        && facts.recorded.exceptions.iter().filter(of_line).any(|e| facts.recorded.is_kept_from(e, person))
}

fn period(filter: &Filter, said: &Language) -> Option<String> {
    let (from, to) = (filter.from.map(|day| said.long(day)), filter.to.map(|day| said.long(day)));
    let (from_text, to_text) = (from.as_deref().unwrap_or_default(), to.as_deref().unwrap_or_default());
    let key = match (&from, &to) {
        (None, None) => return None,
        (Some(_), None) => "said.access.period_from",
        (None, Some(_)) => "said.access.period_to",
        (Some(_), Some(_)) => "said.access.period_span",
    };
    Some(said.fill(key, &[("from", from_text), ("to", to_text)]))
}

/// "1 page", "7 pages".
pub(super) fn pages(count: u32, said: &Language) -> String {
    said.count("access.pages", i64::from(count))
}

fn access_line(line: &Disclosed, said: &Language) -> AccessLine {
    let version = |kind| match line.plan_version {
        Some(version) if kind == DocumentKind::Ifsp => said.fill("said.access.version", &[("n", &version.to_string())]),
        _ => String::new(),
    };
    let later = line.later.iter().map(|later| format!("{}: {}", said.short(later.on), later.says));
    AccessLine {
        date: said.short(line.on),
        recipient: line.recipient_name.clone().unwrap_or_else(|| line.recipient.clone()),
        address: line.address.clone(),
        papers: line
            .items
            .iter()
            .map(|item| format!("{}{}, {}", item.title, version(item.kind), pages(item.pages, said)))
            .collect(),
        why: line.purpose.clone(),
        authority: (!line.another_parent).then(|| line.authority.clone()),
        result: std::iter::once(line.result.clone()).filter(|says| !says.is_empty()).chain(later).collect(),
        uncertain: line.may_have_been_received,
    }
}

/// What a person wrote stands word for word; in another language than English its kind is named before it.
fn look_line(line: &Happened, said: &Language) -> LookLine {
    let mut what = line.says.clone();
    if !line.records.is_empty() && !what.contains(&line.records) {
        what = format!("{what} {}", line.records);
    }
    if said.tag() != "en" {
        what = if line.papers.is_empty() {
            format!("{}: {what}", said.text(&format!("said.access.{}", line.event.as_str())))
        } else {
            said.fill("said.access.looked", &[("papers", &said.listed(&line.papers))])
        };
    }
    LookLine { date: said.short(line.on), who: line.who.clone(), what }
}
