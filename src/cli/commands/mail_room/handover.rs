//! `earlypost handover`: papers that have no safe way, made for a person who gives them by hand.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    files::write,
};

/// Makes the papers of a dispatch that waits, for a person who gives them by hand.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The gate is asked as for a sending, but for the address. When the papers were given, say so with\n\
`earlypost mark given ID --initials ER`: it counts as a delivery and enters the record of access.\n\
Example: earlypost handover 0199... --out to-give"
)]
pub(in crate::cli) struct Args {
    /// The dispatch's id (see `earlypost tasks`).
    dispatch: String,
    /// The folder for the papers; it is made if it is missing.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let papers = app.pipeline.previews().make_for_handover(&args.dispatch, &app.actor).await?;
            let wrong = |error: std::io::Error| {
                anyhow::anyhow!("the papers could not be written to {} ({})", args.out.display(), error.kind())
            };
            std::fs::create_dir_all(&args.out).map_err(wrong)?;
            let mut files = Vec::with_capacity(papers.len());
            for (place, paper) in papers.iter().enumerate() {
                // The program's own id and the kind of paper: no name stands in a file's name.
                let path = args.out.join(format!("{}-{}-{}.pdf", args.dispatch, place + 1, paper.kind));
                write(&path, &paper.pdf[..]).await.map_err(wrong)?;
                files.push(path.display().to_string());
            }
            if global.json {
                ui::print_json(&json!({ "dispatch": args.dispatch, "files": files }))?;
            } else if !global.quiet {
                for file in &files {
                    println!("{file}");
                }
                println!("Give them by hand, then run `earlypost mark given {} --initials ...`.", args.dispatch);
            }
            Ok(Exit::Done)
        })
        .await
}
