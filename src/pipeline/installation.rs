//! The mark of the record of access outside the database: a restored copy is noticed before it sends.

use std::{fs, io, path::PathBuf};

use anyhow::Context;

use super::Pipeline;
use crate::{
    clock::instant_text,
    files::on_disk,
    hint::Hint,
    ledger::{Head, installation_mark},
    store::SharedText,
};

pub use crate::ledger::installation_mark::Standing;

/// The mark's name in a bucket.
const SHARED_MARK: &str = "ledger.mark";

/// The note that the database came out of a backup, and the file of this name beside the mark.
pub(super) const RESTORED: &str = "restored";

impl Pipeline {
    /// How the database stands to the mark outside it.
    ///
    /// # Errors
    /// When the mark cannot be read, or the database refuses.
    pub async fn standing(&self) -> anyhow::Result<Standing> {
        // The mark first: another machine may add entries and renew the mark between the two looks, and a head that was
        // read before it would seem to be an older copy.
        let mark = self.read_mark().await?;
        let head = self.store.ledger().ledger_head().await?;
        let at_mark = match &mark {
            Some(mark) if mark.count > 0 => self.store.ledger().ledger_hash_at(mark.count).await?,
            _ => None,
        };
        Ok(match installation_mark::standing(&head, mark.as_ref(), at_mark.as_deref()) {
            Standing::Same if RestoreHold(self).stands().await? => Standing::Restored,
            standing => standing,
        })
    }

    /// The mark: where papers stand in a bucket it stands there, so that every machine sees the same one.
    pub(super) async fn read_mark(&self) -> anyhow::Result<Option<Head>> {
        if let Some(SharedText(text)) = self.store.bodies().shared_text(SHARED_MARK).await? {
            return text.map(|text| installation_mark::parse(&text)).transpose().context("the mark in the bucket");
        }
        let path = self.mark.clone();
        Ok(on_disk(move || installation_mark::read(&path)).await?)
    }

    pub(super) async fn write_mark(&self, head: &Head) -> anyhow::Result<()> {
        self.store.bodies().share_text(SHARED_MARK, installation_mark::text(head)).await?;
        let (path, head) = (self.mark.clone(), head.clone());
        Ok(on_disk(move || installation_mark::write(&path, &head)).await?)
    }

    /// Rewrites the mark with the present head, unless the database is behind it.
    ///
    /// # Errors
    /// When the mark cannot be written.
    pub async fn renew_mark(&self) -> anyhow::Result<()> {
        if self.standing().await? == Standing::Same {
            self.write_mark(&self.store.ledger().ledger_head().await?).await?;
        }
        Ok(())
    }
}

/// The hold of a restored database: a note in it, and before that a file beside the mark.
pub(super) struct RestoreHold<'a>(pub(super) &'a Pipeline);

impl RestoreHold<'_> {
    /// Whether the database came out of a backup and was not released since. Until the note stands in the database, the
    /// file that the restore wrote first says so.
    async fn stands(&self) -> anyhow::Result<bool> {
        if self.0.store.service().note_of_installation(RESTORED).await?.is_some() {
            return Ok(true);
        }
        let file = self.file();
        Ok(on_disk(move || file.try_exists()).await?)
    }

    fn file(&self) -> PathBuf {
        self.0.mark.with_file_name(RESTORED)
    }

    /// Holds a restored database until a person releases it.
    pub(super) async fn set(&self) -> anyhow::Result<()> {
        self.0.store.service().keep_note(RESTORED, Some(&instant_text(self.0.now()))).await?;
        self.forget_file().await
    }

    /// Lifts the hold of a restored database.
    pub(super) async fn lift(&self) -> anyhow::Result<()> {
        self.0.store.service().keep_note(RESTORED, None).await?;
        self.forget_file().await
    }

    async fn forget_file(&self) -> anyhow::Result<()> {
        let file = self.file();
        match on_disk(move || fs::remove_file(file)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Why a database does not send, in words for a person.
impl std::fmt::Display for HeldInstallation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let accept = Hint::AcceptInstallation;
        match self.0 {
            Standing::Same => f.write_str("nothing is held"),
            Standing::Behind { count, marked } => write!(
                f,
                "nothing is sent: the record of access ends at entry {count}, but entry {marked} was seen here before. This looks like \
                 an older copy of the database. If you restored it on purpose, run {accept}"
            ),
            Standing::Unmarked { count } => write!(
                f,
                "nothing is sent: the database holds {count} entries, but this installation has never seen them. This looks like a copy \
                 from elsewhere. If it is yours, run {accept}"
            ),
            Standing::Restored => write!(
                f,
                "nothing is sent: this database was restored from a backup, and what left after the backup was made would go \
                 again. Look at {}, then run {accept}",
                Hint::ShowStatus
            ),
            Standing::Rewritten { marked } => write!(
                f,
                "nothing is sent: entry {marked} of the record of access is not the one that was seen here before. Run {} \
                 and find out who changed it",
                Hint::VerifyLedger
            ),
        }
    }
}

/// An installation that starts held.
#[derive(Debug, Clone, Copy)]
pub struct HeldInstallation(pub Standing);

impl std::error::Error for HeldInstallation {}
