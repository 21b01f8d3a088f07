//! `earlypost preview`: writes one paper as one recipient would see it. Looking is recorded.

use std::path::PathBuf;

use super::{Exit, Global, screen, who};
use crate::{
    case::{ChildId, Recipient},
    dispatch::file::write_whole,
    due::DocumentKind,
    pipeline::Silent,
};

/// Writes one paper as one recipient would see it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The paper.
    kind: DocumentKind,
    /// The child's id.
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// As whose copy: family:PERSON, office:OFFICE or office:OFFICE/PERSON.
    #[arg(long = "as", value_name = "RECIPIENT")]
    recipient: Recipient,
    /// The PDF to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write what the template was given too, as JSON, for people who edit templates.
    #[arg(long, value_name = "FILE")]
    view: Option<PathBuf>,
}

pub(super) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let (_, app) = global.app(false).await?;
    let import = app.pipeline.import(&app.caseload, &Silent).await?;
    screen::say_refused(&import);
    let preview = app.pipeline.preview(args.kind, &args.child, &args.recipient, &who()).await?;
    write_whole(&args.out, &preview.rendered.pdf).map_err(|error| {
        anyhow::anyhow!("the preview could not be written to {} ({})", args.out.display(), error.kind())
    })?;
    if let Some(path) = &args.view {
        write_whole(path, &preview.view).map_err(|error| {
            anyhow::anyhow!("the view could not be written to {} ({})", path.display(), error.kind())
        })?;
    }
    if !global.quiet {
        println!("{} pages written to {}.", preview.rendered.pages.len(), args.out.display());
        match preview.verdict {
            Ok(basis) => println!("It may go now ({basis})."),
            Err(refusal) => println!("It may not go now: {refusal} {}", refusal.reason.next_step()),
        }
        println!("That you looked stands in the record of access.");
    }
    app.pipeline.renew_mark().await?;
    app.pipeline.store.close().await;
    Ok(Exit::Done)
}
