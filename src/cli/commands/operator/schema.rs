//! `earlypost schema`: the JSON Schema of an input, made from the types that read it.

use clap::ValueEnum;
use schemars::schema_for;

use crate::{cli::Exit, due::DocumentKind};

/// Prints the JSON Schema of an input, or of what a template is given.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Which input.
    #[arg(value_enum, default_value_t = Input::Record)]
    input: Input,
    /// The view of this kind of paper instead: every field that its template can print.
    #[arg(long, value_name = "KIND", conflicts_with = "input")]
    view: Option<DocumentKind>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Input {
    /// One child's case record.
    Record,
    /// directory.json: offices and professionals.
    Directory,
    /// program.toml.
    Program,
    /// The settings file.
    Config,
}

pub(in crate::cli) fn act(args: &Args) -> anyhow::Result<Exit> {
    if let Some(kind) = args.view {
        crate::cli::ui::print_json(crate::document::view::schema_of(kind).as_value())?;
        return Ok(Exit::Done);
    }
    let schema = match args.input {
        Input::Record => schema_for!(crate::case::CaseRecord),
        Input::Directory => schema_for!(crate::case::Directory),
        Input::Program => schema_for!(crate::case::Program),
        Input::Config => schema_for!(crate::config::Config),
    };
    crate::cli::ui::print_json(schema.as_value())?;
    Ok(Exit::Done)
}
