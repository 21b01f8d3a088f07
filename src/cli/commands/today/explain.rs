//! `earlypost explain`: why each duty of a child is due, and why the rest is not.

use crate::{
    case::ChildId,
    cli::{Exit, Global, ui},
    pipeline::{Explained, Explanation},
};

/// Explains every duty of a child: rule, sum and verdict; and why nothing else is due.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Explains every duty of a child in plain words: the rule, the event that set it off, the sum, how it stands, \
and why nothing else is due. Nothing is written and nothing is sent.\n\nIt reads what was imported last; `earlypost due` \
reads the caseload first. With --as-of another day is explained.",
    after_help = "Example:\n  earlypost explain --child c-0417\n  earlypost explain --child c-0417 --duty initial-meeting"
)]
pub(in crate::cli) struct Args {
    /// The child's id.
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// One kind of duty only, such as initial-meeting.
    #[arg(long, value_name = "DUTY")]
    duty: Option<crate::due::ObligationKind>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let mut explanation = app.pipeline.planning().explain(&args.child, &app.actor).await?;
            if let Some(kind) = args.duty {
                explanation.duties.retain(|duty| duty.duty == kind.as_str());
                explanation.not_due.retain(|line| line.duty == kind.as_str());
                explanation.history.retain(|row| row.kind == kind.as_str());
            }
            if global.json {
                ui::print_json(&serde_json::to_value(&explanation)?)?;
            } else if !global.quiet {
                say(&explanation);
            }
            Ok(Exit::Done)
        })
        .await
}

fn say(all: &Explanation) {
    let owner = all.owner.as_deref().unwrap_or("nobody present: the supervisor");
    println!("Child {} on {}. Whose work it is: {owner}.", all.child, all.on);
    for note in &all.notes {
        println!("Note: {note}.");
    }
    for duty in &all.duties {
        say_duty(duty);
    }
    if !all.not_due.is_empty() {
        println!("\nNot due:");
        for line in &all.not_due {
            println!("  {}: {}.", line.title, line.why);
        }
    }
    if !all.history.is_empty() {
        println!("\nWhat moved, was waived or was done late:");
        for row in &all.history {
            println!(
                "  {} {} ({}): due {}; {}",
                &row.at[..10.min(row.at.len())],
                row.kind,
                row.anchor,
                row.due_on,
                row.what
            );
        }
    }
}

fn say_duty(duty: &Explained) {
    println!("\n{} [{} {}]", duty.title, duty.duty, duty.anchor);
    println!("  rule     {}", duty.rule);
    for (place, step) in duty.steps.iter().enumerate() {
        println!("  {}  {step}", if place == 0 { "sum    " } else { "       " });
    }
    println!("           = due {}; the work is done by {}", duty.due_on, duty.work_on);
    for owed in &duty.owed {
        println!("  owed to  {owed}");
    }
    println!("  verdict  {}", duty.verdict);
}
