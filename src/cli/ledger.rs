//! `earlypost ledger`: the record of access, read and verified.

use serde_json::json;

use super::{Exit, Global, screen, who};
use crate::{
    case::ChildId,
    ledger::{ChainError, mark},
    pipeline::Standing,
};

/// The record of access.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
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
    /// Check the whole record: order, bytes, personal parts, and the mark outside the database.
    Verify {
        /// Check every stored paper too.
        #[arg(long)]
        documents: bool,
    },
}

pub(super) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        What::List { child: None } => list(global).await,
        What::List { child: Some(child) } => of_child(child, global).await,
        What::Verify { documents } => verify(*documents, global).await,
    }
}

async fn list(global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let mut table = screen::table(&["entry", "when", "what"]);
    let mut rows = Vec::new();
    let mut after = 0;
    loop {
        let links = app.pipeline.store.ledger_links(after, 500).await?;
        let Some(last) = links.last() else { break };
        after = last.seq;
        for link in links {
            if global.json {
                let body: serde_json::Value = serde_json::from_str(&link.body)?;
                rows.push(json!({"seq": link.seq, "at": link.at, "hash": link.hash, "entry": body}));
            } else {
                let entry: crate::ledger::Entry = serde_json::from_str(&link.body)?;
                let to = entry.recipient.map(|r| format!(" to {r}")).unwrap_or_default();
                table.add_row([link.seq.to_string(), link.at, format!("child {}: {}{to}", entry.child, entry.outcome)]);
            }
        }
    }
    if global.json {
        screen::print_json(&json!({ "entries": rows }))?;
    } else {
        println!("{table}");
    }
    Ok(Exit::Done)
}

async fn of_child(child: &ChildId, global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let rows = app.pipeline.store.ledger_of(child).await?;
    if global.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|r| json!({"seq": r.link.seq, "at": r.link.at, "entry": r.entry, "detail": r.detail}))
            .collect();
        screen::print_json(&json!({ "child": child.to_string(), "entries": rows }))?;
    } else {
        let mut table =
            screen::table(&["entry", "when", "who", "address", "what", "why", "on what authority", "result"]);
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
    app.pipeline.record_access(child, None, Vec::new(), &who()).await?;
    app.pipeline.renew_mark().await?;
    Ok(Exit::Done)
}

async fn verify(documents: bool, global: &Global) -> anyhow::Result<Exit> {
    let (config, app) = global.app(false).await?;
    let verdict = match app.pipeline.store.verify_ledger(documents).await? {
        Ok(head) => match app.pipeline.standing().await? {
            Standing::Same => Ok(head),
            Standing::Behind { count, marked } => Err(ChainError::Truncated { count, marked }.to_string()),
            Standing::Rewritten { marked } => Err(ChainError::Rewritten(marked).to_string()),
            Standing::Unmarked { count } => {
                Err(format!("the record has {count} entries, but no mark of it was ever made here"))
            }
        },
        Err(error) => Err(error.to_string()),
    };
    let mark = mark::read(&config.mark_path())?.map_or(0, |m| m.count);
    match (&verdict, global.json) {
        (_, true) => screen::print_json(&json!({
            "clean": verdict.is_ok(), "entries": verdict.as_ref().map(|h| h.count).ok(), "marked": mark, "says": verdict.as_ref().err(),
        }))?,
        (Ok(head), false) => {
            println!("The record of access is clean: {} entries, the mark stands at {mark}.", head.count);
        }
        (Err(says), false) => eprintln!("earlypost: {says}"),
    }
    Ok(if verdict.is_ok() { Exit::Done } else { Exit::FaultFound })
}
