//! How long a record is kept, what stops its destruction, and the destruction itself (34 CFR 303.416).

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::{Months, NaiveDate};
use serde::Serialize;

use crate::{
    actor::{Actor, Permission},
    case::{Address, ChildId, EndpointKind, PersonId},
    disclosure::confirmed_lately,
    document::{Rendered, ReportKind, view::DestructionNoticeView},
    files::on_disk,
    hint::{Field, Hint},
    ledger::{Detail, Entry, Event, RECORD_CLASS, destroyed_children},
    pipeline::{access_record::Retention, child_facts::ChildFacts},
    store::{Destroyed, StoreError},
};

/// The outcome of the note that the notice was given.
const NOTICE_GIVEN: &str = "destruction-notice-given";

/// How a record stands to its term.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column that says yes or no")]
pub struct TermLine {
    pub child: String,
    /// The class of its papers and of the entries about it.
    pub retention_class: &'static str,
    /// The last day of services; none for a child who is still with the program.
    pub left_on: Option<NaiveDate>,
    /// The first day on which the record may be destroyed.
    pub destroy_after: Option<NaiveDate>,
    /// The rule, and whether a person has confirmed it.
    pub source: String,
    /// Whether the rule was confirmed.
    pub confirmed: bool,
    /// Whether the term is over.
    pub over: bool,
    /// Whether a legal hold stands.
    pub legal_hold: bool,
    /// Whether the parents were told.
    pub notice_given: bool,
}

/// Why nothing is destroyed.
#[derive(Debug, thiserror::Error)]
pub enum NotDestroyed {
    /// Services go on.
    #[error("nothing is destroyed: child {0} has not left the program, so the record is still needed")]
    StillNeeded(ChildId),
    /// The term runs.
    #[error("nothing is destroyed: the record of child {child} is kept until {until} ({source_of_term})")]
    TermRuns { child: ChildId, until: NaiveDate, source_of_term: String },
    /// The parents were not told.
    #[error(
        "nothing is destroyed: the parents of child {0} were not told. Print the notice with {notice}, give it to them, and record \
         it with {given_on} (34 CFR 303.416(a))",
        notice = Hint::WriteRetentionNotice { child: Some(.0.to_string()) },
        given_on = Field::GivenOn
    )]
    NoNotice(ChildId),
    /// The notice would go where the parent may live no longer.
    #[error(
        "the notice is not made: nobody has confirmed a postal address of {0} for a year, and whoever lives there now would learn \
         whose record it is. Ask the family, then run {verify}; or give it by hand and add {asked}",
        verify = Hint::VerifyAddress { child: None, endpoint: None },
        asked = Field::Asked
    )]
    AddressOld(PersonId),
}

