//! `earlypost record exception` and `emergency-told`: a disclosure that needs no consent, and what a parent is told of it.

use super::{record::Child, stops::say_recorded};
use crate::{
    app::App,
    case::{Date, EmergencyAnswer, ExceptionGround, Line, OrderId, PersonId, Recipient, RecordClass},
    cli::{Exit, Global},
    pipeline::ExceptionAsked,
};

#[derive(Debug, clap::Args)]
pub(super) struct ExceptionArgs {
    #[command(flatten)]
    child: Child,
    /// To whom: office:OFFICE or office:OFFICE/PERSON.
    #[arg(long, value_name = "RECIPIENT")]
    to: Recipient,
    /// Which records. May be given several times.
    #[arg(long = "class", value_enum, required = true)]
    classes: Vec<Class>,
    #[command(flatten)]
    ground: GroundArgs,
    /// For a court order: how the parents were told before, or why not.
    #[arg(long, value_name = "TEXT", requires = "court_order")]
    parents_told: Option<Line>,
    /// Who looked at it and answers for it; you, when left out.
    #[arg(long, value_name = "NAME")]
    reviewer: Option<Line>,
    /// The last day on which it holds; today when left out.
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// For an emergency: a parent who is, or may be, the danger. May be given several times.
    #[arg(long, value_name = "PERSON", requires = "emergency")]
    danger: Vec<PersonId>,
}

#[derive(Debug, clap::Args)]
pub(super) struct EmergencyToldArgs {
    #[command(flatten)]
    child: Child,
    /// The office that had the record.
    #[arg(long, value_name = "RECIPIENT")]
    to: Recipient,
    /// The parent.
    #[arg(long, value_name = "PERSON")]
    person: PersonId,
    /// The parent was told: how, such as `by phone, the supervisor`.
    #[arg(long, value_name = "TEXT", required_unless_present = "not_now", conflicts_with = "not_now")]
    how: Option<Line>,
    /// The day on which the parent was told; today when left out.
    #[arg(long, value_name = "DATE", conflicts_with = "not_now")]
    on: Option<Date>,
    /// The parent is not told yet: why.
    #[arg(long, value_name = "REASON", requires = "look_again")]
    not_now: Option<Line>,
    /// The day on which somebody looks at it again.
    #[arg(long, value_name = "DATE", requires = "not_now")]
    look_again: Option<Date>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct GroundArgs {
    /// An emergency of health or safety: the threat, in words that another reader would understand.
    #[arg(long, value_name = "THREAT")]
    emergency: Option<Line>,
    /// A court order: its id. It is on file.
    #[arg(long, value_name = "ID", requires = "parents_told")]
    court_order: Option<OrderId>,
    /// An audit: who audits, by which authority.
    #[arg(long, value_name = "AUTHORITY")]
    audit: Option<Line>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Class {
    /// The plan.
    Plan,
    /// Evaluation and eligibility.
    Evaluation,
    /// Health, vision and hearing.
    Health,
    /// Contact notes.
    Contacts,
    /// Family information.
    Family,
    /// Transition.
    Transition,
}

impl From<Class> for RecordClass {
    fn from(class: Class) -> Self {
        match class {
            Class::Plan => Self::Plan,
            Class::Evaluation => Self::EvaluationAndEligibility,
            Class::Health => Self::Health,
            Class::Contacts => Self::ContactNotes,
            Class::Family => Self::FamilyInformation,
            Class::Transition => Self::Transition,
        }
    }
}

pub(super) async fn grant(args: &ExceptionArgs, global: &Global) -> anyhow::Result<Exit> {
    let asked = ExceptionAsked {
        recipient: args.to.clone(),
        classes: args.classes.iter().map(|c| RecordClass::from(*c)).collect(),
        ground: ground(&args.ground, args.parents_told.as_ref())?,
        reviewer: args.reviewer.clone(),
        until: args.until,
        danger: args.danger.clone(),
    };
    let child = &args.child.child;
    let grant = async |app: App| {
        let stopped = app.pipeline.intake().exceptions().grant(child, asked, &app.actor).await?;
        say_recorded(global, child, "an exception", &stopped)
    };
    global.with_app(false, grant).await?;
    Ok(Exit::Done)
}

pub(super) async fn tell(args: &EmergencyToldArgs, global: &Global) -> anyhow::Result<Exit> {
    let child = &args.child.child;
    let tell = async |app: App| {
        let intake = app.pipeline.intake();
        let (answer, says) = match (&args.not_now, args.look_again, &args.how) {
            (Some(reason), Some(look_again_on), _) => {
                let answer = EmergencyAnswer::NotNow { reason: reason.clone(), look_again_on };
                (answer, "this parent is not told of the emergency yet")
            }
            (_, _, Some(how)) => {
                let on = args.on.unwrap_or_else(|| intake.today());
                (EmergencyAnswer::Told { on, how: how.clone() }, "this parent was told of the emergency")
            }
            _ => anyhow::bail!("say how the parent was told with --how, or why not with --not-now and --look-again"),
        };
        let stopped = intake.exceptions().tell(child, &args.to, &args.person, answer, &app.actor).await?;
        say_recorded(global, child, says, &stopped)
    };
    global.with_app(false, tell).await?;
    Ok(Exit::Done)
}

fn ground(args: &GroundArgs, told: Option<&Line>) -> anyhow::Result<ExceptionGround> {
    Ok(match (args, told) {
        (GroundArgs { emergency: Some(threat), .. }, _) => ExceptionGround::Emergency { threat: threat.clone() },
        (GroundArgs { court_order: Some(order_id), .. }, Some(told)) => {
            ExceptionGround::CourtOrder { order_id: order_id.clone(), parents_told: told.clone() }
        }
        (GroundArgs { audit: Some(authority), .. }, _) => ExceptionGround::Audit { authority: authority.clone() },
        _ => anyhow::bail!("say on which ground: --emergency, --court-order with --parents-told, or --audit"),
    })
}
