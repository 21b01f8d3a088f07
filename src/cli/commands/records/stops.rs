//! Facts that must stop a letter today are recorded today, without waiting for an import.

use serde_json::json;

use crate::{
    app::App,
    case::{ChildId, Date, EndpointId, Fact, Line, PersonId, Recipient, ReleaseId},
    cli::{Exit, Global, ui},
    due::DocumentKind,
    pipeline::{Revocation, StoppedLine},
    store::HoldScope,
};

/// What is held or released.
#[derive(Debug, clap::Args)]
struct Scope {
    /// Everything for this child.
    #[arg(long, value_name = "ID", group = "scope")]
    child: Option<ChildId>,
    /// Everything to this recipient: family:PERSON, office:OFFICE (with its people) or office:OFFICE/PERSON.
    #[arg(long, value_name = "RECIPIENT", group = "scope")]
    recipient: Option<Recipient>,
    /// Papers of this kind, to everybody.
    #[arg(long, value_name = "KIND", group = "scope")]
    document: Option<DocumentKind>,
    /// A schedule of the service (see `earlypost schedule list`).
    #[arg(long, value_name = "NAME", group = "scope")]
    schedule: Option<String>,
    /// Everything to everybody.
    #[arg(long, group = "scope")]
    everything: bool,
}

impl Scope {
    /// The scope, where it is no child.
    fn wide(&self) -> Option<HoldScope> {
        let recipient = self.recipient.as_ref().map(|to| HoldScope::Recipient(to.to_string()));
        let document = self.document.map(|kind| HoldScope::Document(kind.to_string()));
        let schedule = self.schedule.clone().map(HoldScope::Schedule);
        recipient.or(document).or(schedule).or(self.everything.then_some(HoldScope::Everything))
    }
}

/// Holds everything for a child, to a recipient, of a kind, or all of it. Without a last day a hold never ends by itself.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("scope").required(true))]
pub(in crate::cli) struct HoldArgs {
    #[command(flatten)]
    scope: Scope,
    /// Why.
    #[arg(long)]
    reason: String,
    /// The last day of the hold on a child; without it the hold stands until somebody lifts it.
    #[arg(long, value_name = "DATE", requires = "child")]
    until: Option<Date>,
}

/// Lifts a hold.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("scope").required(true))]
pub(in crate::cli) struct ReleaseArgs {
    #[command(flatten)]
    scope: Scope,
    /// Let one envelope go that has waited too long to go by itself.
    #[arg(long, value_name = "ID", group = "scope")]
    dispatch: Option<String>,
    /// Accept a restored or moved installation as this program's own.
    #[arg(long, group = "scope")]
    installation: bool,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// Records about releases of information.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ConsentArgs {
    #[command(subcommand)]
    what: ConsentWhat,
}

#[derive(Debug, clap::Subcommand)]
enum ConsentWhat {
    /// A parent took a release back. What has not left yet stays.
    Revoke {
        /// The child's id.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// The release's id.
        #[arg(long, value_name = "ID")]
        release: ReleaseId,
        /// Who took it back, where it was not the parent who signed it.
        #[arg(long, value_name = "PERSON")]
        by: Option<PersonId>,
        /// The day on which it was taken back; today when left out.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
        /// Only said aloud so far: everything that rests on it is held until the written word comes.
        #[arg(long)]
        oral: bool,
    },
    /// A parent who had taken a release back aloud lets it stand after all.
    Keep {
        /// The child's id.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// The release's id.
        #[arg(long, value_name = "ID")]
        release: ReleaseId,
        /// What the parent said, in a few words.
        #[arg(long, value_name = "TEXT")]
        because: Line,
    },
}

/// Records about addresses.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct EndpointArgs {
    #[command(subcommand)]
    what: EndpointWhat,
}

#[derive(Debug, clap::Subcommand)]
enum EndpointWhat {
    /// An address is wrong, unsafe or came back. Nothing goes there any more: of a family for its child, of an office
    /// for every child.
    Disable {
        /// The child's id. Without it the address is an office's, and nothing of any child goes there.
        #[arg(long, value_name = "ID")]
        child: Option<ChildId>,
        /// The endpoint's id.
        #[arg(long, value_name = "ID")]
        endpoint: EndpointId,
    },
    /// Somebody made sure that an address belongs to its owner: the second look before a first use, or after a move.
    Verify {
        /// The child's id. Without it the address is an office's, and it may be used for every child.
        #[arg(long, value_name = "ID")]
        child: Option<ChildId>,
        /// The endpoint's id.
        #[arg(long, value_name = "ID")]
        endpoint: EndpointId,
        /// How, such as `called the number on the practice's own web page`.
        #[arg(long, value_name = "TEXT")]
        how: Line,
        /// By whom; the user of this command when left out.
        #[arg(long, value_name = "NAME")]
        by: Option<Line>,
    },
}

/// Records a fact, shows what it stopped, and says so.
pub(super) async fn record(global: &Global, child: &ChildId, fact: &Fact, says: &str) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            keep(&app, global, child, fact, says).await?;
            Ok(Exit::Done)
        })
        .await
}

pub(super) async fn keep(app: &App, global: &Global, child: &ChildId, fact: &Fact, says: &str) -> anyhow::Result<()> {
    let stopped = app.pipeline.intake().record(child, fact, &app.actor).await?;
    say_recorded(global, child, says, &stopped)?;
    say_gone(app, global, child, fact).await
}