impl Retention {
    /// How every record stands to its term, those that are over first.
    pub async fn terms(&self, by: &Actor) -> anyhow::Result<Vec<TermLine>> {
        self.pipeline.authority().allow_for_all(by, Permission::ReadAccessRecord)?;
        let held: BTreeSet<String> =
            self.pipeline.store.children().legal_holds().await?.into_iter().map(|hold| hold.child_id).collect();
        let mut lines = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child in &page {
                lines.push(self.term(child, held.contains(child.as_str())).await?);
            }
        }
        lines.sort_by_key(|line| (!line.over, line.destroy_after, line.child.clone()));
        Ok(lines)
    }

    /// How one record stands to its term; none for a record that was destroyed.
    pub async fn term_of(&self, child: &ChildId, by: &Actor) -> anyhow::Result<Option<TermLine>> {
        self.pipeline.authority().allow_for(by, Permission::ReadAccessRecord, child).await?;
        let legal_hold =
            self.pipeline.store.children().legal_holds().await?.iter().any(|hold| hold.child_id == child.as_str());
        match self.pipeline.store.children().child(child).await {
            Err(StoreError::NotFound { .. }) => Ok(None),
            _ => Ok(Some(self.term(child, legal_hold).await?)),
        }
    }

    async fn term(&self, child: &ChildId, legal_hold: bool) -> anyhow::Result<TermLine> {
        let facts = self.pipeline.child_facts(child).await?;
        let rule = &self.pipeline.profile.retention_calendar_years;
        let left_on = facts.record.exit.as_ref().map(|exit| *exit.on);
        let destroy_after = left_on.and_then(|day| day.checked_add_months(Months::new(u32::from(rule.value) * 12)));
        Ok(TermLine {
            child: child.to_string(),
            retention_class: RECORD_CLASS,
            left_on,
            destroy_after,
            source: rule.source.to_string(),
            confirmed: rule.confirmed,
            over: destroy_after.is_some_and(|day| day < self.pipeline.day()),
            legal_hold,
            notice_given: self.notice_given(child).await?,
        })
    }

    async fn notice_given(&self, child: &ChildId) -> anyhow::Result<bool> {
        let rows = self.pipeline.store.ledger().ledger_of(child).await?;
        Ok(rows.iter().any(|row| row.entry.event == Event::Note && row.entry.outcome == NOTICE_GIVEN))
    }

    /// Sets a legal hold: nothing of the child is destroyed while it stands.
    ///
    /// # Errors
    /// When there is no such child, or the database refuses.
    pub async fn set_legal_hold(&self, child: &ChildId, reason: &str, by: &Actor) -> anyhow::Result<String> {
        self.pipeline.authority().allow_for(by, Permission::Destroy, child).await?;
        let entry = Entry::new(Event::Note, child, "legal-hold-set", &by.recorded());
        let detail = Detail::said(by.name(), format!("Legal hold: {reason}"), "The whole record");
        Ok(self.pipeline.store.children().set_legal_hold(&entry, &detail, self.pipeline.now()).await?)
    }

    /// Lifts the legal holds of a child.
    ///
    /// # Errors
    /// When none stands, or the database refuses.
    pub async fn lift_legal_holds(&self, child: &ChildId, reason: &str, by: &Actor) -> anyhow::Result<()> {
        self.pipeline.authority().allow_for(by, Permission::Destroy, child).await?;
        let entry = Entry::new(Event::Note, child, "legal-hold-lifted", &by.recorded());
        let detail = Detail::said(by.name(), format!("Legal hold lifted: {reason}"), "The whole record");
        let lifted = self.pipeline.store.children().lift_legal_holds(&entry, &detail, self.pipeline.now()).await?;
        anyhow::ensure!(lifted > 0, "no legal hold stands for child {child}");
        Ok(())
    }

    /// The notice to the parents before a destruction, as a PDF: for one of them in that parent's language. Years may lie
    /// between the last visit and this letter: where nobody has confirmed the parent's postal address for a year, a person
    /// is asked first, and the letter says who writes and no more.
    ///
    /// # Errors
    /// When there is no such child, the parent may not have the record, nobody has confirmed the address and `asked` does not
    /// say that somebody did, or the paper cannot be made.
    pub async fn destruction_notice(
        &self,
        child: &ChildId,
        to: Option<&PersonId>,
        asked: bool,
        by: &Actor,
    ) -> anyhow::Result<Rendered> {
        self.pipeline.authority().allow_for(by, Permission::Destroy, child).await?;
        let (facts, reader) = self.pipeline.access_record().facts_for(child, to).await?;
        if let Some(person) = to.filter(|person| !asked && self.address_is_old(&facts, person)) {
            return Err(NotDestroyed::AddressOld(person.clone()).into());
        }
        let said = facts.told_in(reader.as_ref());
        let term = self.term(child, false).await?;
        if term.left_on.is_none() {
            return Err(NotDestroyed::StillNeeded(child.clone()).into());
        }
        let mut page = self.pipeline.access_record().page_of_report(&facts, to, said)?;
        if to.is_some_and(|person| self.address_is_old(&facts, person)) {
            let sender = self.pipeline.program.return_address.first().or(self.pipeline.program.address.first());
            page.name_no_service(sender.map_or("", |line| line), said.text("destruction_notice.our_office"));
        }
        let view = DestructionNoticeView {
            page,
            destroy_after: term.destroy_after.map(|day| said.long(day)),
            left_on: term.left_on.map(|day| said.long(day)),
        };
        self.pipeline.access_record().render_for(ReportKind::DestructionNotice, &view, &facts, reader.as_ref())
    }

    /// Whether mail to this parent would go to an address that nobody has confirmed for a year.
    fn address_is_old(&self, facts: &ChildFacts, person: &PersonId) -> bool {
        let looked_at = facts.facts(&self.pipeline, self.pipeline.now());
        let endpoints = facts.record.member(person).into_iter().flat_map(|member| &member.endpoints);
        let postal: Vec<_> = endpoints.filter(|endpoint| endpoint.address.kind() == EndpointKind::Postal).collect();
        !postal.is_empty() && !postal.iter().any(|endpoint| confirmed_lately(endpoint, &looked_at))
    }

    /// Records that the parents were told.
    ///
    /// # Errors
    /// When the day lies ahead, there is no such child, or the database refuses.
    pub async fn record_notice(&self, child: &ChildId, on: NaiveDate, how: &str, by: &Actor) -> anyhow::Result<()> {
        self.pipeline.authority().allow_for(by, Permission::Destroy, child).await?;
        anyhow::ensure!(on <= self.pipeline.day(), "{on} lies ahead; record the notice when it was given");
        let entry = Entry::new(Event::Note, child, NOTICE_GIVEN, &by.recorded());
        let detail =
            Detail::said(by.name(), format!("The parents were told on {on}: {how}"), "Notice before destruction");
        self.pipeline.store.ledger().append(&entry, &detail, self.pipeline.now()).await?;
        Ok(())
    }

    /// Destroys a child's record, as far as the law lets it and no hold stands.
    ///
    /// # Errors
    /// When the record is still needed, its term runs, the parents were not told, a legal hold stands, or the database
    /// refuses; then nothing is destroyed.
    pub async fn destroy(&self, child: &ChildId, because: &str, by: &Actor) -> anyhow::Result<Destroyed> {
        self.pipeline.authority().allow_for(by, Permission::Destroy, child).await?;
        let term = self.term(child, false).await?;
        match term.destroy_after {
            None => return Err(NotDestroyed::StillNeeded(child.clone()).into()),
            Some(until) if !term.over => {
                let source_of_term = if term.confirmed {
                    term.source
                } else {
                    format!("{}; this term was not confirmed, ask the lead agency", term.source)
                };
                return Err(NotDestroyed::TermRuns { child: child.clone(), until, source_of_term }.into());
            }
            Some(_) => {}
        }
        if !term.notice_given {
            return Err(NotDestroyed::NoNotice(child.clone()).into());
        }
        self.destroy_now(child, because, by).await
    }

    async fn destroy_now(&self, child: &ChildId, because: &str, by: &Actor) -> anyhow::Result<Destroyed> {
        let facts = self.pipeline.child_facts(child).await?;
        let stub = serde_json::to_string(&stub(&facts)).context("what may be kept is plain data")?;
        // Listed first: a crash in between destroys it again and never forgets it.
        let (folder, listed) =
            (self.pipeline.access_record().checkpoint_folder(), destroyed_children::listed_as(child));
        on_disk(move || destroyed_children::list(&folder, [listed])).await.context("listing the child as destroyed")?;
        let entry = Entry {
            basis: Some(because.to_owned()),
            ..Entry::new(Event::Destruction, child, "destroyed", &by.recorded())
        };
        let done = match self.pipeline.store.children().destroy_child(child, &entry, &stub, self.pipeline.now()).await {
            Ok(done) => done,
            Err(error) => {
                self.unlist(child).await?;
                return Err(error.into());
            }
        };
        self.remove_outgoing(&done.dispatches);
        // In a restored copy that is still held the newer mark and checkpoints stand as they are.
        if self.pipeline.standing().await? == crate::pipeline::Standing::Same {
            self.pipeline.renew_mark().await?;
            self.pipeline.access_record().write_checkpoint().await?;
        }
        Ok(done)
    }

    async fn unlist(&self, child: &ChildId) -> anyhow::Result<()> {
        let (folder, listed) =
            (self.pipeline.access_record().checkpoint_folder(), destroyed_children::listed_as(child));
        Ok(on_disk(move || destroyed_children::unlist(&folder, &listed)).await?)
    }

    /// Files of these dispatches in the data folder's own outgoing folders.
    fn remove_outgoing(&self, dispatches: &[String]) {
        let mut folders = vec![self.pipeline.mark.with_file_name("outgoing")];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for path in entries.flatten().map(|entry| entry.path()) {
                let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if dispatches.iter().any(|id| name.contains(id.as_str()))
                    && let Err(error) = std::fs::remove_file(&path)
                {
                    tracing::error!(file = name, %error, "an outgoing file of a destroyed record could not be removed");
                }
            }
        }
    }

    /// Destroys again whoever stands on the list and is in the database: an older copy was restored.
    ///
    /// # Errors
    /// When the list cannot be read, or the database refuses.
    pub async fn destroy_listed(&self, by: &Actor) -> anyhow::Result<Vec<ChildId>> {
        let folder = self.pipeline.access_record().checkpoint_folder();
        let listed = on_disk(move || destroyed_children::listed(&folder)).await?;
        let mut again = Vec::new();
        if listed.is_empty() {
            return Ok(again);
        }
        let mut after = String::new();
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 500).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child in page {
                if listed.contains(&destroyed_children::listed_as(&child)) {
                    self.destroy_now(&child, "destroyed-before", by).await?;
                    again.push(child);
                }
            }
        }
        Ok(again)
    }
}

