//! `earlypost record`: what somebody learned today and must stop a letter today, without waiting for an import.

use super::{
    exception, language,
    stops::{keep, record},
};
use crate::{
    app::App,
    case::{ChildId, CourtOrder, Date, Fact, Line, ObjectionTo, OrderEffect, OrderId, OrganisationId, PersonId},
    cli::{Exit, Global},
};

/// Records what somebody learned today: it counts at once, and no import undoes it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each of these shows what it stopped: dispatches that waited, and letters to be taken out of the stack.\n\
Example: earlypost record order --child c-0417 --order order-12 --person 0417-father --effect deny-access"
)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

/// The child that it is about.
#[derive(Debug, clap::Args)]
pub(super) struct Child {
    /// The child's id (see `earlypost find`).
    #[arg(long, value_name = "ID")]
    pub(super) child: ChildId,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A court order or other binding paper came, read or not yet read.
    Order(OrderArgs),
    /// Somebody says that there is an order, and shows none. It blocks nothing and opens a task.
    Claim {
        #[command(flatten)]
        child: Child,
        /// Against whom.
        #[arg(long, value_name = "PERSON")]
        person: PersonId,
    },
    /// A person of the family has moved: letters to the old address stop.
    Move {
        #[command(flatten)]
        child: Child,
        /// Who.
        #[arg(long, value_name = "PERSON")]
        person: PersonId,
        /// The day of the move; today when left out.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
    },
    /// The child no longer lives with a foster parent or relative, or lives there again.
    Placement {
        #[command(flatten)]
        child: Child,
        /// With whom.
        #[arg(long, value_name = "PERSON")]
        person: PersonId,
        /// The child lives there again; without this the placement has ended.
        #[arg(long)]
        began: bool,
        /// The day; today when left out.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
    },
    /// The child died. Everything that goes by itself stops.
    Death {
        #[command(flatten)]
        child: Child,
    },
    /// A parent wants no reminders any more, or wants them again. Required notices go in any case.
    Reminders {
        #[command(flatten)]
        child: Child,
        /// Who.
        #[arg(long, value_name = "PERSON")]
        person: PersonId,
        /// They are wanted again; without this they stop.
        #[arg(long)]
        again: bool,
    },
    /// A parent objects to the notice to the school district (34 CFR 303.401(e)).
    Objection {
        #[command(flatten)]
        child: Child,
        /// In writing. Said aloud it holds the notice, and a task asks for the paper.
        #[arg(long)]
        written: bool,
        /// The day; today when left out.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
    },
    /// Whether a parent's objection counts that came after the time for it, before the notice has left.
    LateObjection {
        #[command(flatten)]
        child: Child,
        /// It counts: the notice does not go. Without this the notice goes by the rule.
        #[arg(long)]
        counts: bool,
        /// Why, in a few words.
        #[arg(long, value_name = "TEXT")]
        because: Line,
    },
    /// Another child's name in a held paper was looked at, and belongs there. The answer is remembered.
    Name {
        /// The held dispatch (see `earlypost tasks`).
        #[arg(long, value_name = "ID")]
        dispatch: String,
    },
    /// A consent or notice that waits for the parent's language was translated orally (34 CFR 303.421(c)).
    OralTranslation(language::OralArgs),
    /// The state's own form in the parent's language goes behind a consent or notice that waits for its language.
    OfficialForm(language::FormArgs),
    /// The parent's language is clearly not feasible: the paper goes in English, with a cover that offers an interpreter.
    NotFeasible(language::NotFeasibleArgs),
    /// A disclosure without consent that the law allows: emergency, court order, audit. It serves what you send, never what
    /// goes by itself.
    Exception(exception::ExceptionArgs),
    /// Whether a parent was told of an emergency in which an office had the record.
    EmergencyTold(exception::EmergencyToldArgs),
    /// A parent may know an office whose place is private, such as a shelter.
    OfficeMayBeKnown {
        #[command(flatten)]
        child: Child,
        /// The office.
        #[arg(long, value_name = "OFFICE")]
        office: OrganisationId,
        /// The parent.
        #[arg(long, value_name = "PERSON")]
        person: PersonId,
        /// Why, in a few words.
        #[arg(long, value_name = "TEXT")]
        because: Line,
    },
}

