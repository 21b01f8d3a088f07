//! `earlypost request`: what parents and others ask about a record, with its clock.

use chrono::NaiveDate;
use serde_json::json;

use super::listing;
use crate::{
    case::{ChildId, Recipient},
    cli::{Exit, Global},
    pipeline::{NewRequest, RequestKind},
};

/// Requests for access, amendment or destruction.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Log a request. It stands in the record of access, also when it is refused.
    Log {
        /// The child's id.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// For what.
        #[arg(long, value_enum)]
        kind: RequestKind,
        /// Who asks: family:PERSON, office:OFFICE or office:OFFICE/PERSON.
        #[arg(long = "from", value_name = "RECIPIENT")]
        from: Recipient,
        /// The day on which it came (YYYY-MM-DD); without it, today.
        #[arg(long, value_name = "DATE")]
        received: Option<NaiveDate>,
        /// In the words of who asks.
        #[arg(long, default_value = "")]
        says: String,
    },
    /// Close a request: granted or refused.
    Close {
        /// The request's id.
        request: String,
        /// It was granted.
        #[arg(long, conflicts_with = "refused", required_unless_present = "refused")]
        granted: bool,
        /// It was refused.
        #[arg(long)]
        refused: bool,
        /// What was done, or why not.
        #[arg(long)]
        because: String,
    },
    /// List requests that wait for an answer, by their last day.
    List(listing::Listing),
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            match &args.what {
                What::Log { child, kind, from, received, says } => {
                    let new = NewRequest {
                        child: child.clone(),
                        kind: *kind,
                        from: from.clone(),
                        received_on: received.unwrap_or_else(|| pipeline.day()),
                        says: says.clone(),
                    };
                    let (id, due) = pipeline.access_record().log_request(&new, &app.actor).await?;
                    let mut lines = vec![match due {
                        Some(day) => format!("Request {id} is logged. Answer it by {day} (34 CFR 303.405)."),
                        None => format!("Request {id} is logged. Answer it without delay."),
                    }];
                    if *kind == RequestKind::Access {
                        lines.push(format!(
                            "The record of access: earlypost ledger report --child {child} --for PERSON --out FILE"
                        ));
                    }
                    listing::opened(&json!({ "request": id, "due_on": due }), &lines, global)?;
                }
                What::Close { request, granted, because, .. } => {
                    let row = pipeline.access_record().close_request(request, *granted, because, &app.actor).await?;
                    let mut lines = vec![format!(
                        "The request for {} is {}.",
                        row.kind,
                        if *granted { "granted" } else { "refused" }
                    )];
                    if !granted && row.kind == "amendment" {
                        lines.push("Tell the parents that they may ask for a hearing (34 CFR 303.411).".to_owned());
                    }
                    listing::say(&lines, global);
                }
                What::List(listing) => listing.show("request", &app, global).await?,
            }
            pipeline.renew_mark().await?;
            Ok(Exit::Done)
        })
        .await
}