/// What had left before somebody recorded that it may not: nobody can call it back, and the person who records it has to
/// know.
async fn say_gone(app: &App, global: &Global, child: &ChildId, fact: &Fact) -> anyhow::Result<()> {
    if global.json || global.quiet {
        return Ok(());
    }
    let gone = app.pipeline.access_record().gone_before(child, fact, &app.actor).await?;
    for line in &gone.lines {
        println!("  Gone before: {} on {}, {}.", line.recipient, line.on, line.papers.join(", "));
    }
    match gone.not_shown {
        0 => {}
        1 => println!("  Gone before: 1 delivery. Whoever serves the child sees which."),
        n => println!("  Gone before: {n} deliveries. Whoever serves the child sees which."),
    }
    Ok(())
}

pub(super) fn say_recorded(
    global: &Global,
    child: &ChildId,
    says: &str,
    stopped: &[StoppedLine],
) -> anyhow::Result<()> {
    if global.json {
        ui::print_json(&json!({ "child": child.as_str(), "recorded": says, "stopped": stopped }))?;
    } else if !global.quiet {
        println!("Recorded for child {child}: {says}.");
        ui::say_stopped(stopped);
    }
    Ok(())
}

pub(in crate::cli) async fn hold(args: &HoldArgs, global: &Global) -> anyhow::Result<Exit> {
    if let Some(child) = &args.scope.child {
        let reason = args.reason.clone();
        let (fact, says) = match args.until {
            Some(until) => (Fact::HeldUntil { reason, until }, format!("everything is held through {until}")),
            None => (Fact::Held { reason }, "everything is held".to_owned()),
        };
        return record(global, child, &fact, &says).await;
    }
    let Some(scope) = args.scope.wide() else { return Ok(Exit::WrongUse) };
    let hold = async |app: App| app.pipeline.stops().hold(&scope, &args.reason, &app.actor).await;
    let found = global.with_app(false, hold).await?;
    if !global.quiet {
        println!("{} is {}held.", capital(&scope.to_string()), if found.is_new { "" } else { "already " });
        found.on_its_way.iter().for_each(|line| println!("  {}", ui::on_its_way(line)));
    }
    Ok(Exit::Done)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(in crate::cli) async fn release(args: &ReleaseArgs, global: &Global) -> anyhow::Result<Exit> {
    let released = async |app: App| {
        let (pipeline, by) = (&app.pipeline, &app.actor);
        if let Some(dispatch) = &args.dispatch {
            let (child, stopped) = pipeline.intake().let_go(dispatch, &args.reason, by).await?;
            return say_recorded(global, &child, "the envelope may go; the next run makes it", &stopped);
        }
        if let Some(scope) = args.scope.wide() {
            pipeline.stops().lift_hold(&scope, &args.reason, by).await?;
            if !global.quiet {
                println!("{} is held no more. The next run takes up what waited.", capital(&scope.to_string()));
            }
            return Ok(());
        }
        if let Some(child) = &args.scope.child {
            let stopped = pipeline.intake().lift_hold(child, &args.reason, by).await?;
            return say_recorded(global, child, "nothing is held any more", &stopped);
        }
        pipeline.delivery().accept_installation(&args.reason, by).await?;
        if !global.quiet {
            println!("This database is accepted as the installation's own. The next run sends what is queued.");
        }
        Ok(())
    };
    global.with_app(false, released).await?;
    Ok(Exit::Done)
}

pub(in crate::cli) async fn consent(args: &ConsentArgs, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        ConsentWhat::Revoke { child, release, by, on, oral } => {
            let revocation = Revocation { release_id: release.clone(), by: by.clone(), on: *on, oral: *oral };
            let says = if *oral {
                "the release is taken back by word of mouth; what rests on it is held"
            } else {
                "the release is revoked"
            };
            let revoke = async |app: App| {
                let stopped = app.pipeline.intake().revoke_release(child, &revocation, &app.actor).await?;
                say_recorded(global, child, says, &stopped)?;
                let fact = Fact::ReleaseRevoked { release_id: release.clone() };
                say_gone(&app, global, child, &fact).await
            };
            global.with_app(false, revoke).await?;
            Ok(Exit::Done)
        }
        ConsentWhat::Keep { child, release, because } => {
            let fact = Fact::ReleaseKept { release_id: release.clone(), because: because.clone() };
            record(global, child, &fact, "the parent lets the release stand").await
        }
    }
}

pub(in crate::cli) async fn endpoint(args: &EndpointArgs, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let (child, fact, says) = match &args.what {
                EndpointWhat::Disable { child, endpoint } => {
                    (child, Fact::EndpointDisabled { endpoint_id: endpoint.clone() }, "the address is out of use")
                }
                EndpointWhat::Verify { child, endpoint, how, by } => {
                    let fact = Fact::EndpointVerified {
                        endpoint_id: endpoint.clone(),
                        on: app.pipeline.intake().today(),
                        by: match by {
                            Some(name) => name.clone(),
                            None => Line::parse(app.actor.name())?,
                        },
                        how: how.clone(),
                    };
                    (child, fact, "the address is made sure of; the next run may use it")
                }
            };
            if let Some(child) = child {
                keep(&app, global, child, &fact, says).await?;
            } else {
                let stopped = app.pipeline.intake().record_for_office(&fact, &app.actor).await?;
                if global.json {
                    ui::print_json(&json!({ "recorded": says, "stopped": stopped }))?;
                } else if !global.quiet {
                    println!("Recorded for every child: {says}.");
                    ui::say_stopped(&stopped);
                }
            }
            Ok(Exit::Done)
        })
        .await
}
