//! Import: everything good is taken, everything wrong is named, and a refused record holds its child.

use std::path::Path;

use super::{Pipeline, Progress};
use crate::{
    case::{
        CaseRecord, ChildId, Fact,
        import::{Caseload, Problem, Refused, Rules, Source, not_final},
    },
    document::can_print,
    store::{ImportOutcome, StoreError},
};

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Children that were not known.
    pub new: usize,
    /// Changed records.
    pub changed: usize,
    /// Records that were the same as before.
    pub same: usize,
    /// Records that were not taken.
    pub refused: Vec<RefusedRecord>,
    /// What plans lack that are marked final and were taken in as not final.
    pub not_final: Vec<Problem>,
}

/// A record that was not taken.
#[derive(Debug, Clone)]
pub struct RefusedRecord {
    /// The child, where it could be read.
    pub child_id: Option<ChildId>,
    /// Whether the child was known, and its sends are held now.
    pub holds: bool,
    /// Everything wrong.
    pub problems: Vec<Problem>,
}

impl Pipeline {
    /// Takes a caseload folder. A child missing from it has not ended.
    ///
    /// # Errors
    /// When the folder itself cannot be read, or the database refuses. A wrong record is no error: it is
    /// in the report, and the rest goes on.
    pub async fn import(&self, folder: &Path, progress: &dyn Progress) -> anyhow::Result<ImportReport> {
        let caseload = Caseload::open(folder, can_print)?;
        self.store.import_directory(&caseload.directory, self.now()).await?;
        let rules = Rules { today: self.day(), directory: &caseload.directory, printable: can_print };
        let mut report = ImportReport::default();
        progress.stage("import", 0);
        for (source, read) in caseload.records(&rules) {
            match read {
                // Boxed: it holds a whole record, and every run would carry that much.
                Ok(record) => Box::pin(self.take(&record, &source, &mut report)).await?,
                Err(refused) => self.refuse(*refused, &source, &mut report).await?,
            }
            progress.step();
        }
        Ok(report)
    }

    async fn take(&self, record: &CaseRecord, source: &Source, report: &mut ImportReport) -> anyhow::Result<()> {
        if self.was_destroyed(&record.child_id).await? {
            let says = "this child's record was destroyed here (34 CFR 303.416); take the file out of the caseload";
            let problem = Problem { row: source.row, ..Problem::of_file(&source.file, says) };
            let child_id = Some(record.child_id.clone());
            report.refused.push(RefusedRecord { child_id, holds: false, problems: vec![problem] });
            return Ok(());
        }
        let name = source.row.map_or_else(|| source.file.clone(), |row| format!("{}:{row}", source.file));
        let outcome = self.store.import_child(record, &name, self.now()).await;
        if outcome.is_ok() {
            report.not_final.extend(not_final(source, record));
        }
        match outcome {
            Ok(ImportOutcome::New) => report.new += 1,
            Ok(ImportOutcome::Same) => {
                report.same += 1;
                return Ok(());
            }
            Ok(ImportOutcome::Changed) => report.changed += 1,
            Err(error @ StoreError::VersionChanged { .. }) => {
                let says = error.to_string();
                let StoreError::VersionChanged { ifsp_id, version } = error else { unreachable!("matched above") };
                let field = match record.place_of_version(&ifsp_id, version) {
                    Some(place) => format!("ifsps[{place}]"),
                    None => "ifsps".to_owned(),
                };
                let problem = Problem { row: source.row, field, ..Problem::of_file(&source.file, says) };
                let refused = Refused { child_id: Some(record.child_id.clone()), problems: vec![problem] };
                return self.refuse(refused, source, report).await;
            }
            Err(error) => return Err(error.into()),
        }
        let row = self.store.child(&record.child_id).await?;
        self.store.keep_tasks(&record.child_id, &self.asks(record, &row.recorded), self.now()).await?;
        self.after_a_death(&self.child_facts(&record.child_id).await?, "import").await?;
        self.after_a_siblings_death(record, "import").await
    }

    /// The refused record of a known child holds that child's sends: it may hold the revocation.
    async fn refuse(&self, mut refused: Refused, source: &Source, report: &mut ImportReport) -> anyhow::Result<()> {
        let mut holds = false;
        // An empty or unreadable file names nobody, but whose record it held is known. Lines of one file move.
        if refused.child_id.is_none() && source.row.is_none() {
            refused.child_id = self.store.child_of_source(&source.file).await?;
        }
        if let Some(child_id) = &refused.child_id {
            match self.store.child(child_id).await {
                Ok(row) => {
                    holds = true;
                    if row.recorded.record_refused.is_none() {
                        self.store.record_fact(child_id, &Fact::RecordRefused, "import", self.now()).await?;
                    }
                    let says = "The last imported record of this child was refused. Correct it and import again, or look at it and release the child.";
                    self.store.open_task(Some(child_id), "record-refused", "record", says, self.now()).await?;
                }
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        report.refused.push(RefusedRecord { child_id: refused.child_id, holds, problems: refused.problems });
        Ok(())
    }
}
