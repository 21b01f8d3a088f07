//! `earlypost plan`: what would go to whom, and what waits; a person releases what needs it. Nothing is sent.

use std::io::Write;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    actor::RecordedActor,
    app::App,
    cli::{Exit, Global, broken_pipe::Output, csv, hints, ui},
    disclosure::{Reason, Refusal},
    dispatch::StateName,
    pipeline::{PlanReport, PlanScope, PlanVerdict, Planning, waits_for_approval},
    store::{PlanLineRow, PlannedVerdict},
};

/// Shows what would go to whom, by which channel and on what authority, what waits and why, and what changed since
/// the last plan. Sends nothing.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Papers to offices wait until a person has released them, unless [release] in the settings says otherwise:\n  \
earlypost plan                     what would go\n  \
earlypost plan approve 12          release everything of plan 12 that waits for it\n  \
earlypost plan approve 12 --line 7 release line 7 only\n  \
earlypost run --plan 12            send exactly that; what changed since is left out and named"
)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// One child only.
    #[arg(long, value_name = "ID")]
    child: Option<crate::case::ChildId>,
    /// Look ahead to this day (YYYY-MM-DD).
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
    /// Do not read the caseload first; plan from what was imported last.
    #[arg(long)]
    no_import: bool,
    /// Write comma-separated values for a spreadsheet.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show a plan that was made, and what has become of it.
    Show {
        /// The plan's number.
        plan: i64,
        /// Write comma-separated values for a spreadsheet.
        #[arg(long, conflicts_with = "json")]
        csv: bool,
    },
    /// Release what waits for a person. Your name is kept with it.
    Approve {
        /// The plan's number.
        plan: i64,
        /// Only this line; may be given several times.
        #[arg(long = "line", value_name = "NUMBER")]
        lines: Vec<i64>,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            let exit = match &args.what {
                Some(What::Approve { plan, lines }) => approve(&app, *plan, lines, global).await?,
                Some(What::Show { plan, csv }) => {
                    say(&app, &pipeline.planning().plan_report(*plan, &app.actor).await?, *csv, global).await?;
                    Exit::Done
                }
                None => {
                    let bar = ui::Bar::new(global);
                    let import = if args.no_import {
                        None
                    } else {
                        Some(pipeline.intake().import(&app.caseload, &bar, &app.actor).await?)
                    };
                    let scope = PlanScope { child: args.child.clone(), until: args.until };
                    let report = pipeline.planning().plan(&scope, &app.actor, &bar).await;
                    bar.end();
                    if let Some(import) = &import {
                        ui::say_refused(import);
                    }
                    say(&app, &report?, args.csv, global).await?;
                    if import.is_none_or(|import| import.refused.is_empty()) { Exit::Done } else { Exit::InputRefused }
                }
            };
            Ok(exit)
        })
        .await
}

/// What a line comes to now: the gate's word, or what has become of the envelope.
enum Comes<'a> {
    Goes(&'a str, &'a str),
    Waits(Refusal),
    Stands(StateName),
    HasIt(NaiveDate),
}

fn comes(line: &PlanLineRow) -> Comes<'_> {
    match (&line.planned.verdict, line.state) {
        (PlannedVerdict::HasIt(since), _) => Comes::HasIt(*since),
        (_, Some(state)) if !matches!(state, StateName::Held | StateName::Withheld) => Comes::Stands(state),
        (PlannedVerdict::Goes { .. }, _) if waits_for_approval(line) => Comes::Waits(Refusal::of(Reason::NotApproved)),
        (PlannedVerdict::Goes { channel, basis }, _) => Comes::Goes(channel, basis),
        (PlannedVerdict::Waits { reason, detail }, _) => {
            Comes::Waits(Refusal { reason: *reason, detail: detail.clone() })
        }
    }
}

fn words(line: &PlanLineRow) -> String {
    match comes(line) {
        Comes::Goes(channel, basis) => match &line.approved_by {
            Some(by) => format!("goes by {channel} ({basis}; released by {})", RecordedActor::parse(by).shown()),
            None => format!("goes by {channel} ({basis})"),
        },
        Comes::Waits(refusal) => format!("waits: {refusal}"),
        Comes::Stands(state) => format!("already {state}"),
        Comes::HasIt(since) => format!("has it since {since}"),
    }
}

