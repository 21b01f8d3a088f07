//! `earlypost print`: the stack of letters, the printer, the sheet to count by.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Context;
use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    config::Config,
    dispatch::{
        ChannelSettings, IppChannel, IppSettings, Outcome,
        postal::print::{Job, Letter, LpPrinter, Printer, batches},
    },
    document::TemplateSet,
    files::write,
    pipeline::{stack_of, write_count_sheet},
};

/// Prints letters, whole batches or one again, and the sheet on which a clerk counts them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Letters lie in the print folder, a folder a batch, one PDF a letter, in the order of the stack. The \
barcode in the margin is the dispatch: scan it into `earlypost mark returned`.\n\
Printed is not mailed: say `earlypost mark mailed` when the post has them.\n\
Example: earlypost print sheet && earlypost print batch"
)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the batches with their letters, sheets and envelopes.
    List,
    /// Write the count sheet of a batch: what is in it, and where the clerk signs.
    Sheet {
        /// The batch; without it, the newest.
        batch: Option<String>,
        /// Where to write it; without it, count-sheet.pdf beside the letters.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Send a whole batch to the printer, each letter as a job of its own. It stops at the first that does not go, and
    /// goes on from there when you run it again.
    Batch {
        /// The batch; without it, the newest.
        batch: Option<String>,
        /// Begin at this place of the stack.
        #[arg(long, default_value_t = 1, value_name = "PLACE")]
        from: u32,
    },
    /// Print one letter again, without the rest.
    Letter {
        /// The dispatch's id, as the barcode and the manifest show it.
        dispatch: String,
        /// Write the PDF here instead of sending it to the printer.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

fn folder(config: &Config) -> anyhow::Result<PathBuf> {
    match &config.channels.postal {
        Some(ChannelSettings::Print { path, .. }) => Ok(config.outgoing(path.as_deref(), "print")),
        _ => anyhow::bail!("[channels.postal] is not of the kind `print`: there is no print folder"),
    }
}

fn printer(config: &Config, synthetic: bool) -> anyhow::Result<Box<dyn Printer>> {
    anyhow::ensure!(!synthetic, "a synthetic program prints to a folder only; open the files in the print folder");
    match &config.channels.postal {
        Some(ChannelSettings::Print { printer: Some(address), both_sides, .. }) if address.contains("://") => {
            let settings = IppSettings::at(address.clone(), *both_sides);
            Ok(Box::new(IppChannel::open(settings).context("printer in [channels.postal]")?))
        }
        Some(ChannelSettings::Print { printer: Some(queue), both_sides, .. }) => {
            Ok(Box::new(LpPrinter::new(queue.clone(), *both_sides)))
        }
        _ => anyhow::bail!(
            "no printer is named: set printer = \"QUEUE\" in [channels.postal] (`lpstat -p` lists the queues), or the address of a \
             printer that speaks IPP"
        ),
    }
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        What::List => list(global),
        What::Sheet { batch, out } => {
            let folder = folder(&global.load()?)?;
            let stack = stack_of(&folder, batch.as_deref())?;
            let path = write_count_sheet(&TemplateSet::built_in(), &folder, &stack, out.as_deref()).await?;
            if !global.quiet {
                println!("{} letters of {} are on {}.", stack.letters.len(), stack.batch, path.display());
            }
            Ok(Exit::Done)
        }
        What::Batch { batch, from } => print_batch(batch.as_deref(), *from, global).await,
        What::Letter { dispatch, out } => letter(dispatch, out.as_ref(), global).await,
    }
}

fn list(global: &Global) -> anyhow::Result<Exit> {
    let folder = folder(&global.load()?)?;
    let all = batches(&folder).with_context(|| format!("the print folder {} cannot be read", folder.display()))?;
    if global.json {
        let row = |s: &crate::dispatch::postal::print::Stack| {
            Ok(json!({"batch": s.batch, "printed": s.done()?, "letters": s.letters}))
        };
        let rows = all.iter().map(row).collect::<std::io::Result<Vec<_>>>()?;
        ui::print_json(&rows.into())?;
        return Ok(Exit::Done);
    }
    for stack in &all {
        let mut envelopes: BTreeMap<&str, usize> = BTreeMap::new();
        for letter in &stack.letters {
            *envelopes.entry(&letter.envelope).or_default() += 1;
        }
        let envelopes: Vec<String> = envelopes.iter().map(|(key, count)| format!("{count} x {key}")).collect();
        let sheets: u32 = stack.letters.iter().map(|letter| letter.sheets).sum();
        println!(
            "{}: {} letters, {sheets} sheets; envelopes: {}; {} sent to the printer",
            stack.batch,
            stack.letters.len(),
            envelopes.join(", "),
            stack.done()?.len()
        );
    }
    if all.is_empty() && !global.quiet {
        println!("No letters are in {}.", folder.display());
    }
    Ok(Exit::Done)
}

async fn print_batch(batch: Option<&str>, from: u32, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let config = &app.config;
            let stack = stack_of(&folder(config)?, batch)?;
            let printer = printer(config, app.pipeline.is_synthetic())?;
            let quiet = global.quiet || global.json;
            let tell = |letter: &Letter, job: &Job| {
                if !quiet {
                    println!("{:>4}  {}  {}", letter.place, letter.dispatch_id, says(job));
                }
            };
            let jobs = app.pipeline.print_room().print_batch(&stack, from, printer.as_ref(), &tell, &app.actor).await?;
            if global.json {
                let rows: Vec<_> = jobs
            .iter()
            .map(|(letter, job)| json!({"place": letter.place, "dispatch": letter.dispatch_id, "says": says(job)}))
            .collect();
                ui::print_json(&rows.into())?;
            }
            let stopped = jobs.iter().any(|(_, job)| matches!(job, Job::Stopped(_)));
            Ok(if stopped { Exit::NotSent } else { Exit::Done })
        })
        .await
}