#[derive(Debug, clap::Args)]
struct OrderArgs {
    #[command(flatten)]
    child: Child,
    /// An id for the order, such as `order-12`. The same id again is its later reading.
    #[arg(long, value_name = "ID")]
    order: OrderId,
    /// Whom it is about; before it is read everybody whom it may be about. May be given several times.
    #[arg(long, value_name = "PERSON", required = true)]
    person: Vec<PersonId>,
    /// What it does, as you read it. Without this it counts as not yet read.
    #[arg(long, value_enum)]
    effect: Option<Effect>,
    /// Who read it, a person of the directory.
    #[arg(long, value_name = "PERSON", requires = "effect")]
    read_by: Option<PersonId>,
    /// The day on which it came; today when left out.
    #[arg(long, value_name = "DATE")]
    received: Option<Date>,
    /// The first day of its effect; the day on which it came when left out.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day of its effect.
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Effect {
    /// The named persons may not have the child's records.
    DenyAccess,
    /// The named persons may not learn where the child lives.
    DenyAddress,
    /// Only the named persons may have the records.
    AllowNamedOnly,
    /// The named persons decide for the child.
    NamedDecisionMaker,
}

impl From<Effect> for OrderEffect {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::DenyAccess => Self::DenyAccess,
            Effect::DenyAddress => Self::DenyAddress,
            Effect::AllowNamedOnly => Self::AllowNamedOnly,
            Effect::NamedDecisionMaker => Self::NamedDecisionMaker,
        }
    }
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        What::Death { child } => record(global, &child.child, &Fact::Died, "a death").await,
        What::Name { dispatch } => {
            let account = async |app: App| app.pipeline.intake().account_for_names(dispatch, &app.actor).await;
            let names = global.with_app(false, account).await?;
            if !global.quiet {
                println!("Recorded: {names} names in dispatch {dispatch} belong there. The next run lets it go.");
            }
            Ok(Exit::Done)
        }
        What::Reminders { child, person, again } => {
            let fact = Fact::OptionalMail { person_id: person.clone(), wanted: *again };
            let says = if *again { "reminders are wanted again" } else { "reminders stop; required notices still go" };
            record(global, &child.child, &fact, says).await
        }
        What::OralTranslation(args) => Box::pin(language::oral(args, global)).await,
        What::OfficialForm(args) => Box::pin(language::form(args, global)).await,
        What::NotFeasible(args) => Box::pin(language::not_feasible(args, global)).await,
        What::Claim { child, person } => {
            let fact = Fact::OrderClaimed { person_id: person.clone() };
            record(global, &child.child, &fact, "an order is claimed; without the paper it blocks nothing").await
        }
        What::LateObjection { child, counts, because } => {
            let fact = Fact::LateObjectionDecided { counts: *counts, because: because.clone() };
            let says = if *counts {
                "the late objection counts; the notice does not go"
            } else {
                "the notice goes by the rule"
            };
            record(global, &child.child, &fact, says).await
        }
        What::OfficeMayBeKnown { child, office, person, because } => {
            let fact = Fact::OfficeMayBeKnown {
                organisation_id: office.clone(),
                person_id: person.clone(),
                because: because.clone(),
            };
            record(global, &child.child, &fact, "this parent may know the office").await
        }
        What::Exception(args) => exception::grant(args, global).await,
        What::EmergencyTold(args) => exception::tell(args, global).await,
        dated => {
            let keep_dated = async |app: App| {
                let (child, fact, says) = with_day(dated, &app).await?;
                keep(&app, global, &child, &fact, says).await?;
                Ok(Exit::Done)
            };
            global.with_app(false, keep_dated).await
        }
    }
}

/// The facts that need to know today's date.
async fn with_day(what: &What, app: &App) -> anyhow::Result<(ChildId, Fact, &'static str)> {
    let today = app.pipeline.intake().today();
    Ok(match what {
        What::Order(args) => {
            let says = if args.effect.is_some() { "an order" } else { "an order that nobody has read yet" };
            (args.child.child.clone(), Fact::OrderReceived { order: order(args, today) }, says)
        }
        What::Move { child, person, on } => {
            let fact = app.pipeline.intake().move_of(&child.child, person, *on).await?;
            (child.child.clone(), fact, "a move; letters to the address known until now stop")
        }
        What::Placement { child, person, began, on } => {
            let (person_id, on) = (person.clone(), on.unwrap_or(today));
            let (fact, says) = if *began {
                (Fact::PlacementBegan { person_id, on }, "the child is placed there again")
            } else {
                (Fact::PlacementEnded { person_id, on }, "the placement has ended")
            };
            (child.child.clone(), fact, says)
        }
        What::Objection { child, written, on } => {
            let to = ObjectionTo::LimitedNotice;
            let fact = Fact::Objection { to, written: *written, on: on.unwrap_or(today) };
            (child.child.clone(), fact, "an objection to the notice to the school district")
        }
        What::Claim { .. }
        | What::Death { .. }
        | What::Name { .. }
        | What::Reminders { .. }
        | What::Exception(_)
        | What::EmergencyTold(_)
        | What::LateObjection { .. }
        | What::OfficeMayBeKnown { .. }
        | What::OralTranslation(_)
        | What::OfficialForm(_)
        | What::NotFeasible(_) => {
            unreachable!("recorded without a date")
        }
    })
}

fn order(args: &OrderArgs, today: Date) -> CourtOrder {
    let received_on = args.received.unwrap_or(today);
    CourtOrder {
        order_id: args.order.clone(),
        received_on,
        effective_on: args.from.unwrap_or(received_on),
        expires_on: args.until,
        effect: args.effect.map(OrderEffect::from),
        verified_by: args.read_by.clone(),
        persons: args.person.clone(),
    }
}