/// The same for a plan that is made to be confirmed at once.
pub(super) fn verdict(verdict: &PlanVerdict) -> String {
    match verdict {
        PlanVerdict::Goes { basis, channel } => format!("goes by {channel} ({basis})"),
        PlanVerdict::Waits(refusal) => format!("waits: {refusal}"),
        PlanVerdict::Stands(state) => format!("already {state}"),
        PlanVerdict::HasIt(since) => format!("has it since {since}"),
    }
}

fn papers(line: &PlanLineRow) -> Vec<&'static str> {
    line.planned.envelope.papers.iter().map(|paper| paper.as_str()).collect()
}

fn line_json(line: &PlanLineRow) -> Value {
    let (verdict, channel, basis, refusal) = match comes(line) {
        Comes::Goes(channel, basis) => ("goes", Some(channel), Some(basis), None),
        Comes::Waits(refusal) => ("waits", None, None, Some(refusal)),
        Comes::Stands(state) => (state.as_str(), None, None, None),
        Comes::HasIt(_) => ("has-it", None, None, None),
    };
    hints::in_json(json!({
        "line": line.line,
        "child": line.planned.envelope.child_id.to_string(),
        "obligation": line.planned.envelope.obligation.as_str(),
        "anchor": line.planned.envelope.anchor,
        "documents": papers(line),
        "recipient": line.planned.envelope.recipient.to_string(),
        "opens_on": line.planned.opens_on.to_string(),
        "due_on": line.planned.due_on.to_string(),
        "verdict": verdict,
        "channel": channel,
        "basis": basis,
        "reason": refusal.as_ref().map(|r| r.reason.code()),
        "detail": refusal.and_then(|r| r.detail),
        "release": line.planned.rule.as_str(),
        "released_by": line.approved_by.as_ref().map(|by| RecordedActor::parse(by).shown()),
    }))
}

async fn say(app: &App, report: &PlanReport, csv: bool, global: &Global) -> anyhow::Result<()> {
    let planning = app.pipeline.planning();
    if csv {
        say_csv(&planning, report, app).await
    } else if global.json {
        say_json(&planning, report, app).await
    } else if global.quiet {
        Ok(())
    } else {
        say_table(&planning, report, app).await
    }
}

async fn say_csv(planning: &Planning, report: &PlanReport, app: &App) -> anyhow::Result<()> {
    let mut out = Output;
    let header = ["line", "child", "obligation", "documents", "recipient", "opens on", "due on", "verdict", "release"];
    out.write_all(csv::line(header).as_bytes())?;
    let mut lines = planning.lines_of(&report.plan, &app.actor).await?;
    while let Some(page) = lines.next().await? {
        for line in &page {
            let planned = &line.planned;
            let row = csv::line([
                line.line.to_string().as_str(),
                planned.envelope.child_id.as_str(),
                planned.envelope.obligation.title(),
                &papers(line).join(", "),
                &planned.envelope.recipient.to_string(),
                &planned.opens_on.to_string(),
                &planned.due_on.to_string(),
                &words(line),
                planned.rule.as_str(),
            ]);
            out.write_all(row.as_bytes())?;
        }
    }
    Ok(())
}

/// One JSON value, written as it is read: a plan over many children is never held whole.
async fn say_json(planning: &Planning, report: &PlanReport, app: &App) -> anyhow::Result<()> {
    let plan = &report.plan;
    let all = |lines: &[PlanLineRow]| lines.iter().map(line_json).collect::<Vec<_>>();
    let head = json!({
        "plan": plan.plan_id, "scope": plan.scope, "as_of": plan.as_of, "until": plan.until, "made_by": RecordedActor::parse(&plan.made_by).shown(),
        "made_at": plan.made_at, "looked_at": plan.looked, "changed_since": report.before,
        "came": all(&report.changes.came), "went": all(&report.changes.went),
    });
    let mut out = Output;
    let head = head.to_string();
    write!(out, "{},\n\"lines\": [", head.trim_end_matches('}'))?;
    let mut lines = planning.lines_of(plan, &app.actor).await?;
    let mut comma = "\n";
    while let Some(page) = lines.next().await? {
        for line in &page {
            write!(out, "{comma}{}", line_json(line))?;
            comma = ",\n";
        }
    }
    writeln!(out, "\n]}}")?;
    Ok(())
}

