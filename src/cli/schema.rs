//! `earlypost schema`: the JSON Schema of an input, made from the types that read it.

use clap::ValueEnum;
use schemars::schema_for;

use super::Exit;

/// Prints the JSON Schema of an input.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which input.
    #[arg(value_enum, default_value_t = Input::Record)]
    input: Input,
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

pub(super) fn act(args: &Args) -> anyhow::Result<Exit> {
    let schema = match args.input {
        Input::Record => schema_for!(crate::case::CaseRecord),
        Input::Directory => schema_for!(crate::case::Directory),
        Input::Program => schema_for!(crate::case::Program),
        Input::Config => schema_for!(crate::config::Config),
    };
    super::screen::print_json(schema.as_value())?;
    Ok(Exit::Done)
}
