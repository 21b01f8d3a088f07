//! How a consent or a prior written notice that waits for its language reaches the parent after all: recorded with its
//! evidence, kept in the record of access, and the gate opens for that paper.

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};

use super::record_facts::Besides;
use crate::{
    actor::{Actor, Permission},
    case::{Date, Fact, FiledId, FiledKind, PersonId, Recipient, Telling, TellingWay},
    dispatch::{Envelope, StateName},
    document::assemble::lacks_own_text,
    hint::{Field, Hint},
    ledger::{Detail, Entry, Event},
    pipeline::{StoppedLine, child_facts::ChildFacts, intake::Intake},
    store::DispatchRow,
};

impl Intake {
    /// The language that the parent of a dispatch reads, for a paper that waits for it.
    ///
    /// # Errors
    /// When the dispatch waits for no language, or the database refuses.
    pub async fn language_waited_for(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<String> {
        self.pipeline.authority().dispatch_for(by, Permission::EditRecord, dispatch_id).await?;
        let (_, _, _, language) = self.waits_for_language(dispatch_id).await?;
        Ok(language)
    }

    /// Records how a paper of this dispatch reaches the parent: what lies behind it, the entry in the record of access and
    /// a fact for each of its papers, in one transaction. Shows what that stops: nothing, as a rule.
    ///
    /// # Errors
    /// When the dispatch waits for no language, what is said lies ahead or is not on file, or the database refuses.
    pub async fn tell(
        &self,
        dispatch_id: &str,
        way: TellingWay,
        on: Date,
        by: &Actor,
    ) -> anyhow::Result<Vec<StoppedLine>> {
        self.pipeline.authority().dispatch_for(by, Permission::EditRecord, dispatch_id).await?;
        let (row, facts, person_id, _) = self.waits_for_language(dispatch_id).await?;
        ensure!(
            *on <= self.pipeline.day(),
            "nothing is recorded: {} lies in the future; record it on the day on which it happens",
            Field::On
        );
        if let TellingWay::OfficialForm { paper_id, .. } = &way {
            let paper = facts.recorded.filed.get(paper_id);
            ensure!(
                paper.is_some_and(|paper| paper.kind == FiledKind::OfficialForm),
                "nothing is recorded: child {} has no official form {paper_id} on file; take it in with {}",
                row.envelope.child_id,
                Hint::TakeInOfficialForm { dispatch: None }
            );
        }
        // A form that was withdrawn since stays behind.
        let own = match &way {
            TellingWay::OfficialForm { paper_id, .. } => Some(paper_id),
            TellingWay::Orally { .. } | TellingWay::NotFeasible { .. } => None,
        };
        let on_file = row.envelope.enclosed.iter().filter(|id| facts.recorded.filed.contains_key(*id));
        let mut enclosed: Vec<FiledId> = on_file.filter(|id| Some(*id) != own).cloned().collect();
        enclosed.extend(own.cloned());
        let entry = entered(&row, &way, on, by);
        let parts = row.envelope.apart();
        let waiting = parts.iter().filter(|part| self.lacking(&facts, part).is_some());
        let told = waiting.map(|part| Fact::Told {
            telling: Telling {
                person_id: person_id.clone(),
                obligation: part.obligation.to_string(),
                anchor: part.anchor.clone(),
                on,
                way: way.clone(),
            },
        });
        let besides = Besides {
            encloses: (enclosed != row.envelope.enclosed).then_some((dispatch_id, &*enclosed)),
            enters: vec![entry],
            ..Besides::default()
        };
        self.record_act(&row.envelope.child_id, &told.collect::<Vec<_>>(), besides, by).await
    }

    /// A dispatch with a paper that is not in its parent's language, and that language.
    async fn waits_for_language(
        &self,
        dispatch_id: &str,
    ) -> anyhow::Result<(DispatchRow, ChildFacts, PersonId, String)> {
        let row = self.pipeline.store.outbox().dispatch(dispatch_id).await?;
        let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
        let language = row.envelope.apart().iter().find_map(|part| self.lacking(&facts, part));
        let has_not_left = matches!(row.state, StateName::Held | StateName::Withheld | StateName::Queued);
        let (Recipient::FamilyMember { person_id }, Some(language), true) =
            (&row.envelope.recipient, language, has_not_left)
        else {
            anyhow::bail!(
                "nothing is recorded: dispatch {dispatch_id} is {} and waits for no language; {} shows what does",
                row.state,
                Hint::ListTasks
            )
        };
        let person_id = person_id.clone();
        Ok((row, facts, person_id, language))
    }

    fn lacking(&self, facts: &ChildFacts, part: &Envelope) -> Option<String> {
        let lacks =
            |kind| lacks_own_text(facts.languages(), kind, &facts.record, &part.recipient, &self.pipeline.program);
        part.papers.iter().find_map(|kind| lacks(*kind)).map(ToOwned::to_owned)
    }
}

/// The evidence in the record of access: who, in which language, when, and that it was understood.
fn entered(row: &DispatchRow, way: &TellingWay, on: Date, by: &Actor) -> (Entry, Detail) {
    let says = match way {
        TellingWay::Orally { language, interpreter, understood } => {
            format!("Translated orally into {language} on {on} by {interpreter}. Understood: {understood}")
        }
        TellingWay::OfficialForm { language, .. } => {
            format!("The state's own form in {language} goes behind it, says {by} on {on}")
        }
        TellingWay::NotFeasible { because } => {
            format!("The parent's language is clearly not feasible, says {by} on {on}: {because}")
        }
    };
    let papers: Vec<&str> = row.envelope.contents().map(|(kind, _)| kind.title()).collect();
    let entry = Entry {
        dispatch: Some(row.dispatch_id.clone()),
        obligation: Some(row.envelope.obligation),
        recipient: Some(row.envelope.recipient.clone()),
        ..Entry::new(Event::Note, &row.envelope.child_id, way.code(), &by.recorded())
    };
    (entry, Detail::said(by.name(), says, papers.join("; ")))
}

impl Intake {
    /// The official form that this command takes in, or one that is on file already. It is an act of its own before the
    /// telling: a form on file sends nothing, and the same command finds it again after a crash in between.
    ///
    /// # Errors
    /// When the form is not taken in.
    pub async fn take_in_form(
        &self,
        dispatch_id: &str,
        file: &[u8],
        on: Date,
        looked_at: bool,
        by: &Actor,
    ) -> anyhow::Result<FiledId> {
        self.pipeline.authority().dispatch_for(by, Permission::EditRecord, dispatch_id).await?;
        // Before anything is kept: a form for a dispatch that waits for none is a slip.
        let (row, facts, ..) = self.waits_for_language(dispatch_id).await.context("the form is not taken in")?;
        let sha256 = hex::encode(Sha256::digest(file));
        let same = facts
            .recorded
            .filed
            .values()
            .find(|paper| paper.kind == FiledKind::OfficialForm && paper.original.sha256 == sha256);
        if let Some(paper) = same {
            return Ok(paper.paper_id.clone());
        }
        let child_id = row.envelope.child_id;
        let ask = crate::pipeline::FileIn {
            confirmed: looked_at.then(|| child_id.clone()),
            child_id,
            kind: FiledKind::OfficialForm,
            on,
            signed_by: None,
            about: None,
            declined: false,
        };
        Ok(self.pipeline.external_documents().file_in(file, &ask, by).await?.paper.paper_id)
    }
}
