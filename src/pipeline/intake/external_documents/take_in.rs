//! Takes in a paper made elsewhere: looked at, kept byte for byte, recorded, and what it settles settled.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::signatures::{Next, Signed};
use crate::{
    actor::{Actor, Permission},
    case::{ChildId, Date, Fact, FiledBytes, FiledId, FiledKind, FiledPaper, PersonId},
    disclosure::{NameHit, Roster},
    document::external::{Examined, FiledFault},
    hint::{Field, Hint},
    pipeline::{
        StoppedLine,
        child_facts::ChildFacts,
        intake::{ExternalDocuments, record_facts::Besides},
        siblings::Siblings,
    },
    store::{NewTask, new_id},
};

/// What a person says about a paper that is taken in.
#[derive(Debug, Clone)]
pub struct FileIn {
    /// Whose it is.
    pub child_id: ChildId,
    /// What it is.
    pub kind: FiledKind,
    /// The date on the paper.
    pub on: Date,
    /// Who signed it.
    pub signed_by: Option<PersonId>,
    /// What it is about: a request, a plan's version as `PLAN/VERSION`, a release.
    pub about: Option<String>,
    /// The parent said no.
    pub declined: bool,
    /// A person has looked at every page: all of it is about this child and no other.
    pub confirmed: Option<ChildId>,
}

/// A paper that was taken in.
#[derive(Debug, Clone, Serialize)]
pub struct TakenIn {
    /// What is on file now.
    pub paper: FiledPaper,
    /// What it settled, or what is to be done next, in words.
    pub says: Vec<String>,
    /// Dispatches that do not go because of it.
    pub stopped: Vec<StoppedLine>,
}

/// Why a paper was not taken in. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum NotTakenIn {
    /// It is no paper that can be taken in.
    #[error("the paper is not taken in: {0}")]
    Fault(#[from] FiledFault),
    /// The date lies ahead.
    #[error(
        "the paper is not taken in: {date} {0} lies in the future; give the date that stands on the paper",
        date = Field::Date
    )]
    Ahead(Date),
    /// It names another child.
    #[error(
        "the paper is not taken in: it names another child of the program ({0}). Take the other child's pages out; or, if the \
         name belongs there, look at every page and add {confirm} {1}",
        confirm = Field::ConfirmChild
    )]
    OtherChild(String, ChildId),
    /// Nobody can tell whose it is.
    #[error(
        "the paper is not taken in: {0}. Look at every page; if all of it is about this child and no other, add \
         {confirm} {1}",
        confirm = Field::ConfirmChild
    )]
    WhoseIsIt(String, ChildId),
    /// A person named one child to take it in for, and another to confirm.
    #[error(
        "the paper is not taken in: {child} and {confirm} name two children; which of them is it about?",
        child = Field::Child,
        confirm = Field::ConfirmChild
    )]
    TwoChildren,
    /// It is there already.
    #[error("the paper is not taken in: the same file is on file already, as paper {0}")]
    Already(FiledId),
    /// The same file is another child's.
    #[error(
        "the paper is not taken in: the same file is on file for another child ({0}). If it was put there by mistake, run \
         {withdraw} first",
        withdraw = Hint::WithdrawFiled
    )]
    OtherChilds(ChildId),
    /// What is said about it does not fit the record.
    #[error("the paper is not taken in: {0}")]
    DoesNotFit(String),
}

