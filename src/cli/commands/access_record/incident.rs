//! `earlypost incident`: what reached the wrong hands, was lost, or was stopped just before.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::json;

use super::listing;
use crate::{
    case::PersonId,
    cli::{Exit, Global},
    files::write,
    pipeline::{IncidentKind, NewIncident},
};

/// Incidents, each opened from a dispatch.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Open an incident about a dispatch. Its clock starts on the day on which it was found out.
    Open {
        /// The dispatch's id.
        #[arg(long, value_name = "ID")]
        dispatch: String,
        /// What went wrong.
        #[arg(long, value_enum)]
        kind: IncidentKind,
        /// The day on which it was found out (YYYY-MM-DD); without it, today.
        #[arg(long, value_name = "DATE")]
        found_on: Option<NaiveDate>,
        /// What happened and what is known. The parent reads this in the letter.
        #[arg(long)]
        says: String,
    },
    /// Print the letter that tells a parent.
    Letter {
        /// The incident's id.
        incident: String,
        /// To this parent.
        #[arg(long, value_name = "PERSON")]
        to: PersonId,
        /// What is known of the papers now: `The office has destroyed them and told us so in writing.` Without it: that
        /// nobody knows yet.
        #[arg(long)]
        now: Option<String>,
        /// The PDF to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Close an incident.
    Close {
        /// The incident's id.
        incident: String,
        /// How it ended: `papers-returned`, `papers-destroyed`, `not-recovered`, `nothing-left`.
        #[arg(long, value_parser = ["papers-returned", "papers-destroyed", "not-recovered", "nothing-left"])]
        outcome: String,
        /// The assessment, who was told and when, and what changes.
        #[arg(long)]
        because: String,
    },
    /// List open incidents, by the last day for telling the parents.
    List(listing::Listing),
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            match &args.what {
                What::Open { dispatch, kind, found_on, says } => {
                    let new = NewIncident {
                        dispatch: dispatch.clone(),
                        kind: *kind,
                        found_on: found_on.unwrap_or_else(|| pipeline.day()),
                        says: says.clone(),
                    };
                    let (id, due) = pipeline.access_record().open_incident(&new, &app.actor).await?;
                    let rule = &pipeline.profile.incident_notice_calendar_days;
                    let mut lines = vec![format!(
                        "Incident {id} is open. Tell the parents without delay, at the latest by {due} ({}).",
                        rule.source
                    )];
                    if !rule.confirmed {
                        lines.push("This term was not confirmed: ask your lead agency.".to_owned());
                    }
                    let told =
                        json!({ "incident": id, "tell_by": due, "source": rule.source, "confirmed": rule.confirmed });
                    listing::opened(&told, &lines, global)?;
                }
                What::Letter { incident, to, now, out } => {
                    let rendered =
                        pipeline.access_record().incident_letter(incident, to, now.as_deref(), &app.actor).await?;
                    write(out, &rendered.pdf[..]).await.map_err(|error| {
                        anyhow::anyhow!("{} could not be written ({})", out.display(), error.kind())
                    })?;
                    let (pages, file) = (rendered.pages.len(), out.display());
                    listing::say(&[format!("{pages} pages written to {file}. Send it by first-class mail.")], global);
                }
                What::Close { incident, outcome, because } => {
                    pipeline.access_record().close_incident(incident, outcome, because, &app.actor).await?;
                    listing::say(&[format!("Incident {incident} is closed.")], global);
                }
                What::List(listing) => listing.show("incident", &app, global).await?,
            }
            pipeline.renew_mark().await?;
            Ok(Exit::Done)
        })
        .await
}