async fn say_table(planning: &Planning, report: &PlanReport, app: &App) -> anyhow::Result<()> {
    const MOST_ROWS: usize = 200;
    let plan = &report.plan;
    let total: i64 = report.counts.iter().map(|c| c.count).sum();
    let mut lines = planning.lines_of(plan, &app.actor).await?.next().await?.unwrap_or_default();
    lines.truncate(MOST_ROWS);
    if !lines.is_empty() {
        println!("{}", table(&lines));
    }
    let more = total - i64::try_from(lines.len()).unwrap_or(total);
    if more > 0 && lines.len() == MOST_ROWS {
        println!("{more} more lines; `earlypost plan show {} --csv` lists all.", plan.plan_id);
    }
    let sum = |wanted: &dyn Fn(&crate::store::PlanCount) -> bool| -> i64 {
        report.counts.iter().filter(|c| wanted(c)).map(|c| c.count).sum()
    };
    let open = |c: &crate::store::PlanCount| c.state.as_deref().is_none_or(|s| s == "held" || s == "withheld");
    let to_release = sum(&|c| c.verdict == "goes" && open(c) && c.unreleased);
    println!(
        "Plan {} for {}: {} would go, {} wait for a person's release, {} wait for another reason, {} are on their way or done.",
        plan.plan_id,
        if plan.until == plan.as_of { plan.as_of.clone() } else { format!("{} to {}", plan.as_of, plan.until) },
        sum(&|c| c.verdict == "goes" && open(c) && !c.unreleased),
        to_release,
        sum(&|c| c.verdict == "waits" && open(c)),
        sum(&|c| c.verdict == "has-it" || !open(c)),
    );
    if to_release > 0 {
        println!("Release them with `earlypost plan approve {}`, or some with --line NUMBER.", plan.plan_id);
    }
    if let Some(before) = report.before {
        if report.changes.came.is_empty() && report.changes.went.is_empty() {
            println!("Nothing changed since plan {before}.");
        } else {
            println!("Changed since plan {before}:");
            for line in &report.changes.went {
                println!("  - {}", in_a_line(line, true));
            }
            for line in &report.changes.came {
                println!("  + {}", in_a_line(line, false));
            }
        }
    }
    Ok(())
}

fn in_a_line(line: &PlanLineRow, as_planned: bool) -> String {
    let envelope = &line.planned.envelope;
    let words = match (&line.planned.verdict, as_planned) {
        (PlannedVerdict::Goes { channel, .. }, true) => format!("would have gone by {channel}"),
        (PlannedVerdict::Waits { reason, .. }, true) => format!("waited: {}", reason.says()),
        _ => words(line),
    };
    format!("{} {} to {}: {words}", envelope.child_id, papers(line).join(", "), envelope.recipient)
}

fn table(lines: &[PlanLineRow]) -> ui::Table {
    let mut table = ui::table(&["line", "child", "what", "documents", "recipient", "from", "due", "verdict"]);
    for line in lines {
        let planned = &line.planned;
        table.add_row([
            line.line.to_string(),
            planned.envelope.child_id.to_string(),
            planned.envelope.obligation.title().to_owned(),
            papers(line).join(", "),
            planned.envelope.recipient.to_string(),
            planned.opens_on.to_string(),
            planned.due_on.to_string(),
            words(line),
        ]);
    }
    table
}

async fn approve(app: &App, plan: i64, wanted: &[i64], global: &Global) -> anyhow::Result<Exit> {
    let approved = app.pipeline.planning().approve(plan, wanted, &app.actor).await?;
    if global.json {
        ui::print_json(&json!({"plan": plan, "released": approved, "by": app.actor.name()}))?;
    } else if !global.quiet {
        if approved.is_empty() {
            println!("Nothing of plan {plan} waits for a release.");
        } else {
            println!(
                "{} lines of plan {plan} are released. Send them with `earlypost run --plan {plan}`, or leave them to the next run.",
                approved.len()
            );
        }
    }
    Ok(Exit::Done)
}