impl ExternalDocuments {
    /// Takes a paper in.
    ///
    /// # Errors
    /// [`NotTakenIn`] with what to do; or when the database or disk refuses.
    pub async fn file_in(&self, file: &[u8], ask: &FileIn, by: &Actor) -> anyhow::Result<TakenIn> {
        self.pipeline.authority().allow_for(by, Permission::FileDocument, &ask.child_id).await?;
        let facts = self.pipeline.child_facts(&ask.child_id).await?;
        if *ask.on > self.pipeline.day() {
            return Err(NotTakenIn::Ahead(ask.on).into());
        }
        if ask.confirmed.as_ref().is_some_and(|child| child != &ask.child_id) {
            return Err(NotTakenIn::TwoChildren.into());
        }
        let paper_id = FiledId::parse(new_id(self.pipeline.now()))?;
        let signed = Signed::of(&facts, ask, &paper_id).map_err(NotTakenIn::DoesNotFit)?;
        let sha256 = hex::encode(Sha256::digest(file));
        self.not_on_file(&facts, &sha256, ask.kind).await?;
        let found = self.pipeline.renderer.examine(file).await.map_err(NotTakenIn::Fault)?;
        let roster = Roster::new(self.pipeline.store.children().roster().await?);
        let siblings = Siblings::of(&self.pipeline, &facts, None).await?;
        one_child(&facts, ask, (&roster, &siblings), &found)?;
        let paper = FiledPaper {
            paper_id,
            kind: ask.kind,
            on: ask.on,
            pages: u32::try_from(found.words.pages.len()).unwrap_or(u32::MAX),
            unread: found.words.unread(),
            confirmed: ask.confirmed.is_some(),
            original: self.keep_bytes(&ask.child_id, file).await?,
            copy: self.keep_bytes(&ask.child_id, &found.copy).await?,
            words: self.keep_bytes(&ask.child_id, &serde_json::to_vec(&found.words)?).await?.body,
            taken_out: found.taken_out,
            settles: signed.settles,
        };
        // The bytes are kept before: nothing points to them until the paper is on file, and then all that it settles is.
        let facts: Vec<Fact> =
            [Fact::PaperFiled { paper: Box::new(paper.clone()) }].into_iter().chain(signed.facts).collect();
        let subject = format!("paper {}", paper.paper_id);
        let task = signed.task.map(|Next { kind, says }| NewTask { kind, subject, says });
        let besides = Besides { opens: task.into_iter().collect(), ..Besides::default() };
        let stopped = self.pipeline.intake().record_act(&ask.child_id, &facts, besides, by).await?;
        Ok(TakenIn { paper, says: signed.says, stopped })
    }

    async fn not_on_file(&self, facts: &ChildFacts, sha256: &str, kind: FiledKind) -> anyhow::Result<()> {
        if let Some(same) = facts.recorded.filed.values().find(|paper| paper.original.sha256 == sha256) {
            return Err(NotTakenIn::Already(same.paper_id.clone()).into());
        }
        // A state's form is the same file for every child.
        if kind == FiledKind::OfficialForm {
            return Ok(());
        }
        for child in self.pipeline.store.children().children_with_fact_about(sha256).await? {
            if child == facts.record.child_id {
                continue;
            }
            let there = self.pipeline.store.children().child(&child).await?.recorded.filed;
            if there.values().any(|paper| paper.original.sha256 == sha256) {
                return Err(NotTakenIn::OtherChilds(child).into());
            }
        }
        Ok(())
    }

    async fn keep_bytes(&self, child_id: &ChildId, bytes: &[u8]) -> anyhow::Result<FiledBytes> {
        let body = self.pipeline.store.bodies().keep_body(child_id, bytes, self.pipeline.now()).await?;
        Ok(FiledBytes { sha256: hex::encode(Sha256::digest(bytes)), body, bytes: bytes.len() as u64 })
    }
}

/// The paper is this child's and no other's: its words say so, or a person does.
fn one_child(
    facts: &ChildFacts,
    ask: &FileIn,
    (roster, siblings): (&Roster, &Siblings),
    found: &Examined,
) -> Result<(), NotTakenIn> {
    if ask.confirmed.is_some() {
        return Ok(());
    }
    let record = &facts.record;
    let words = &found.words;
    let mut texts = words.texts();
    // What the copy leaves out stays in the file that is kept.
    texts.push(found.left_out.clone());
    let strangers: Vec<NameHit> = siblings.hits(roster, facts, &texts).into_iter().filter(|hit| !hit.near).collect();
    if !strangers.is_empty() {
        let pages = words.pages.len();
        let place = |hit: &NameHit| {
            if hit.page > pages { "beside the pages".to_owned() } else { format!("page {}", hit.page) }
        };
        let mut places: Vec<String> = strangers.iter().map(place).collect();
        places.dedup();
        return Err(NotTakenIn::OtherChild(places.join(", "), record.child_id.clone()));
    }
    let unread = words.unread();
    if !unread.is_empty() {
        let pages = unread.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let says = format!(
            "no machine can read page {pages} (a scan or a picture without text, or letters that are not what they look like), so \
             nobody knows whose it is"
        );
        return Err(NotTakenIn::WhoseIsIt(says, record.child_id.clone()));
    }
    let name = &record.child.legal_name;
    let called = format!("{} {}", record.child.called(), name.last);
    let names = [name.full(), called, format!("{}, {}", name.last, name.first), record.program_number.to_string()];
    if Roster::names_any(&texts, &names) {
        return Ok(());
    }
    let says = "neither the child's name nor its program number stands on it".to_owned();
    Err(NotTakenIn::WhoseIsIt(says, record.child_id.clone()))
}
