//! `earlypost show`: one dispatch, its life and the answers; with `--pdf` the exact bytes that went.

use std::path::PathBuf;

use serde_json::json;

use super::{Exit, Global, screen, who};
use crate::{dispatch::file::write_whole, ledger::EntryItem, pipeline::DispatchLine};

/// Shows one dispatch.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dispatch's id.
    dispatch: String,
    /// Write its papers, the exact bytes: the first to FILE, further ones beside it with a number. Recorded.
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
}

pub(super) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let store = &app.pipeline.store;
    let row = store.dispatch(&args.dispatch).await?;
    let history = store.history(&args.dispatch).await?;
    let attempts = store.attempts(&args.dispatch).await?;
    let mut replies = Vec::new();
    for attempt in &attempts {
        let evidence = store.evidence(&row.envelope.child_id, &args.dispatch, attempt.attempt).await?;
        replies.push(evidence.map(|e| e.reply).unwrap_or_default());
    }
    if global.json {
        let attempts: Vec<_> = attempts
            .iter()
            .zip(&replies)
            .map(|(a, reply)| {
                json!({"attempt": a.attempt, "channel": a.channel, "endpoint": a.endpoint_id, "started_at": a.started_at,
                       "settled_at": a.settled_at, "outcome": a.outcome, "reply": reply})
            })
            .collect();
        let history: Vec<_> = history.iter().map(|h| json!({"at": h.at, "state": h.state, "why": h.why})).collect();
        screen::print_json(&json!({
            "dispatch": DispatchLine::from(&row), "obligation": row.envelope.obligation.as_str(), "history": history, "attempts": attempts,
        }))?;
    } else if !global.quiet {
        println!(
            "{} for child {} to {}: {}",
            row.envelope.obligation.title(),
            row.envelope.child_id,
            row.envelope.recipient,
            row.state
        );
        if let Some(reason) = row.reason {
            println!("{} {}", reason.says(), reason.next_step());
        }
        if let Some(packet) = &row.packet {
            for item in &packet.items {
                println!("  {} ({} pages), SHA-256 {}", item.document.title(), item.pages, item.sha256);
            }
        }
        for step in &history {
            println!("  {}  {:<10} {}", step.at, step.state, step.why);
        }
        for (attempt, reply) in attempts.iter().zip(&replies) {
            println!(
                "  attempt {} by {}: {}",
                attempt.attempt,
                attempt.channel,
                attempt.outcome.as_deref().unwrap_or("not settled")
            );
            for line in reply.lines() {
                println!("      {line}");
            }
        }
    }
    if let Some(path) = &args.pdf {
        let packet = row.packet.as_ref().ok_or_else(|| anyhow::anyhow!("nothing was rendered for this dispatch"))?;
        for (i, item) in packet.items.iter().enumerate() {
            let bytes = store.get_body(&row.envelope.child_id, &item.body).await?;
            let to = if i == 0 { path.clone() } else { numbered(path, i + 1) };
            write_whole(&to, &bytes)
                .map_err(|error| anyhow::anyhow!("{} could not be written ({})", to.display(), error.kind()))?;
            if !global.quiet && !global.json {
                println!("{} written to {}", item.document.title(), to.display());
            }
        }
        let items = packet.items.iter().map(EntryItem::from).collect();
        app.pipeline.record_access(&row.envelope.child_id, Some(&row.dispatch_id), items, &who()).await?;
        app.pipeline.renew_mark().await?;
    }
    Ok(Exit::Done)
}

fn numbered(path: &std::path::Path, number: usize) -> PathBuf {
    let stem = path.file_stem().map_or_else(|| "paper".into(), |s| s.to_string_lossy().into_owned());
    path.with_file_name(format!("{stem}-{number}.pdf"))
}
