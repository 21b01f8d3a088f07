//! The mark of the record of access outside the database: a restored copy is noticed before it sends.

use anyhow::Context;

use super::Pipeline;
use crate::{
    files::on_disk,
    ledger::{Head, installation_mark},
    store::SharedText,
};

pub use crate::ledger::installation_mark::Standing;

/// The mark's name in a bucket.
const SHARED_MARK: &str = "ledger.mark";

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
        Ok(installation_mark::standing(&head, mark.as_ref(), at_mark.as_deref()))
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

/// Why a database does not send, in words for a person.
impl std::fmt::Display for HeldInstallation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Standing::Same => f.write_str("nothing is held"),
            Standing::Behind { count, marked } => write!(
                f,
                "nothing is sent: the record of access ends at entry {count}, but entry {marked} was seen here before. This looks like \
                 an older copy of the database. If you restored it on purpose, run `earlypost release --installation --reason ...`"
            ),
            Standing::Unmarked { count } => write!(
                f,
                "nothing is sent: the database holds {count} entries, but this installation has never seen them. This looks like a copy \
                 from elsewhere. If it is yours, run `earlypost release --installation --reason ...`"
            ),
            Standing::Rewritten { marked } => write!(
                f,
                "nothing is sent: entry {marked} of the record of access is not the one that was seen here before. Run `earlypost ledger \
                 verify` and find out who changed it"
            ),
        }
    }
}

/// An installation that starts held.
#[derive(Debug, Clone, Copy)]
pub struct HeldInstallation(pub Standing);

impl std::error::Error for HeldInstallation {}
