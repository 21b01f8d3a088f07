//! Checkpoints: written outside the database, and checked with the record.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    clock::{instant_text, parse_instant},
    files::on_disk,
    ledger::{ChainError, Checkpoint, Head, NoteError, PublicKey, checkpoint},
    pipeline::access_record::AccessRecord,
    store::CheckpointKey,
};

/// What checking the whole record found.
#[derive(Debug)]
pub struct Verified {
    /// The head of a clean record, or the first fault.
    pub verdict: Result<Head, ChainError>,
    /// Checkpoints that were checked.
    pub checkpoints: usize,
    /// Entries at the mark outside the database; none without a mark.
    pub marked: Option<i64>,
}

/// Against what the record is checked, beside what this installation keeps itself.
#[derive(Debug, Clone, Default)]
pub struct Against {
    /// The public key as it was written down elsewhere.
    pub key: Option<PublicKey>,
    /// Copies of checkpoints that were kept elsewhere.
    pub copies: Vec<PathBuf>,
}

impl AccessRecord {
    pub(super) fn checkpoint_folder(&self) -> PathBuf {
        self.pipeline.mark.with_file_name("checkpoints")
    }

    async fn checkpoint_files(&self) -> anyhow::Result<BTreeMap<i64, String>> {
        let folder = self.checkpoint_folder();
        on_disk(move || checkpoint::kept(&folder)).await.context("reading the checkpoints")
    }

    async fn checkpoint_key(&self) -> anyhow::Result<(CheckpointKey, PublicKey)> {
        let path = self.pipeline.mark.with_file_name("checkpoint.key");
        let key = on_disk(move || CheckpointKey::read_or_create(&path).with_context(|| format!("{}", path.display())))
            .await?;
        let public = PublicKey::of(&format!("earlypost/{}", self.pipeline.program.program_id), key.seed());
        Ok((key, public))
    }

    /// The public key that checks this installation's checkpoints. The secret one is made at its first use.
    ///
    /// # Errors
    /// When the key can be neither read nor made.
    pub async fn public_key(&self) -> anyhow::Result<PublicKey> {
        Ok(self.checkpoint_key().await?.1)
    }

    /// Signs the present head and writes it outside the database; gives its file.
    ///
    /// # Errors
    /// When the key cannot be read, the folder cannot be written, or the database refuses.
    pub async fn write_checkpoint(&self) -> anyhow::Result<PathBuf> {
        let (key, public) = self.checkpoint_key().await?;
        let folder = self.checkpoint_folder();
        let files = self.checkpoint_files().await?;
        let noted = self.pipeline.store.ledger().last_checkpoint(&public.id_text()).await?.map_or(0, |row| row.number);
        let number = noted.max(files.keys().next_back().copied().unwrap_or(0)) + 1;
        let (head, now) = (self.pipeline.store.ledger().ledger_head().await?, self.pipeline.now());
        let note = Checkpoint {
            origin: format!("earlypost/{}", self.pipeline.program.program_id),
            head: head.clone(),
            number,
            at: instant_text(now),
        }
        .sign(key.seed());
        // The file first: a checkpoint that the database does not know is still a good one.
        let hash = checkpoint::note_hash(&note);
        let to = folder.clone();
        on_disk(move || checkpoint::keep(&to, number, &note)).await.context("writing a checkpoint")?;
        self.pipeline.store.ledger().note_checkpoint(&public.id_text(), number, head.count, &hash, now).await?;
        Ok(folder.join(checkpoint::file_name(number)))
    }

    /// Writes a checkpoint if the record has grown since the last one; within a day only where `always`.
    ///
    /// # Errors
    /// As for [`Pipeline::write_checkpoint`].
    pub async fn checkpoint_if_due(&self, always: bool) -> anyhow::Result<Option<PathBuf>> {
        let (_, public) = self.checkpoint_key().await?;
        if let Some(last) = self.pipeline.store.ledger().last_checkpoint(&public.id_text()).await? {
            let (made, today) = (parse_instant(&last.at).map(|at| self.pipeline.day_of(at)), self.pipeline.clock_day());
            if last.entries == self.pipeline.store.ledger().ledger_head().await?.count
                || (!always && made.is_ok_and(|day| day >= today))
            {
                return Ok(None);
            }
        }
        self.write_checkpoint().await.map(Some)
    }

