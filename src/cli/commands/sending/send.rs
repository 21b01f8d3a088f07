//! `earlypost send`: the plan of this morning, now. On a terminal it shows what goes where and asks once.

use std::io::{BufRead, IsTerminal, Write};

use super::{plan::verdict, run};
use crate::{
    case::{ChildId, FiledId, Recipient},
    cli::{Exit, Global, signals::stop_when_told, ui},
    due::DocumentKind,
    pipeline::{PlanVerdict, RunReport, SendPlan, Silent},
};

/// Sends one kind of paper for one child, now.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: earlypost send ifsp --child c-0417 --to family:0417-mother --to office:ghent-pediatrics/dr-osei\n\
Without --to it goes to everybody who is owed it. What went before under the same duty does not go twice.\n\
With --to-missing it goes only to those who are owed it and have it neither from here nor from elsewhere."
)]
pub(in crate::cli) struct Args {
    /// The paper, such as ifsp or meeting-notice (see `earlypost template list`).
    kind: DocumentKind,
    /// The child's id (see `earlypost find`).
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// A recipient: family:PERSON, office:OFFICE or office:OFFICE/PERSON. May be given several times.
    #[arg(long, value_name = "RECIPIENT")]
    to: Vec<Recipient>,
    /// Only what is still open: whoever has it, or to whom it is on its way, is left out.
    #[arg(long, conflicts_with = "to")]
    to_missing: bool,
    /// A paper made elsewhere that goes along (see `earlypost filed list`). May be given several times.
    #[arg(long, value_name = "PAPER")]
    enclose: Vec<FiledId>,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(true, async |app| {
            let import = app.pipeline.intake().import(&app.caseload, &Silent, &app.actor).await?;
            ui::say_refused(&import);
            let plan = if args.to_missing {
                app.pipeline.operations().plan_send_missing(args.kind, &args.child, &app.actor).await?
            } else {
                app.pipeline.operations().plan_send(args.kind, &args.child, &args.to, &args.enclose, &app.actor).await?
            };
            if plan.lines.is_empty() {
                if global.json {
                    ui::print_json(&serde_json::json!({ "child": args.child.as_str(), "dispatches": [] }))?;
                } else if !global.quiet {
                    println!(
                        "Nobody is missing it: nothing of this kind is open for child {}. Nothing was sent.",
                        args.child
                    );
                }
                return Ok(Exit::Done);
            }
            let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
            if !args.yes {
                anyhow::ensure!(terminal, "nobody can be asked here; add --yes to send without asking");
                show(&plan);
                if !ask()? {
                    eprintln!("Nothing was sent.");
                    return Ok(Exit::Done);
                }
            } else if !global.quiet {
                say_repeats(&plan);
            }
            app.pipeline.operations().release_by_hand(&plan, &app.actor).await?;
            let report = app.pipeline.operations().send(&plan, &stop_when_told()?, &app.actor).await?;
            let exit = run::say(&report, global)?;
            if !global.quiet && !global.json {
                say_kept(&report);
            }
            Ok(if exit == Exit::Done && !import.refused.is_empty() { Exit::InputRefused } else { exit })
        })
        .await
}

/// Everything that tells a wrong child or a wrong address from the right one. It goes to the terminal only.
fn show(plan: &SendPlan) {
    eprintln!("Child     {}", plan.child);
    eprintln!("Born      {}", plan.birth_date);
    eprintln!("Number    {}", plan.program_number);
    if let Some(version) = &plan.version {
        eprintln!("Plan      {version}");
    }
    for line in &plan.lines {
        let papers: Vec<&str> = line.envelope.papers.iter().map(|p| p.title()).collect();
        eprintln!();
        eprintln!("To        {}", line.to);
        eprintln!("Papers    {}", papers.join(", "));
        if let Some(at) = line.sent_today {
            eprintln!("          You sent this today at {}.", at.format("%H:%M"));
        }
        if !line.envelope.enclosed.is_empty() {
            let enclosed: Vec<&str> = line.envelope.enclosed.iter().map(FiledId::as_str).collect();
            eprintln!("Enclosed  {}", enclosed.join(", "));
        }
        match (&line.address, &line.verdict) {
            (Some(address), PlanVerdict::Goes { .. }) => eprintln!("At        {address}"),
            (_, other) => eprintln!("          {}", verdict(other)),
        }
    }
    eprintln!();
}

/// What goes a second time today, where nobody is asked.
fn say_repeats(plan: &SendPlan) {
    for line in plan.lines.iter().filter(|line| !matches!(line.verdict, PlanVerdict::Stands(_))) {
        if let Some(at) = line.sent_today {
            eprintln!("earlypost: you sent this to {} today at {}.", line.envelope.recipient, at.format("%H:%M"));
        }
    }
}

/// What did not go stays, goes by itself when it may, and can be canceled.
fn say_kept(report: &RunReport) {
    for line in report.dispatches.iter().filter(|line| matches!(line.state.as_str(), "held" | "withheld" | "queued")) {
        println!(
            "Kept for later: {} to {} goes by itself as soon as it may. To cancel it, run `earlypost cancel {}`.",
            line.id, line.recipient, line.id
        );
    }
}

fn ask() -> anyhow::Result<bool> {
    eprint!("Send? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
}
