//! What a run did, and what waits for a person: lines for tables and JSON.

use serde::Serialize;

use crate::{
    actor::{Actor, Permission},
    dispatch::StateName,
    due::PaperKind,
    hint::{Field, Hint},
    pipeline::{Balance, ImportReport, OwedLine, operations::Operations},
    store::{DispatchRow, PullRow},
};

/// A paper of a dispatch, for tables and JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentLine {
    pub kind: String,
    /// SHA-256 of the PDF; none where nothing was rendered.
    pub sha256: Option<String>,
    pub pages: Option<u32>,
}

/// A dispatch, for tables and JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DispatchLine {
    pub id: String,
    /// The child's id.
    pub child: String,
    /// The recipient's id.
    pub recipient: String,
    /// Channel; none where it is not decided.
    pub channel: Option<String>,
    pub state: String,
    pub reason: Option<String>,
    pub documents: Vec<DocumentLine>,
    /// Where it answers for several duties: those after the first one, which travel in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<OwedLine>,
}

impl From<&DispatchRow> for DispatchLine {
    fn from(row: &DispatchRow) -> Self {
        // Items stand in the order of the envelope: it may hold two papers of one kind.
        let rendered = |place: usize| row.packet.as_ref().and_then(|p| p.items.get(place));
        Self {
            id: row.dispatch_id.clone(),
            child: row.envelope.child_id.to_string(),
            recipient: row.envelope.recipient.to_string(),
            channel: row.channel.clone(),
            state: row.state.to_string(),
            reason: row.reason.map(|reason| reason.code().to_owned()),
            shared: OwedLine::of(&row.envelope).skip(1).collect(),
            documents: row
                .envelope
                .contents()
                .enumerate()
                .map(|(place, (kind, _))| {
                    let item = rendered(place);
                    DocumentLine {
                        kind: kind.to_string(),
                        sha256: item.map(|i| i.sha256.clone()),
                        pages: item.map(|i| i.pages),
                    }
                })
                .chain(
                    row.packet
                        .iter()
                        .flat_map(|p| &p.items)
                        .filter(|item| matches!(item.document, PaperKind::Enclosed(_) | PaperKind::State(_)))
                        .map(|item| DocumentLine {
                            kind: item.document.to_string(),
                            sha256: Some(item.sha256.clone()),
                            pages: Some(item.pages),
                        }),
                )
                .collect(),
        }
    }
}

/// Something that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingLine {
    /// The dispatch or task.
    pub id: String,
    /// The child's id.
    pub child: Option<String>,
    pub recipient: Option<String>,
    /// State or kind.
    pub what: String,
    /// Why, in a sentence.
    pub why: String,
    /// The one next step.
    pub next_step: String,
}

/// What a run did.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// The day that counted.
    pub as_of: String,
    pub balance: Balance,
    /// The dispatches of the balance.
    pub dispatches: Vec<DispatchLine>,
    /// What the import did, where there was one.
    pub import: Option<ImportReport>,
    /// Channels that are wrong, with their words.
    pub paused: Vec<(&'static str, String)>,
    /// What waits for a person.
    pub waiting: Vec<WaitingLine>,
    /// Envelopes offered to a channel in this run.
    pub attempts: u64,
    /// Why nothing was sent, where the installation is held.
    pub held_because: Option<String>,
}

impl Operations {
    /// Everything that waits for a person, with the one next step.
    pub async fn waiting(&self, by: &Actor) -> anyhow::Result<Vec<WaitingLine>> {
        let sight = self.pipeline.authority().sight(by, Permission::SeeBoards).await?;
        let mut lines = Vec::new();
        // An import or a new fact may have come after the last tick: nobody is told to mail what it forbids.
        let pull = self.pipeline.print_room().not_to_be_mailed().await?;
        for pulled in &pull {
            lines.push(self.pull_line(pulled).await?);
        }
        let listed = |row: &DispatchRow| pull.iter().any(|p| p.dispatch.dispatch_id == row.dispatch_id);
        lines.extend(
            self.pipeline.store.monitoring().waiting().await?.iter().filter(|row| !listed(row)).map(waiting_line),
        );
        lines.extend(self.pipeline.store.service().tasks().await?.into_iter().map(|task| WaitingLine {
            id: task.task_id,
            child: task.child_id,
            recipient: None,
            what: task.kind,
            why: task.subject,
            next_step: task.says,
        }));
        lines.retain(|line| line.child.as_ref().is_none_or(|child| sight.sees(child)));
        Ok(lines)
    }

    /// A letter that must not be mailed: the loudest line of every list.
    async fn pull_line(&self, pulled: &PullRow) -> anyhow::Result<WaitingLine> {
        let row = &pulled.dispatch;
        let place =
            self.pipeline.intake().place_in_stack(row).await?.unwrap_or_else(|| "in the print folder".to_owned());
        Ok(WaitingLine {
            id: row.dispatch_id.clone(),
            child: Some(row.envelope.child_id.to_string()),
            recipient: Some(row.envelope.recipient.to_string()),
            what: PULL.to_owned(),
            why: format!("{} It lies {place}.", pulled.refusal),
            next_step: format!(
                "Take it out of the stack, then run {}.",
                Hint::MarkPulled { dispatch: Some(row.dispatch_id.clone()) }
            ),
        })
    }
}

/// What a line says of a letter that must not be mailed.
pub const PULL: &str = "do not mail";

fn waiting_line(row: &DispatchRow) -> WaitingLine {
    let dispatch = || Some(row.dispatch_id.clone());
    let (why, next_step) = match (row.state, row.reason) {
        (_, Some(reason)) => {
            let why =
                row.detail.as_ref().map_or_else(|| reason.says().to_owned(), |d| format!("{} ({d})", reason.says()));
            (why, reason.next_step())
        }
        (StateName::Printed, None) => (
            "It is printed and not yet mailed.".to_owned(),
            format!("Mail it, then run {}.", Hint::MarkMailed { dispatch: dispatch() }),
        ),
        (StateName::Unknown, None) => (
            "Bytes may have left and no answer came.".to_owned(),
            format!(
                "Ask the recipient, then run {} with {} or {}.",
                Hint::Resolve { dispatch: dispatch() },
                Field::Arrived,
                Field::NotArrived
            ),
        ),
        (_, None) => (
            "The next hand refused it.".to_owned(),
            format!(
                "See why with {}, call the recipient, then resend or regenerate it.",
                Hint::ShowDispatch { dispatch: dispatch() }
            ),
        ),
    };
    WaitingLine {
        id: row.dispatch_id.clone(),
        child: Some(row.envelope.child_id.to_string()),
        recipient: Some(row.envelope.recipient.to_string()),
        what: row.state.to_string(),
        why,
        next_step,
    }
}
