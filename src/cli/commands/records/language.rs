//! `earlypost record oral-translation|official-form|not-feasible`: how a consent or a notice reaches a parent in the
//! parent's language.

use std::path::PathBuf;

use serde_json::json;

use super::file_in::read;
use crate::{
    case::{Date, FiledId, Line, TellingWay},
    cli::{Exit, Global, ui},
};

/// The paper that waits.
#[derive(Debug, clap::Args)]
pub(super) struct Waiting {
    /// The held dispatch (see `earlypost tasks`).
    #[arg(long, value_name = "ID")]
    dispatch: String,
    /// The day; today when left out.
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

#[derive(Debug, clap::Args)]
pub(super) struct OralArgs {
    #[command(flatten)]
    paper: Waiting,
    /// Who translated it.
    #[arg(long, value_name = "NAME")]
    interpreter: Line,
    /// Into which language or mode of communication, such as `vi` or `ase`; the parent's own when left out.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Line>,
    /// How you know that the parent understood it.
    #[arg(long, value_name = "TEXT")]
    understood: Line,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("form").required(true))]
pub(super) struct FormArgs {
    #[command(flatten)]
    paper: Waiting,
    /// The form, a PDF. It is taken in and goes behind the paper.
    #[arg(long, value_name = "FILE", group = "form", requires = "looked_at")]
    file: Option<PathBuf>,
    /// A form of the kind official-form that is on file already (see `earlypost filed list`).
    #[arg(long, value_name = "ID", group = "form")]
    filed: Option<FiledId>,
    /// You have looked at every page: it is the state's own form of this paper, in the parent's language, and names no other
    /// child.
    #[arg(long)]
    looked_at: bool,
    /// In which language it is; the parent's own when left out.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Line>,
}

#[derive(Debug, clap::Args)]
pub(super) struct NotFeasibleArgs {
    #[command(flatten)]
    paper: Waiting,
    /// Why it is clearly not feasible: whom you asked, and what they said.
    #[arg(long, value_name = "TEXT")]
    because: Line,
}

pub(super) async fn oral(args: &OralArgs, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let language = language(&app, &args.paper, args.language.as_ref()).await?;
            let (interpreter, understood) = (args.interpreter.clone(), args.understood.clone());
            keep(&app, global, &args.paper, TellingWay::Orally { language, interpreter, understood }).await
        })
        .await
}

pub(super) async fn form(args: &FormArgs, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let config = &app.config;
            let file = args.file.as_deref().map(|path| read(path, config.file_in.bytes())).transpose()?;
            let language = language(&app, &args.paper, args.language.as_ref()).await?;
            let paper_id = match (&file, &args.filed) {
                (Some(file), _) => {
                    let on = args.paper.on.unwrap_or_else(|| app.pipeline.intake().today());
                    app.pipeline
                        .intake()
                        .take_in_form(&args.paper.dispatch, file, on, args.looked_at, &app.actor)
                        .await?
                }
                (None, Some(filed)) => filed.clone(),
                (None, None) => return Ok(Exit::WrongUse),
            };
            keep(&app, global, &args.paper, TellingWay::OfficialForm { language, paper_id }).await
        })
        .await
}

pub(super) async fn not_feasible(args: &NotFeasibleArgs, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            keep(&app, global, &args.paper, TellingWay::NotFeasible { because: args.because.clone() }).await
        })
        .await
}

async fn language(app: &crate::app::App, paper: &Waiting, said: Option<&Line>) -> anyhow::Result<Line> {
    let own = app.pipeline.intake().language_waited_for(&paper.dispatch, &app.actor).await?;
    Ok(match said {
        Some(said) => said.clone(),
        None => Line::parse(own)?,
    })
}

async fn keep(app: &crate::app::App, global: &Global, paper: &Waiting, way: TellingWay) -> anyhow::Result<Exit> {
    let (id, on) = (&paper.dispatch, paper.on.unwrap_or_else(|| app.pipeline.intake().today()));
    let code = way.code();
    let stopped = app.pipeline.intake().tell(id, way, on, &app.actor).await?;
    if global.json {
        ui::print_json(&json!({ "dispatch": id, "recorded": code, "stopped": stopped }))?;
    } else if !global.quiet {
        println!("Recorded for dispatch {id}, with its evidence. The next run lets the paper go.");
        ui::say_stopped(&stopped);
    }
    Ok(Exit::Done)
}
