//! `earlypost plan`: what would go to whom, and what waits; a person releases what needs it. Nothing is sent.

use std::io::Write;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    cli::{Exit, Global, broken_pipe::Output, csv, ui, who},
    disclosure::{Reason, Refusal},
    dispatch::StateName,
    pipeline::{PlanReport, PlanScope, PlanVerdict},
    store::{PlanLineRow, PlanRow, PlannedVerdict, ReleaseRule, Store},
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

/// Lines in one look at the database.
const PAGE: i64 = 1000;

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let pipeline = &app.pipeline;
    let exit = match &args.what {
        Some(What::Approve { plan, lines }) => approve(&pipeline.store, *plan, lines, pipeline.now(), global).await?,
        Some(What::Show { plan, csv }) => {
            say(&pipeline.store, &pipeline.planning().plan_report(*plan).await?, *csv, global).await?;
            Exit::Done
        }
        None => {
            let bar = ui::Bar::new(global);
            let import = if args.no_import { None } else { Some(pipeline.intake().import(&app.caseload, &bar).await?) };
            let scope = PlanScope { child: args.child.clone(), until: args.until };
            let report = pipeline.planning().plan(&scope, &who(), &bar).await;
            bar.end();
            if let Some(import) = &import {
                ui::say_refused(import);
            }
            say(&pipeline.store, &report?, args.csv, global).await?;
            if import.is_none_or(|import| import.refused.is_empty()) { Exit::Done } else { Exit::InputRefused }
        }
    };
    pipeline.store.close().await;
    Ok(exit)
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
        (PlannedVerdict::Goes { .. }, _) if unreleased(line) => Comes::Waits(Refusal::of(Reason::NotApproved)),
        (PlannedVerdict::Goes { channel, basis }, _) => Comes::Goes(channel, basis),
        (PlannedVerdict::Waits { reason, detail }, _) => {
            Comes::Waits(Refusal { reason: *reason, detail: detail.clone() })
        }
    }
}

fn unreleased(line: &PlanLineRow) -> bool {
    line.planned.rule == ReleaseRule::Approve && line.approved_by.is_none()
}

fn words(line: &PlanLineRow) -> String {
    match comes(line) {
        Comes::Goes(channel, basis) => match &line.approved_by {
            Some(by) => format!("goes by {channel} ({basis}; released by {by})"),
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
    json!({
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
        "released_by": line.approved_by,
    })
}

async fn say(store: &Store, report: &PlanReport, csv: bool, global: &Global) -> anyhow::Result<()> {
    if csv {
        say_csv(store, &report.plan).await
    } else if global.json {
        say_json(store, report).await
    } else if global.quiet {
        Ok(())
    } else {
        say_table(store, report).await
    }
}

async fn say_csv(store: &Store, plan: &PlanRow) -> anyhow::Result<()> {
    let mut out = Output;
    let header = ["line", "child", "obligation", "documents", "recipient", "opens on", "due on", "verdict", "release"];
    out.write_all(csv::line(header).as_bytes())?;
    let mut last = None;
    loop {
        let page = store.send_plans().plan_lines(plan, last.as_ref(), PAGE).await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = Some(end.clone());
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
}

/// One JSON value, written as it is read: a plan over many children is never held whole.
async fn say_json(store: &Store, report: &PlanReport) -> anyhow::Result<()> {
    let plan = &report.plan;
    let all = |lines: &[PlanLineRow]| lines.iter().map(line_json).collect::<Vec<_>>();
    let head = json!({
        "plan": plan.plan_id, "scope": plan.scope, "as_of": plan.as_of, "until": plan.until, "made_by": plan.made_by,
        "made_at": plan.made_at, "looked_at": plan.looked, "changed_since": report.before,
        "came": all(&report.changes.came), "went": all(&report.changes.went),
    });
    let mut out = Output;
    let head = head.to_string();
    write!(out, "{},\n\"lines\": [", head.trim_end_matches('}'))?;
    let mut last: Option<PlanLineRow> = None;
    loop {
        let page = store.send_plans().plan_lines(plan, last.as_ref(), PAGE).await?;
        for (place, line) in page.iter().enumerate() {
            let comma = if last.is_none() && place == 0 { "\n" } else { ",\n" };
            write!(out, "{comma}{}", line_json(line))?;
        }
        match page.last() {
            Some(end) => last = Some(end.clone()),
            None => break,
        }
    }
    writeln!(out, "\n]}}")?;
    Ok(())
}

async fn say_table(store: &Store, report: &PlanReport) -> anyhow::Result<()> {
    const MOST_ROWS: i64 = 200;
    let plan = &report.plan;
    let total: i64 = report.counts.iter().map(|c| c.count).sum();
    let lines = store.send_plans().plan_lines(plan, None, MOST_ROWS).await?;
    if !lines.is_empty() {
        println!("{}", table(&lines));
    }
    if total > MOST_ROWS {
        println!("{} more lines; `earlypost plan show {} --csv` lists all.", total - MOST_ROWS, plan.plan_id);
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

fn table(lines: &[PlanLineRow]) -> comfy_table::Table {
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

async fn approve(
    store: &Store,
    plan_id: i64,
    wanted: &[i64],
    now: chrono::DateTime<chrono::Utc>,
    global: &Global,
) -> anyhow::Result<Exit> {
    let plan = store.send_plans().plan(plan_id).await?;
    let mut last: Option<PlanLineRow> = None;
    let mut released = Vec::new();
    let mut missing: Vec<i64> = wanted.to_vec();
    loop {
        let page = store.send_plans().plan_lines(&plan, last.as_ref(), PAGE).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.clone());
        missing.retain(|number| !page.iter().any(|line| line.line == *number));
        let chosen = page.into_iter().filter(|line| wanted.is_empty() || wanted.contains(&line.line));
        // Releasing what the gate refuses now would let it go by itself on the day on which the reason falls away.
        released.extend(chosen.filter(|line| {
            unreleased(line)
                && matches!(line.planned.verdict, PlannedVerdict::Goes { .. })
                && line.state.is_none_or(|s| matches!(s, StateName::Held | StateName::Withheld))
        }));
    }
    anyhow::ensure!(
        missing.is_empty(),
        "nothing is released: plan {plan_id} has no line {}; see `earlypost plan show {plan_id}`",
        missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    );
    let envelopes: Vec<_> =
        released.iter().map(|line| (&line.planned.envelope, line.planned.facts_hash.as_str())).collect();
    store.send_plans().approve(&envelopes, Some(plan_id), &who(), now).await?;
    if global.json {
        let lines: Vec<i64> = released.iter().map(|line| line.line).collect();
        ui::print_json(&json!({"plan": plan_id, "released": lines, "by": who()}))?;
    } else if !global.quiet {
        if released.is_empty() {
            println!("Nothing of plan {plan_id} waits for a release.");
        } else {
            println!(
                "{} lines of plan {plan_id} are released. Send them with `earlypost run --plan {plan_id}`, or leave them to the next run.",
                released.len()
            );
        }
    }
    Ok(Exit::Done)
}
