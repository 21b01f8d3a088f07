//! The stack of letters and the printer: whole batches, one letter again, and the sheet that a clerk signs.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    actor::{Actor, Permission},
    dispatch::{
        Outcome, StateName,
        postal::print::{Job, Letter, Printer, Stack, batches, count_sheet},
    },
    document::TemplateSet,
    files::write,
    hint::Hint,
    ledger::EntryItem,
    pipeline::print::PrintRoom,
};

/// Something that cannot be printed, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum NotPrinted {
    /// The print folder holds no batch.
    #[error("the print folder {0} holds no letters; run {run} first", run = Hint::Run)]
    NoBatch(PathBuf),
    /// There is no batch of this name.
    #[error("there is no batch {0} in the print folder; {list} shows them", list = Hint::ListBatches)]
    UnknownBatch(String),
    /// The letter lies in no batch.
    #[error(
        "the letter {0} is in no batch of the print folder; {regenerate} makes it anew",
        regenerate = Hint::Regenerate { dispatch: None }
    )]
    UnknownLetter(String),
    /// It may not be mailed.
    #[error(
        "the letter {0} may not be mailed any more and is not printed again; {status} says why",
        status = Hint::ShowStatus
    )]
    Pulled(String),
}

/// The batch of this name, or the newest.
///
/// # Errors
/// When there is none.
pub fn stack_of(folder: &Path, name: Option<&str>) -> anyhow::Result<Stack> {
    let all = batches(folder).with_context(|| format!("the print folder {} cannot be read", folder.display()))?;
    match name {
        Some(name) => all.into_iter().find(|s| s.batch == name).ok_or(NotPrinted::UnknownBatch(name.to_owned()).into()),
        None => all.into_iter().next_back().ok_or(NotPrinted::NoBatch(folder.to_path_buf()).into()),
    }
}

/// Writes the count sheet of a batch beside its letters, or elsewhere.
///
/// # Errors
/// When it cannot be rendered or written.
pub async fn write_count_sheet(
    set: &TemplateSet,
    folder: &Path,
    stack: &Stack,
    to: Option<&Path>,
) -> anyhow::Result<PathBuf> {
    let path = to.map_or_else(|| folder.join(&stack.batch).join("count-sheet.pdf"), Path::to_path_buf);
    write(&path, count_sheet(set, &stack.batch, &stack.letters)?.pdf)
        .await
        .with_context(|| format!("the count sheet could not be written to {}", path.display()))?;
    Ok(path)
}

impl PrintRoom {
    /// Letters that are printed and not yet mailed.
    pub async fn printed(&self, by: &Actor) -> anyhow::Result<Vec<String>> {
        let sight = self.pipeline.authority().sight(by, Permission::HandleMail).await?;
        let rows = self.pipeline.store.monitoring().printed().await?;
        let seen = rows.into_iter().filter(|row| sight.sees(row.envelope.child_id.as_str()));
        Ok(seen.map(|row| row.dispatch_id).collect())
    }

    /// A person has taken a letter out of the stack: it is withheld, and made anew if it becomes permitted.
    pub async fn take_out(&self, dispatch_id: &str, by: &Actor) -> anyhow::Result<()> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::HandleMail, dispatch_id).await?;
        if row.state == StateName::Printed {
            let facts = self.pipeline.child_facts(&row.envelope.child_id).await?;
            if let Some(refusal) = self.pipeline.intake().refused(&row, &facts) {
                self.pipeline.store.outcomes().put_on_pull_list(&row, Some(&refusal), self.pipeline.now()).await?;
            }
        }
        Ok(self.pipeline.store.outcomes().take_out(dispatch_id, &by.recorded(), self.pipeline.now()).await?)
    }

    /// The letters that may not be mailed any more.
    async fn pulled(&self) -> anyhow::Result<BTreeSet<String>> {
        Ok(self.pipeline.store.outcomes().pull_list().await?.into_iter().map(|row| row.dispatch.dispatch_id).collect())
    }

    /// Sends a batch to the printer from this place on, each letter as a job of its own. What has been printed before and
    /// what may not be mailed any more is left out; it stops at the first letter that does not go.
    ///
    /// # Errors
    /// When the database or the folder refuses.
    pub async fn print_batch(
        &self,
        stack: &Stack,
        from: u32,
        printer: &dyn Printer,
        tell: &(dyn Fn(&Letter, &Job) + Sync),
        by: &Actor,
    ) -> anyhow::Result<Vec<(Letter, Job)>> {
        self.pipeline.authority().allow(by, Permission::HandleMail)?;
        self.review_printed().await?;
        let pulled = self.pulled().await?;
        Ok(stack.print(printer, from, &pulled, tell).await?)
    }

    /// One letter of a batch again, without the rest: the very file that was made. Who asks is recorded.
    ///
    /// # Errors
    /// When it lies in no batch, may not be mailed any more, or is not the file that was made.
    pub async fn letter_again(
        &self,
        folder: &Path,
        dispatch_id: &str,
        by: &Actor,
    ) -> anyhow::Result<(Letter, Vec<u8>)> {
        let row = self.pipeline.authority().dispatch_for(by, Permission::HandleMail, dispatch_id).await?;
        self.review_printed().await?;
        if self.pulled().await?.contains(dispatch_id) {
            return Err(NotPrinted::Pulled(dispatch_id.to_owned()).into());
        }
        let found = batches(folder)?.into_iter().rev().find_map(|stack| {
            let letter = stack.letters.iter().find(|letter| letter.dispatch_id == dispatch_id).cloned();
            letter.map(|letter| (stack, letter))
        });
        let (stack, letter) = found.ok_or_else(|| NotPrinted::UnknownLetter(dispatch_id.to_owned()))?;
        let pdf = stack.read(&letter)?;
        let items = row.packet.iter().flat_map(|packet| &packet.items).map(EntryItem::from).collect();
        self.pipeline.access_record().record_access(&row.envelope.child_id, Some(dispatch_id), items, by).await?;
        Ok((letter, pdf))
    }

    /// Sends one file to the printer.
    pub async fn print_one(&self, printer: &dyn Printer, dispatch_id: &str, pdf: Vec<u8>) -> Outcome {
        printer.print(dispatch_id, pdf.into()).await
    }
}
