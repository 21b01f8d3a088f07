//! Import: everything good is taken, everything wrong is named, and a refused record holds its child.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use chrono::NaiveDate;
use futures_util::{StreamExt, stream::FuturesOrdered};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{kept_back::enter_kept_back, record_facts::StoppedLine};
use crate::{
    actor::{Actor, Permission},
    case::{
        ChildId, Fact,
        import::{Caseload, Problem, Refused, Rules, Source, Taken, not_final, number_taken},
    },
    document::can_print,
    pipeline::{Progress, intake::Intake},
    store::{ImportOutcome, StoreError},
};

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Children that were not known.
    pub new: usize,
    pub changed: usize,
    /// Records that were the same as before.
    pub same: usize,
    /// Records that were not taken.
    pub refused: Vec<RefusedRecord>,
    /// What plans lack that are marked final and were taken in as not final.
    pub not_final: Vec<Problem>,
    /// What was being sent when the records were taken, and would not go by them.
    pub on_its_way: Vec<StoppedLine>,
    /// What is odd about records that were taken in, new or changed: a task asks about each.
    pub to_check: Vec<Problem>,
    /// Children whose records name brothers or sisters: those may come later.
    siblings: Vec<ChildId>,
    /// Records whose program number another child has, whose own record may come later with a new one.
    numbers: Vec<(Source, Arc<Taken>)>,
}

/// Records that are on their way into the database at once: it works on some while others are read.
const AT_ONCE: usize = 4;

impl ImportReport {
    async fn add_next(
        &mut self,
        running: &mut FuturesOrdered<impl Future<Output = anyhow::Result<Self>>>,
        progress: &dyn Progress,
    ) -> anyhow::Result<()> {
        if let Some(one) = running.next().await {
            self.add(one?);
            progress.step();
        }
        Ok(())
    }

    fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.same += other.same;
        self.refused.extend(other.refused);
        self.not_final.extend(other.not_final);
        self.to_check.extend(other.to_check);
        self.siblings.extend(other.siblings);
        self.numbers.extend(other.numbers);
    }
}

/// A record that was not taken.
#[derive(Debug, Clone)]
pub struct RefusedRecord {
    /// The child, where it could be read.
    pub child_id: Option<ChildId>,
    /// Whether the child was known, and its sends are held now.
    pub holds: bool,
    pub problems: Vec<Problem>,
}

impl Intake {
    /// Takes a caseload folder. A child missing from it has not ended.
    ///
    /// # Errors
    /// When the folder itself cannot be read, or the database refuses. A wrong record is no error: it is
    /// in the report, and the rest goes on.
    pub async fn import(&self, folder: &Path, progress: &dyn Progress, by: &Actor) -> anyhow::Result<ImportReport> {
        self.pipeline.authority().allow(by, Permission::SeeBoards)?;
        let caseload = Caseload::open(folder, can_print)?;
        self.pipeline.store.children().import_directory(&caseload.directory, self.pipeline.now()).await?;
        let mut report = ImportReport::default();
        progress.stage("import", 0);
        let (mut records, reading) = read_ahead(caseload, self.pipeline.day());
        let mut running = FuturesOrdered::new();
        while let Some((source, read)) = records.recv().await {
            // A refused record may be the second of a child: the first is in before it holds the child.
            let most = if read.is_ok() { AT_ONCE - 1 } else { 0 };
            while running.len() > most {
                report.add_next(&mut running, progress).await?;
            }
            match read {
                // Boxed: it holds a whole record, and every run would carry that much.
                Ok(taken) => running.push_back(Box::pin(self.take(Arc::new(taken), source, false))),
                Err(refused) => {
                    report.add(self.refuse(*refused, &source).await?);
                    progress.step();
                }
            }
        }
        while !running.is_empty() {
            report.add_next(&mut running, progress).await?;
        }
        reading.await.context("the caseload was not read to its end")?;
        for (source, taken) in std::mem::take(&mut report.numbers) {
            report.add(self.take(taken, source, true).await?);
        }
        let siblings = std::mem::take(&mut report.siblings);
        report.to_check.extend(self.look_at_siblings(siblings).await?);
        report.on_its_way = self.on_its_way(|_| true).await?;
        Ok(report)
    }

