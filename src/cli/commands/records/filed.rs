//! `earlypost filed`: papers made elsewhere that are on file.

use std::path::PathBuf;

use crate::{
    case::{ChildId, FiledId, Line},
    cli::{Exit, Global, ui},
    files::write,
};

/// Papers made elsewhere that are on file: list them, look at one, withdraw one.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Papers are taken in with `earlypost file-in` and go out with `earlypost send KIND --enclose PAPER`."
)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List a child's papers.
    List {
        /// Whose (see `earlypost find`).
        #[arg(long, value_name = "ID")]
        child: ChildId,
    },
    /// Write a paper to a file: the copy that goes out, or the file as it came. Looking is recorded.
    Show {
        /// The paper.
        paper: FiledId,
        /// Whose.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// Where to.
        #[arg(long, value_name = "FILE")]
        pdf: PathBuf,
        /// The file byte for byte as it came. It may hold scripts: open it with care.
        #[arg(long)]
        original: bool,
    },
    /// Say that a paper was taken in by mistake: it goes nowhere any more, and what it settled is open again.
    Withdraw {
        /// The paper.
        paper: FiledId,
        /// Whose.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Line,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            match &args.what {
                What::List { child } => {
                    let papers = app.pipeline.external_documents().filed_papers(child, &app.actor).await?;
                    if global.json {
                        ui::print_json(&serde_json::to_value(&papers)?)?;
                    } else if papers.is_empty() {
                        println!("No paper made elsewhere is on file for child {child}.");
                    } else {
                        for paper in &papers {
                            let pages =
                                if paper.pages == 1 { "1 page".to_owned() } else { format!("{} pages", paper.pages) };
                            let unread = if paper.unread.is_empty() { "" } else { ", scanned" };
                            println!("{}  {}  {} ({pages}{unread})", paper.paper_id, paper.on, paper.kind.title());
                        }
                    }
                }
                What::Show { paper, child, pdf, original } => {
                    let bytes =
                        app.pipeline.external_documents().filed_bytes(child, paper, *original, &app.actor).await?;
                    write(pdf, bytes).await.map_err(|error| {
                        anyhow::anyhow!("{} could not be written ({})", pdf.display(), error.kind())
                    })?;
                    app.pipeline.renew_mark().await?;
                    if !global.quiet && !global.json {
                        println!("Written to {}.", pdf.display());
                    }
                }
                What::Withdraw { paper, child, reason } => {
                    let stopped = app
                        .pipeline
                        .external_documents()
                        .withdraw_paper(child, paper, reason.clone(), &app.actor)
                        .await?;
                    if global.json {
                        ui::print_json(&serde_json::to_value(&stopped)?)?;
                    } else if !global.quiet {
                        println!("Paper {paper} is withdrawn. The file stays in the record, and goes nowhere.");
                        ui::say_stopped(&stopped);
                    }
                }
            }
            Ok(Exit::Done)
        })
        .await
}