/// What 34 CFR 303.416(c)(2) permits to be kept: name, birth date, parents' contact, coordinators, providers, exit.
fn stub(facts: &ChildFacts) -> serde_json::Value {
    let record = &facts.record;
    let parents: Vec<_> = record
        .family
        .iter()
        .filter(|member| member.parent_role != crate::case::ParentRole::None)
        .map(|member| {
            let addresses: Vec<String> = member
                .endpoints
                .iter()
                .filter(|endpoint| matches!(endpoint.address, Address::Postal { .. } | Address::Email { .. }))
                .map(|endpoint| endpoint.address.in_one_line())
                .collect();
            serde_json::json!({
                "name": member.name.full(), "telephone": member.telephone.as_ref().map(ToString::to_string),
                "addresses": addresses,
            })
        })
        .collect();
    let name_of = |id: &crate::case::PersonId| facts.directory.professional(id).map(|person| person.name.full());
    let coordinators: BTreeSet<String> =
        record.coordinators.iter().filter_map(|term| name_of(&term.person_id)).collect();
    let providers: BTreeSet<String> = record
        .ifsps
        .iter()
        .flat_map(|plan| &plan.services)
        .filter_map(|line| line.provider_organisation.as_ref())
        .filter_map(|id| facts.directory.organisation(id).map(|office| office.name.to_string()))
        .collect();
    let exit = record.exit.as_ref().map(|exit| {
        serde_json::json!({
            "on": exit.on.to_string(), "reason": exit.reason,
            "age_in_months": crate::due::calendar::months_of_age(*record.child.birth_date, *exit.on),
        })
    });
    serde_json::json!({
        "name": record.child.legal_name.full(), "birth_date": record.child.birth_date.to_string(), "parents": parents,
        "coordinators": coordinators, "providers": providers, "exit": exit,
    })
}
