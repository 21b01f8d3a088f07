//! `earlypost waive`: a duty will not be done, and a person answers for it.

use crate::{
    case::{ChildId, Fact},
    cli::{Exit, Global},
    due::ObligationKind,
};

/// Says that a duty will not be done, and why; a person answers for it.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Says that a duty will not be done, and why. The duty stays in the record as waived, with the reason and your \
name; papers that wait for it do not go. A waiver does not make a duty lawful to leave undone: it says who decided.\n\nWith \
--lift the duty stands again.",
    after_help = "Example:\n  earlypost waive --child c-0417 --duty follow-up --anchor 0417-plan-visit/1 --reason \"The family \
did it themselves.\""
)]
pub(in crate::cli) struct Args {
    /// The child's id.
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// The kind of duty, such as follow-up.
    #[arg(long, value_name = "DUTY")]
    duty: ObligationKind,
    /// The duty's anchor, where the child has several of the kind; `earlypost explain` shows it.
    #[arg(long, value_name = "ANCHOR")]
    anchor: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
    /// The waiver was a mistake: the duty stands again.
    #[arg(long)]
    lift: bool,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            let anchor =
                pipeline.intake().duty_decisions().one_duty(&args.child, args.duty, args.anchor.as_deref()).await?;
            let (obligation, reason) = (args.duty.to_string(), crate::cli::reason(&args.reason)?);
            let fact = if args.lift {
                Fact::WaiverLifted { obligation, anchor: anchor.clone(), reason }
            } else {
                Fact::Waived { obligation, anchor: anchor.clone(), reason }
            };
            pipeline.intake().duty_decisions().record_duty_fact(&args.child, &fact, &app.actor).await?;
            if !global.quiet {
                let said = if args.lift { "stands again" } else { "is waived" };
                println!(
                    "Recorded for child {}: {} ({anchor}) {said}, by {}.",
                    args.child,
                    args.duty.title(),
                    app.actor
                );
            }
            Ok(Exit::Done)
        })
        .await
}