    /// Sets aside the checkpoints that a restored copy cannot meet: they speak of entries that it does not have. They
    /// stay in a folder of their own, so that the gap can be shown.
    ///
    /// # Errors
    /// When a file cannot be moved, or the database refuses.
    pub(in crate::pipeline) async fn set_aside_checkpoints(&self) -> anyhow::Result<usize> {
        let folder = self.checkpoint_folder();
        let public = self.public_key().await?;
        let day = self.pipeline.now().with_timezone(&self.pipeline.program.time_zone.0).format("%Y-%m-%d-%H%M%S");
        let aside = folder.join(format!("set-aside-{day}"));
        let mut moved = 0;
        for (number, note) in self.checkpoint_files().await? {
            let meets = match Checkpoint::open(&note, &public) {
                Ok(opened) if opened.head.count == 0 => true,
                Ok(opened) => {
                    self.pipeline.store.ledger().ledger_hash_at(opened.head.count).await? == Some(opened.head.hash)
                }
                // A forged one stays where `ledger verify` finds it.
                Err(_) => true,
            };
            if !meets {
                std::fs::create_dir_all(&aside).context("setting a checkpoint aside")?;
                let name = checkpoint::file_name(number);
                std::fs::rename(folder.join(&name), aside.join(&name)).context("setting a checkpoint aside")?;
                moved += 1;
            }
        }
        Ok(moved)
    }

    /// Checks the whole record: chain, personal parts, dispatches, mark, checkpoints; with `documents` every
    /// stored paper and answer.
    ///
    /// # Errors
    /// When a file or the database cannot be read. A fault is not an error but an answer.
    pub async fn verify(&self, documents: bool, against: &Against) -> anyhow::Result<Verified> {
        let marked = self.pipeline.read_mark().await?;
        let key = match &against.key {
            Some(key) => key.clone(),
            None => self.public_key().await?,
        };
        let found = self.checkpoints_seen(&key, &against.copies).await?;
        let checkpoints = found.as_ref().map_or(0, Vec::len);
        let heads = found.clone().unwrap_or_default();
        let seen = heads.into_iter().chain(marked.clone()).collect();
        let verdict = match self.pipeline.store.verification().verify_ledger_against(seen, documents).await? {
            Ok(head) => found.map(|_| head),
            Err(error) => Err(error),
        };
        Ok(Verified { verdict, checkpoints, marked: marked.map(|head| head.count) })
    }

    /// The heads of all checkpoints, or the first that is missing, forged or not the one that was written.
    async fn checkpoints_seen(
        &self,
        key: &PublicKey,
        copies: &[PathBuf],
    ) -> anyhow::Result<Result<Vec<Head>, ChainError>> {
        let files = self.checkpoint_files().await?;
        let noted = self.pipeline.store.ledger().checkpoints(&key.id_text()).await?;
        let mut heads = Vec::new();
        for (number, note) in &files {
            let fault = |says: String| Ok(Err(ChainError::Checkpoint { number: *number, says }));
            let opened = match Checkpoint::open(note, key) {
                Ok(opened) => opened,
                Err(error) => return fault(format!("its file is forged or damaged: {error}")),
            };
            if opened.number != *number {
                return fault(format!("its file is that of checkpoint {}, an older or another one", opened.number));
            }
            let row = noted.iter().find(|row| row.number == *number);
            if row.is_some_and(|row| row.note_hash != checkpoint::note_hash(note) || row.entries != opened.head.count) {
                return fault("its file is not the one that was written".to_owned());
            }
            heads.push(opened.head);
        }
        let last = noted.last().map(|row| row.number).max(files.keys().next_back().copied()).unwrap_or(0);
        if let Some(number) = (1..=last).find(|number| !files.contains_key(number)) {
            let says = "it was written, and its file is missing".to_owned();
            return Ok(Err(ChainError::Checkpoint { number, says }));
        }
        for path in copies {
            heads.push(read_copy(path, key)?.head);
        }
        Ok(Ok(heads))
    }
}

/// A copy of a checkpoint that somebody kept elsewhere.
fn read_copy(path: &Path, key: &PublicKey) -> anyhow::Result<Checkpoint> {
    let note = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    Checkpoint::open(&note, key).map_err(|error: NoteError| anyhow::anyhow!("{}: {error}", path.display()))
}
