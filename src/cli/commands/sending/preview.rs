//! `earlypost preview`: writes one paper as one recipient would see it. Looking is recorded.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;

use crate::{
    case::{ChildId, Recipient},
    cli::{Exit, Global, ui},
    document::{
        TemplateSet, read_own_templates,
        typst::worker::{RenderSettings, Renderer},
    },
    due::DocumentKind,
    files::write,
    pipeline::Silent,
};

/// Writes one paper as one recipient would see it.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
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
    /// Render again whenever a file of the template folder is saved, until you press Ctrl-C.
    #[arg(long)]
    watch: bool,
    /// Write what the template was given too, as JSON, for people who edit templates.
    #[arg(long, value_name = "FILE")]
    view: Option<PathBuf>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let config = &app.config;
            let import = app.pipeline.intake().import(&app.caseload, &Silent, &app.actor).await?;
            ui::say_refused(&import);
            let preview = app.pipeline.previews().preview(args.kind, &args.child, &args.recipient, &app.actor).await?;
            write(&args.out, &preview.rendered.pdf[..]).await.map_err(|error| {
                anyhow::anyhow!("the preview could not be written to {} ({})", args.out.display(), error.kind())
            })?;
            if let Some(path) = &args.view {
                write(path, &preview.view[..]).await.map_err(|error| {
                    anyhow::anyhow!("the view could not be written to {} ({})", path.display(), error.kind())
                })?;
            }
            if !global.quiet {
                println!("{} pages written to {}.", preview.rendered.pages.len(), args.out.display());
                for file in &preview.states_own {
                    println!("With it goes your state's own file {file}.");
                }
                match preview.verdict {
                    Ok(basis) => println!("It may go now ({basis})."),
                    Err(refusal) => println!("It may not go now: {refusal} {}", refusal.reason.next_step()),
                }
                println!("That you looked stands in the record of access.");
            }
            app.pipeline.renew_mark().await?;
            if args.watch {
                let folder = config
                    .templates_dir
                    .clone()
                    .context("--watch needs templates_dir in the settings: the folder that you edit")?;
                watch(args, &folder, &preview.view).await?;
            }
            Ok(Exit::Done)
        })
        .await
}

/// The same view with the templates as they are saved. Nothing of the record is read again.
async fn watch(args: &Args, folder: &Path, view: &[u8]) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("this program's own file could not be found")?;
    let renderer = Renderer::new(program, RenderSettings::default());
    println!("Watching {}; Ctrl-C ends it.", folder.display());
    let mut seen = Vec::new();
    let mut told = String::new();
    loop {
        match read_own_templates(folder) {
            Ok(own) if own == seen => {}
            Ok(own) => {
                let set = Arc::new(TemplateSet::of(own.clone()));
                match renderer.render(&set, args.kind, view.to_vec()).await {
                    Ok(paper) => {
                        write(&args.out, &paper.pdf[..]).await?;
                        println!("{} pages written to {}.", paper.pages.len(), args.out.display());
                    }
                    Err(error) => println!("{error}"),
                }
                seen = own;
            }
            // The same fault is told once, not at every look.
            Err(fault) if fault.to_string() == told => {}
            Err(fault) => {
                told = fault.to_string();
                println!("{told}");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(400)) => {}
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
    }
}
