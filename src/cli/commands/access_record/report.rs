//! `earlypost ledger report` and `ledger evidence`: the record for a parent, a monitor or a court.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::json;

use crate::{
    case::{ChildId, PersonId, Recipient},
    cli::{Exit, Global, ui},
    due::DocumentKind,
    files::write,
    ledger::report::{Filter, Report},
    pipeline::Wanted,
};

/// Who received what, when, why, on what authority, with what result.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One child's record.
    #[arg(long, value_name = "ID")]
    child: Option<ChildId>,
    /// Print it for this parent: the PDF in that parent's language. What went to another parent shows its date and papers
    /// only, and what other people of the family keep private stands nowhere.
    #[arg(long = "for", value_name = "PERSON", requires = "child")]
    reader: Option<PersonId>,
    /// The accounting of disclosures of the last six years, without a parent's own copies.
    #[arg(long)]
    accounting: bool,
    /// To this recipient: family:PERSON, office:OFFICE (anybody in it) or office:OFFICE/PERSON.
    #[arg(long, value_name = "RECIPIENT")]
    recipient: Option<Recipient>,
    /// From this day on (YYYY-MM-DD).
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Through this day.
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// With this kind of paper.
    #[arg(long, value_name = "KIND")]
    document: Option<DocumentKind>,
    /// About this version of a plan: "who has version 3?"
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    /// Of the children whom this person coordinated on the day.
    #[arg(long, value_name = "PERSON")]
    coordinator: Option<PersonId>,
    /// Write it as a PDF (one child).
    #[arg(long, value_name = "FILE", requires = "child")]
    out: Option<PathBuf>,
    /// Print it as CSV, safe to open in a spreadsheet.
    #[arg(long, conflicts_with = "out")]
    csv: bool,
}

/// Everything that is known of one dispatch.
#[derive(Debug, clap::Args)]
pub(super) struct EvidenceArgs {
    /// The dispatch's id.
    dispatch: String,
    /// For this parent: in that parent's language, and without what other people of the family keep private.
    #[arg(long = "for", value_name = "PERSON")]
    reader: Option<PersonId>,
    /// Write the sheet as a PDF.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn report(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let wanted = Wanted {
                child: args.child.clone(),
                coordinator: args.coordinator.clone(),
                filter: Filter {
                    recipient: args.recipient.clone(),
                    from: args.from,
                    to: args.to,
                    document: args.document,
                    version: args.version,
                },
                accounting: args.accounting,
                reader: args.reader.clone(),
                in_own_language: args.out.is_some() && !args.csv && !global.json,
            };
            let report = app.pipeline.access_record().report(&wanted, &app.actor).await?;
            if let (Some(out), Some(child)) = (&args.out, &args.child) {
                let rendered = app.pipeline.access_record().report_pdf(child, &wanted, &report, &app.actor).await?;
                write(out, &rendered.pdf[..])
                    .await
                    .map_err(|error| anyhow::anyhow!("{} could not be written ({})", out.display(), error.kind()))?;
                if !global.quiet && !global.json {
                    println!("{} pages written to {}.", rendered.pages.len(), out.display());
                }
            }
            if args.csv {
                print!("{}", report.csv());
            } else if global.json {
                let retention = match &args.child {
                    Some(child) => app.pipeline.retention().term_of(child, &app.actor).await?,
                    None => None,
                };
                let child = args.child.as_ref().map(ToString::to_string);
                ui::print_json(&json!({ "child": child, "report": report, "retention": retention }))?;
            } else if args.out.is_none() && !global.quiet {
                say(&report);
            }
            app.pipeline.renew_mark().await?;
            Ok(Exit::Done)
        })
        .await
}

fn say(report: &Report) {
    if report.disclosures.is_empty() {
        println!("Nothing left in this part of the record.");
    } else {
        let mut table = ui::table(&["entry", "date", "child", "who", "what", "why", "on what authority", "result"]);
        for line in &report.disclosures {
            let later = line.later.iter().map(|later| format!(" {}: {}", later.on, later.says));
            table.add_row([
                line.seq.to_string(),
                line.on.to_string(),
                line.child.clone(),
                line.recipient_name.clone().unwrap_or_else(|| format!("{} (destroyed)", line.recipient)),
                line.items.iter().map(|i| format!("{}, {} p.", i.title, i.pages)).collect::<Vec<_>>().join("; "),
                line.purpose.clone().unwrap_or_default(),
                line.authority.clone(),
                std::iter::once(line.result.clone()).chain(later).collect(),
            ]);
        }
        println!("{table}");
    }
    for (title, lines) in [("Who looked", &report.views), ("What else is recorded", &report.others)] {
        if lines.is_empty() {
            continue;
        }
        let mut table = ui::table(&["entry", "date", "who", "what"]);
        for line in lines {
            table.add_row([
                line.seq.to_string(),
                line.on.to_string(),
                line.who.clone(),
                format!("{} {}", line.says, line.records),
            ]);
        }
        println!("{title}:\n{table}");
    }
}

pub(super) async fn evidence(args: &EvidenceArgs, global: &Global) -> anyhow::Result<Exit> {
    global.with_app(false, async |app| {
    let (view, rendered) = app.pipeline.access_record().evidence_sheet(&args.dispatch, args.reader.as_ref(), &app.actor).await?;
    if let Some(out) = &args.out {
        write(out, &rendered.pdf[..])
            .await
            .map_err(|error| anyhow::anyhow!("{} could not be written ({})", out.display(), error.kind()))?;
    }
    if global.json {
        ui::print_json(&json!({
            "dispatch": view.dispatch, "recipient": view.recipient, "addresses": view.addresses, "stands": view.stands,
            "may_have_been_received": view.uncertain, "papers": view.papers, "steps": view.steps,
            "attempts": view.attempts, "entries": view.entries, "check": view.check,
        }))?;
    } else if !global.quiet {
        println!("To {}: {}", view.recipient, view.stands);
        for paper in &view.papers {
            let stands = if paper.stands { "kept as it was" } else { "MISSING or changed" };
            println!("  {}, {} pages, SHA-256 {}, {stands}", paper.title, paper.pages, paper.sha256);
        }
        for step in &view.steps {
            println!("  {}  {}", step.when, step.what);
        }
        for entry in &view.entries {
            println!("  entry {}, {}: {}", entry.number, entry.when, entry.what);
        }
        println!("{}", view.check);
        if let Some(out) = &args.out {
            println!("{} pages written to {}.", rendered.pages.len(), out.display());
        }
    }
    app.pipeline.renew_mark().await?;
    Ok(Exit::Done)
    }).await
}
