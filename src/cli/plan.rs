//! `earlypost plan`: what would go to whom, and what waits. Nothing is sent.

use serde_json::{Value, json};

use super::{Exit, Global, screen};
use crate::{
    due::calendar::add_calendar_days,
    pipeline::{PlanLine, PlanVerdict, Silent},
};

/// Shows what would go to whom, and what waits; sends nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One child only.
    #[arg(long, value_name = "ID")]
    child: Option<crate::case::ChildId>,
    /// Duties that a person does, due within this many calendar days.
    #[arg(long, default_value_t = 60, value_name = "CALENDAR_DAYS")]
    within: u16,
}

pub(super) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let pipeline = &app.pipeline;
    let report = pipeline.import(&app.caseload, &Silent).await?;
    screen::say_refused(&report);
    let mut lines = Vec::new();
    let mut after = String::new();
    loop {
        let page = pipeline.store.child_ids_after(&after, 200).await?;
        let Some(last) = page.last() else { break };
        after = last.to_string();
        for child_id in page.iter().filter(|id| args.child.as_ref().is_none_or(|wanted| wanted == *id)) {
            lines.extend(pipeline.plan_child(child_id).await?);
        }
    }
    let until = add_calendar_days(pipeline.day(), i64::from(args.within));
    let mut duties = pipeline.store.duties_until(until).await?;
    if let Some(child) = &args.child {
        duties.retain(|duty| duty.child_id == child.as_str());
    }
    if global.json {
        let lines: Vec<Value> = lines.iter().map(line_json).collect();
        screen::print_json(&json!({"as_of": pipeline.day().to_string(), "lines": lines, "duties": duties}))?;
    } else if !global.quiet {
        let mut table = screen::table(&["child", "what", "documents", "recipient", "due", "verdict"]);
        for line in &lines {
            let documents: Vec<&str> = line.envelope.papers.iter().map(|p| p.as_str()).collect();
            table.add_row([
                line.envelope.child_id.to_string(),
                line.envelope.obligation.title().to_owned(),
                documents.join(", "),
                line.envelope.recipient.to_string(),
                line.due_on.to_string(),
                verdict(&line.verdict),
            ]);
        }
        println!("{table}");
        if !duties.is_empty() {
            println!("Duties that a person does, due by {until}:");
            let mut table = screen::table(&["child", "duty", "due", "work date", "rule"]);
            for duty in &duties {
                table.add_row([&duty.child_id, &duty.kind, &duty.due_on, &duty.work_on, &duty.citation]);
            }
            println!("{table}");
        }
    }
    pipeline.store.close().await;
    Ok(if report.refused.is_empty() { Exit::Done } else { Exit::InputRefused })
}

pub(super) fn verdict(verdict: &PlanVerdict) -> String {
    match verdict {
        PlanVerdict::Goes { basis, channel } => format!("goes by {channel} ({basis})"),
        PlanVerdict::Waits(refusal) => format!("waits: {refusal}"),
        PlanVerdict::Stands(state) => format!("already {state}"),
        PlanVerdict::HasIt(since) => format!("has it since {since}"),
    }
}

fn line_json(line: &PlanLine) -> Value {
    let (would, reason) = match &line.verdict {
        PlanVerdict::Goes { .. } => ("goes", None),
        PlanVerdict::Waits(refusal) => ("waits", Some(refusal.reason.code())),
        PlanVerdict::Stands(state) => (state.as_str(), None),
        PlanVerdict::HasIt(_) => ("has-it", None),
    };
    json!({
        "child": line.envelope.child_id.to_string(),
        "obligation": line.envelope.obligation.as_str(),
        "anchor": line.envelope.anchor,
        "documents": line.envelope.papers.iter().map(|p| p.as_str()).collect::<Vec<_>>(),
        "recipient": line.envelope.recipient.to_string(),
        "due_on": line.due_on.to_string(),
        "verdict": would,
        "reason": reason,
    })
}
