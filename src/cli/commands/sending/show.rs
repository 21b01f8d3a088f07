//! `earlypost show`: one dispatch, its life and the answers; with `--pdf` the exact bytes that went.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{
    cli::{Exit, Global, ui},
    dispatch::{AttemptOutcome, Evidence},
    files::write,
    pipeline::{DispatchLife, DispatchLine},
    store::AttemptRow,
};

/// Shows one dispatch.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The dispatch's id.
    dispatch: String,
    /// Write its papers, the exact bytes: the first to FILE, further ones beside it with a number. Recorded.
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global.with_app(false, async |app| {
    let dispatches = app.pipeline.dispatch_operations();
    let DispatchLife { row, history, attempts } = dispatches.life_of(&args.dispatch, &app.actor).await?;
    if global.json {
        let attempts: Vec<_> = attempts
            .iter()
            .map(|(a, evidence)| {
                let decision: Value = serde_json::from_str(&a.decision).unwrap_or_default();
                json!({"attempt": a.attempt, "channel": a.channel, "endpoint": a.endpoint_id, "worker": a.worker,
                       "decision": decision, "started_at": a.started_at, "settled_at": a.settled_at, "outcome": a.outcome,
                       "reply": evidence.reply, "enhanced_code": evidence.enhanced_code, "tls": evidence.tls,
                       "peer": evidence.peer, "milliseconds": evidence.milliseconds})
            })
            .collect();
        let history: Vec<_> = history.iter().map(|h| json!({"at": h.at, "state": h.state, "why": h.why})).collect();
        ui::print_json(&json!({
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
        for (attempt, evidence) in &attempts {
            say_attempt(attempt, evidence);
        }
    }
    if let Some(path) = &args.pdf {
        for (i, (title, bytes)) in dispatches.documents_of(&args.dispatch, &app.actor).await?.into_iter().enumerate() {
            let to = if i == 0 { path.clone() } else { numbered(path, i + 1) };
            write(&to, bytes)
                .await
                .map_err(|error| anyhow::anyhow!("{} could not be written ({})", to.display(), error.kind()))?;
            if !global.quiet && !global.json {
                println!("{title} written to {}", to.display());
            }
        }
        app.pipeline.renew_mark().await?;
    }
    Ok(Exit::Done)
    }).await
}

/// One attempt: where, on what authority, by whom, and the whole answer.
fn say_attempt(attempt: &AttemptRow, evidence: &Evidence) {
    let outcome = attempt.outcome.as_ref().map_or("not settled", AttemptOutcome::words);
    println!("  attempt {} by {} to endpoint {}: {outcome}", attempt.attempt, attempt.channel, attempt.endpoint_id);
    let decision: Value = serde_json::from_str(&attempt.decision).unwrap_or_default();
    let part = |name: &str| decision[name].as_str().map(str::to_owned);
    if let (Some(basis), Some(at)) = (part("basis"), part("decided_at")) {
        let release = part("release").map(|id| format!(", release {id}")).unwrap_or_default();
        println!("      decided {at}: {basis}{release}");
    }
    let tls = evidence.tls.map(|tls| if tls { "under TLS" } else { "in clear" });
    let mut told = Vec::new();
    told.extend(evidence.peer.as_ref().map(|peer| format!("at {peer}")));
    told.extend(tls.map(str::to_owned));
    told.extend(evidence.enhanced_code.as_ref().map(|code| format!("code {code}")));
    told.push(format!("{} ms", evidence.milliseconds));
    println!("      {}", told.join(", "));
    for line in evidence.reply.lines() {
        println!("      {line}");
    }
}

fn numbered(path: &std::path::Path, number: usize) -> PathBuf {
    let stem = path.file_stem().map_or_else(|| "paper".into(), |s| s.to_string_lossy().into_owned());
    path.with_file_name(format!("{stem}-{number}.pdf"))
}