fn says(job: &Job) -> String {
    match job {
        Job::Printed(reply) => format!("sent to the printer ({reply})"),
        Job::Before => "was sent to the printer before".to_owned(),
        Job::Pulled => "left out: it may not be mailed any more".to_owned(),
        Job::Stopped(trouble) => format!("stopped here: {trouble}"),
    }
}

async fn letter(dispatch: &str, out: Option<&PathBuf>, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let config = &app.config;
            let printer = if out.is_none() { Some(printer(config, app.pipeline.is_synthetic())?) } else { None };
            let (letter, pdf) = app.pipeline.print_room().letter_again(&folder(config)?, dispatch, &app.actor).await?;
            let mut exit = Exit::Done;
            let says = match (printer, out) {
                (_, Some(path)) => {
                    write(path, pdf)
                        .await
                        .with_context(|| format!("the letter could not be written to {}", path.display()))?;
                    format!("{} sheets written to {}; envelope {}.", letter.sheets, path.display(), letter.envelope)
                }
                (Some(printer), None) => {
                    match app.pipeline.print_room().print_one(printer.as_ref(), dispatch, pdf).await {
                        Outcome::Printed(evidence) | Outcome::Accepted(evidence) => {
                            format!(
                                "{} sheets sent to the printer ({}); envelope {}.",
                                letter.sheets, evidence.reply, letter.envelope
                            )
                        }
                        other => {
                            exit = Exit::NotSent;
                            format!("it did not go to the printer: {}", other.evidence().reply)
                        }
                    }
                }
                (None, None) => unreachable!("without a file there is a printer"),
            };
            app.pipeline.renew_mark().await?;
            if exit != Exit::Done {
                eprintln!("earlypost: {says}");
            } else if !global.quiet {
                println!("{says}");
            }
            Ok(exit)
        })
        .await
}
