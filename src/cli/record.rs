//! Facts that must stop a letter today are recorded today, without waiting for an import.

use super::{Exit, Global, who};
use crate::{
    app::App,
    case::{ChildId, EndpointId, Fact, ReleaseId},
};

/// Holds everything for a child.
#[derive(Debug, clap::Args)]
pub(super) struct HoldArgs {
    /// The child's id.
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// Lifts a hold.
#[derive(Debug, clap::Args)]
pub(super) struct ReleaseArgs {
    /// The child's id.
    #[arg(long, value_name = "ID", required_unless_present = "installation")]
    child: Option<ChildId>,
    /// Accept a restored or moved installation as this program's own.
    #[arg(long, conflicts_with = "child")]
    installation: bool,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// Records about releases of information.
#[derive(Debug, clap::Args)]
pub(super) struct ConsentArgs {
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
    },
}

/// Records about addresses.
#[derive(Debug, clap::Args)]
pub(super) struct EndpointArgs {
    #[command(subcommand)]
    what: EndpointWhat,
}

#[derive(Debug, clap::Subcommand)]
enum EndpointWhat {
    /// An address is wrong, unsafe or came back. Nothing of this child goes there any more.
    Disable {
        /// The child's id.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// The endpoint's id.
        #[arg(long, value_name = "ID")]
        endpoint: EndpointId,
    },
}

async fn record(global: &Global, child: &ChildId, fact: &Fact, says: &str) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let pipeline = &app.pipeline;
    known(&app, child, fact).await?;
    pipeline.store.record_fact(child, fact, &who(), pipeline.now()).await?;
    if !global.quiet {
        println!("Recorded for child {child}: {says}.");
        stopped(&app, child).await?;
    }
    app.pipeline.store.close().await;
    Ok(Exit::Done)
}

/// A slip in an id must not pass for a revocation that stops something.
async fn known(app: &App, child: &ChildId, fact: &Fact) -> anyhow::Result<()> {
    let store = &app.pipeline.store;
    let record = store.child(child).await?.record;
    match fact {
        Fact::ReleaseRevoked { release_id } => {
            let ids: Vec<&str> = record.releases.iter().map(|r| r.release_id.as_str()).collect();
            anyhow::ensure!(
                ids.contains(&release_id.as_str()),
                "nothing is recorded: child {child} has no release {release_id}, but these: {}",
                ids.join(", ")
            );
        }
        Fact::EndpointDisabled { endpoint_id } => {
            let (directory, _) = store.directory().await?;
            let mut endpoints = (record.family.iter().flat_map(|m| &m.endpoints))
                .chain(directory.organisations.iter().flat_map(|o| &o.endpoints));
            anyhow::ensure!(
                endpoints.any(|e| &e.endpoint_id == endpoint_id),
                "nothing is recorded: neither the family of child {child} nor the directory has an endpoint {endpoint_id}"
            );
        }
        _ => {}
    }
    Ok(())
}

/// What the fact stops: everything of the child that has not left, and what the gate says to it now.
async fn stopped(app: &App, child: &ChildId) -> anyhow::Result<()> {
    for row in app.pipeline.store.dispatches_of(child).await? {
        let waits = matches!(row.state.as_str(), "queued" | "printed" | "held" | "withheld");
        if waits && let Some(refusal) = app.pipeline.refusal_now(&row).await? {
            println!("  {} to {} does not go: {refusal}", row.dispatch_id, row.envelope.recipient);
        }
    }
    Ok(())
}

pub(super) async fn hold(args: &HoldArgs, global: &Global) -> anyhow::Result<Exit> {
    record(global, &args.child, &Fact::Held { reason: args.reason.clone() }, "everything is held").await
}

pub(super) async fn release(args: &ReleaseArgs, global: &Global) -> anyhow::Result<Exit> {
    let Some(child) = &args.child else {
        let (_, app) = global.app(false).await?;
        app.pipeline.accept_installation(&format!("{}: {}", who(), args.reason)).await?;
        if !global.quiet {
            println!("This database is accepted as the installation's own. The next run sends what is queued.");
        }
        return Ok(Exit::Done);
    };
    {
        let (_, app) = global.app(false).await?;
        let row = app.pipeline.store.child(child).await?;
        if row.recorded.record_refused.is_some() {
            app.pipeline.store.record_fact(child, &Fact::RecordSettled, &who(), app.pipeline.now()).await?;
        }
        app.pipeline.store.close().await;
    }
    record(global, child, &Fact::HoldLifted { reason: args.reason.clone() }, "nothing is held any more").await
}

pub(super) async fn consent(args: &ConsentArgs, global: &Global) -> anyhow::Result<Exit> {
    let ConsentWhat::Revoke { child, release } = &args.what;
    let fact = Fact::ReleaseRevoked { release_id: release.clone() };
    record(global, child, &fact, "the release is revoked").await
}

pub(super) async fn endpoint(args: &EndpointArgs, global: &Global) -> anyhow::Result<Exit> {
    let EndpointWhat::Disable { child, endpoint } = &args.what;
    let fact = Fact::EndpointDisabled { endpoint_id: endpoint.clone() };
    record(global, child, &fact, "the address is out of use").await
}