    /// Takes a record, at `last` when every other one has been taken.
    async fn take(&self, taken: Arc<Taken>, source: Source, last: bool) -> anyhow::Result<ImportReport> {
        let record = &taken.record;
        let name = source.row.map_or_else(|| source.file.clone(), |row| format!("{}:{row}", source.file));
        let mut report = ImportReport::default();
        match self.pipeline.store.children().import_child(record, &name, self.pipeline.now()).await {
            Ok(ImportOutcome::Destroyed) => {
                let says = "this child's record was destroyed here (34 CFR 303.416); take the file out of the caseload";
                let problem = Problem { row: source.row, ..Problem::of_file(&source.file, says) };
                let child_id = Some(record.child_id.clone());
                report.refused.push(RefusedRecord { child_id, holds: false, problems: vec![problem] });
                return Ok(report);
            }
            Ok(ImportOutcome::NumberTaken { .. }) if !last => {
                report.numbers.push((source, Arc::clone(&taken)));
                return Ok(report);
            }
            Ok(ImportOutcome::NumberTaken { by }) => {
                let problems = vec![number_taken(&source, record, &by)];
                return self.refuse(Refused { child_id: Some(record.child_id.clone()), problems }, &source).await;
            }
            Ok(ImportOutcome::New) => report.new = 1,
            Ok(ImportOutcome::Changed) => report.changed = 1,
            Ok(ImportOutcome::Same) => report.same = 1,
            Err(error @ StoreError::VersionChanged { .. }) => {
                let says = error.to_string();
                let StoreError::VersionChanged { ifsp_id, version } = error else { unreachable!("matched above") };
                let field = match record.place_of_version(&ifsp_id, version) {
                    Some(place) => format!("ifsps[{place}]"),
                    None => "ifsps".to_owned(),
                };
                let problem = Problem { row: source.row, field, ..Problem::of_file(&source.file, says) };
                let refused = Refused { child_id: Some(record.child_id.clone()), problems: vec![problem] };
                return self.refuse(refused, &source).await;
            }
            Err(error) => return Err(error.into()),
        }
        report.not_final = not_final(&source, record);
        if report.same > 0 {
            return Ok(report);
        }
        let facts = self.pipeline.child_facts(&record.child_id).await?;
        let mut asked = self.asks(record, &facts.recorded);
        report.to_check = self.asks_to_check(&taken, &source, &mut asked).await?;
        self.pipeline.store.service().keep_tasks(&record.child_id, &asked, self.pipeline.now()).await?;
        if !record.child.siblings_in_program.is_empty() {
            report.siblings.push(record.child_id.clone());
            report.siblings.extend(record.child.siblings_in_program.iter().cloned());
        }
        let itself = Actor::service("import");
        enter_kept_back(&self.pipeline, record, &itself).await?;
        self.after_a_death(&facts, &itself).await?;
        self.after_a_siblings_death(record, &itself).await?;
        Ok(report)
    }

    /// The refused record of a known child holds that child's sends: it may hold the revocation.
    async fn refuse(&self, mut refused: Refused, source: &Source) -> anyhow::Result<ImportReport> {
        let mut holds = false;
        // An empty or unreadable file names nobody, but whose record it held is known. Lines of one file move.
        if refused.child_id.is_none() && source.row.is_none() {
            refused.child_id = self.pipeline.store.children().child_of_source(&source.file).await?;
        }
        if let Some(child_id) = &refused.child_id {
            match self.pipeline.store.children().child(child_id).await {
                Ok(row) => {
                    holds = true;
                    if row.recorded.record_refused.is_none() {
                        self.pipeline
                            .store
                            .children()
                            .record_fact(child_id, &Fact::RecordRefused, "import", self.pipeline.now())
                            .await?;
                    }
                    let says = "The last imported record of this child was refused. Correct it and import again, or look at it and release the child.";
                    self.pipeline
                        .store
                        .service()
                        .open_task(Some(child_id), "record-refused", "record", says, self.pipeline.now())
                        .await?;
                }
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let refused = RefusedRecord { child_id: refused.child_id, holds, problems: refused.problems };
        Ok(ImportReport { refused: vec![refused], ..ImportReport::default() })
    }
}

/// A record as it was read, or what is wrong with it.
type ReadRecord = (Source, Result<Taken, Box<Refused>>);

/// Reads records and looks them through while the database takes those before them.
fn read_ahead(caseload: Caseload, today: NaiveDate) -> (mpsc::Receiver<ReadRecord>, JoinHandle<()>) {
    let (ready, records) = mpsc::channel(AT_ONCE);
    let reading = tokio::task::spawn_blocking(move || {
        let rules = Rules { today, directory: &caseload.directory, printable: can_print };
        for record in caseload.records(&rules) {
            // Nobody takes the rest when the database has refused one.
            if ready.blocking_send(record).is_err() {
                break;
            }
        }
    });
    (records, reading)
}
