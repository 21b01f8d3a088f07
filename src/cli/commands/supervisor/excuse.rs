//! `earlypost excuse`: days that the 45 do not count, and why a duty is late.

use chrono::NaiveDate;

use crate::{
    case::{ChildId, EventId, ExcuseReason, ExcusedSpan, Fact, LateBecause, Line},
    cli::{Exit, Global},
    due::ObligationKind,
    store::new_id,
};

/// Records days that the 45-day clock does not count, or why a duty is late.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Records days that the 45-day clock does not count (34 CFR 303.310(b)), or why a duty is late.\n\nDays need a \
first day, a reason and the note that documents it; the last day follows when the reason has ended. Days that overlap others \
are refused. Lateness needs the duty, whether the family or the system was the reason, and the note.",
    after_help = "Examples:\n  earlypost excuse --child c-0433 --from 2026-12-01 --to 2026-12-12 --reason family-circumstances \
--note \"contact 0433-contact-hospital\"\n  earlypost excuse --child c-0433 --duty initial-meeting --late-because system --note \
\"no evaluator was free\""
)]
pub(in crate::cli) struct Args {
    /// The child's id.
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// The first calendar day that does not count.
    #[arg(long, value_name = "DATE", required_unless_present = "duty", requires = "reason")]
    from: Option<NaiveDate>,
    /// The last one; leave it out while the reason lasts.
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<NaiveDate>,
    /// Why the days do not count.
    #[arg(long, value_enum, requires = "from")]
    reason: Option<Reason>,
    /// The duty that is late.
    #[arg(long, value_name = "DUTY", conflicts_with = "from", requires = "late_because")]
    duty: Option<ObligationKind>,
    /// The duty's anchor, where the child has several of the kind.
    #[arg(long, value_name = "ANCHOR", requires = "duty")]
    anchor: Option<String>,
    /// By whom it is late.
    #[arg(long, value_enum, requires = "duty")]
    late_because: Option<Because>,
    /// The note that documents it: a contact of the record, or a paper on file in a few words.
    #[arg(long)]
    note: String,
}

/// The reasons of 34 CFR 303.310(b).
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Reason {
    /// Child or parent is unavailable for exceptional family circumstances.
    FamilyCircumstances,
    /// No consent despite documented, repeated attempts.
    NoConsentDespiteAttempts,
}

/// As federal reports tell lateness apart.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Because {
    /// Documented exceptional circumstances of the family.
    Family,
    /// The program or the system.
    System,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global.with_app(false, async |app| {
    let pipeline = &app.pipeline;
    let note = crate::cli::reason(&args.note)?;
    let (fact, says) = if let (Some(duty), Some(because)) = (args.duty, args.late_because) {
        let anchor = pipeline.intake().duty_decisions().one_duty(&args.child, duty, args.anchor.as_deref()).await?;
        let because = match because {
            Because::Family => LateBecause::Family,
            Because::System => LateBecause::System,
        };
        let says = format!("{} ({anchor}) is late because of the {}", duty.title(), because.word());
        (Fact::LatenessExplained { obligation: duty.to_string(), anchor, because, note }, says)
    } else if let (Some(from), Some(reason)) = (args.from, args.reason) {
        let reason = match reason {
            Reason::FamilyCircumstances => ExcuseReason::FamilyCircumstances,
            Reason::NoConsentDespiteAttempts => ExcuseReason::NoConsentDespiteAttempts,
        };
        let span = ExcusedSpan {
            event_id: EventId::parse(format!("excused-{}", new_id(pipeline.now()))).expect("our own ids are ids"),
            from: from.into(),
            to: args.to.map(Into::into),
            reason,
            note: Line::parse(note)?,
        };
        pipeline.intake().duty_decisions().check_excuse(&args.child, &span).await?;
        let until = args.to.map_or_else(|| "until the reason ends".to_owned(), |to| format!("to {to}"));
        (Fact::Excused { span }, format!("the days from {from} {until} do not count towards the 45"))
    } else {
        anyhow::bail!(
            "say which days do not count (--from, --to, --reason) or which duty is late (--duty, --late-because)"
        );
    };
    pipeline.intake().duty_decisions().record_duty_fact(&args.child, &fact, &app.actor).await?;
    if !global.quiet {
        println!("Recorded for child {}: {says}, by {}.", args.child, app.actor);
    }
    Ok(Exit::Done)
    }).await
}
