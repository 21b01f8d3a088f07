//! `earlypost ledger`: the record of access, read and verified.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    case::ChildId,
    cli::{Exit, Global, ui},
    ledger::{ChainError, Event, NoteError, PublicKey},
    pipeline::{Against, Standing},
};

/// The record of access.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List entries: all of them by ids, or one child's with names. Looking at a child's is recorded.
    List {
        /// One child, with names and addresses.
        #[arg(long, value_name = "ID")]
        child: Option<ChildId>,
    },
    /// Check the whole record: order, bytes, personal parts, and the mark and checkpoints outside the database.
    ///
    /// Names the first bad entry and ends with 5 when something was changed, cut, put in or lost.
    Verify {
        /// Check every stored paper and answer too.
        #[arg(long)]
        documents: bool,
        /// The public key as you wrote it down (see `ledger key`), instead of the one in the data folder.
        #[arg(long, value_name = "KEY", value_parser = public_key)]
        key: Option<Box<PublicKey>>,
        /// A copy of a checkpoint that you kept elsewhere; may be given again.
        #[arg(long = "checkpoint", value_name = "FILE")]
        copies: Vec<PathBuf>,
    },
    /// Who received what, when, why, on what authority, with what result. Reading it is recorded.
    Report(Box<super::report::Args>),
    /// Everything that is known of one dispatch: timeline, hashes, answers. Reading it is recorded.
    Evidence(super::report::EvidenceArgs),
    /// Write a signed checkpoint now. Keep a copy of it elsewhere: it proves that nothing was cut off since.
    Checkpoint,
    /// Print the public key that checks the checkpoints. Write it down somewhere else.
    Key,
    /// Say that an entry is wrong. The entry stays; what you say stands beside it.
    Correct {
        /// The entry's number.
        entry: i64,
        /// What is wrong, and what is right.
        #[arg(long)]
        says: String,
    },
}

fn public_key(text: &str) -> Result<Box<PublicKey>, NoteError> {
    text.parse().map(Box::new)
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        What::List { child: None } => list(global).await,
        What::List { child: Some(child) } => of_child(child, global).await,
        What::Verify { documents, key, copies } => {
            verify(*documents, &Against { key: key.as_deref().cloned(), copies: copies.clone() }, global).await
        }
        What::Report(args) => super::report::report(args, global).await,
        What::Evidence(args) => super::report::evidence(args, global).await,
        What::Checkpoint => checkpoint(global).await,
        What::Key => key(global).await,
        What::Correct { entry, says } => correct(*entry, says, global).await,
    }
}

async fn checkpoint(global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let file = app.pipeline.access_record().write_checkpoint().await?;
            if global.json {
                ui::print_json(
                    &json!({ "file": file, "key": app.pipeline.access_record().public_key().await?.to_string() }),
                )?;
            } else if !global.quiet {
                println!("A checkpoint was written to {}. Keep a copy of it elsewhere.", file.display());
            }
            Ok(Exit::Done)
        })
        .await
}

async fn key(global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let key = app.pipeline.access_record().public_key().await?.to_string();
            if global.json {
                ui::print_json(&json!({ "key": key }))?;
            } else {
                println!("{key}");
            }
            Ok(Exit::Done)
        })
        .await
}

async fn correct(entry: i64, says: &str, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let seq = app.pipeline.access_record().correct_entry(entry, says, &app.actor).await?;
            app.pipeline.renew_mark().await?;
            if global.json {
                ui::print_json(&json!({ "entry": seq, "about": entry }))?;
            } else if !global.quiet {
                println!("Entry {seq} corrects entry {entry}, which stays as it is.");
            }
            Ok(Exit::Done)
        })
        .await
}

async fn list(global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let mut table = ui::table(&["entry", "when", "what"]);
            let mut rows = Vec::new();
            let access = app.pipeline.access_record();
            let mut entries = access.entries(&app.actor).await?;
            while let Some(page) = entries.next().await? {
                for (link, entry) in page {
                    if global.json {
                        let body: serde_json::Value = serde_json::from_str(&link.body)?;
                        rows.push(json!({"seq": link.seq, "at": link.at, "hash": link.hash, "entry": body}));
                    } else {
                        let to = entry.recipient.map(|r| format!(" to {r}")).unwrap_or_default();
                        let what = match entry.event {
                            Event::Disclosure | Event::Outcome | Event::AccessView => entry.outcome,
                            other => format!("{}: {}", other.as_str(), entry.outcome),
                        };
                        table.add_row([link.seq.to_string(), link.at, format!("child {}: {what}{to}", entry.child)]);
                    }
                }
            }
            if global.json {
                ui::print_json(&json!({ "entries": rows }))?;
            } else {
                println!("{table}");
            }
            Ok(Exit::Done)
        })
        .await
}

async fn of_child(child: &ChildId, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let rows = app.pipeline.access_record().entries_of(child, &app.actor).await?;
            if global.json {
                let rows: Vec<_> = rows
                    .iter()
                    .map(|r| json!({"seq": r.link.seq, "at": r.link.at, "entry": r.entry, "detail": r.detail}))
                    .collect();
                ui::print_json(&json!({ "child": child.to_string(), "entries": rows }))?;
            } else {
                let mut table =
                    ui::table(&["entry", "when", "who", "address", "what", "why", "on what authority", "result"]);
                for row in &rows {
                    let detail = row.detail.as_ref();
                    let destroyed = || "(destroyed)".to_owned();
                    table.add_row([
                        row.link.seq.to_string(),
                        row.link.at.clone(),
                        detail.map_or_else(destroyed, |d| d.recipient_name.clone()),
                        detail.map_or_else(destroyed, |d| d.address.clone()),
                        detail.map_or_else(destroyed, |d| d.records.clone()),
                        detail.map_or_else(destroyed, |d| d.purpose.clone()),
                        row.entry.basis.clone().unwrap_or_default(),
                        row.entry.outcome.clone(),
                    ]);
                }
                println!("{table}");
            }
            app.pipeline.renew_mark().await?;
            Ok(Exit::Done)
        })
        .await
}

async fn verify(documents: bool, against: &Against, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let verified = app.pipeline.access_record().verify(documents, against).await?;
            let first_bad = verified.verdict.as_ref().err().and_then(ChainError::first_bad);
            let verdict = match (verified.verdict, app.pipeline.standing().await?) {
                (Err(error), _) => Err(error.to_string()),
                (Ok(_), Standing::Unmarked { count }) => {
                    Err(format!("the record has {count} entries, but no mark of it was ever made here"))
                }
                (Ok(head), _) => Ok(head),
            };
            let marked = verified.marked.unwrap_or(0);
            match (&verdict, global.json) {
                (_, true) => ui::print_json(&json!({
                    "clean": verdict.is_ok(), "entries": verdict.as_ref().map(|h| h.count).ok(), "marked": marked,
                    "checkpoints": verified.checkpoints, "says": verdict.as_ref().err(), "first_bad": first_bad,
                }))?,
                (Ok(head), false) => {
                    println!(
                        "The record of access is clean: {} entries, the mark stands at {marked}, {} checkpoints agree.",
                        head.count, verified.checkpoints
                    );
                }
                (Err(says), false) => eprintln!("earlypost: {says}"),
            }
            Ok(if verdict.is_ok() { Exit::Done } else { Exit::FaultFound })
        })
        .await
}
