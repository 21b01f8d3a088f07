//! `earlypost init`: commented settings, a key and an empty caseload for one's own program.

use std::{fs, path::PathBuf};

use crate::{
    cli::{Exit, Global},
    store::ProgramKey,
};

/// Makes a folder for your own program.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The folder to make.
    dir: PathBuf,
}

const CONFIG: &str = include_str!("init/earlypost.toml");
const PROGRAM: &str = include_str!("init/program.toml");
const DIRECTORY: &str = include_str!("init/directory.json");

pub(in crate::cli) fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let dir = &args.dir;
    let empty = !dir.exists() || fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
    anyhow::ensure!(empty, "{} is there already and is not empty; nothing was changed", dir.display());
    let made = |error: std::io::Error| anyhow::anyhow!("{} cannot be made ({})", dir.display(), error.kind());
    fs::create_dir_all(dir.join("caseload").join("children")).map_err(made)?;
    fs::create_dir_all(dir.join("data")).map_err(made)?;
    for (name, text) in
        [("earlypost.toml", CONFIG), ("caseload/program.toml", PROGRAM), ("caseload/directory.json", DIRECTORY)]
    {
        fs::write(dir.join(name), text).map_err(made)?;
    }
    let key = dir.join("data").join("program.key");
    ProgramKey::read_or_create(&key)?;
    if !global.quiet {
        println!("Made {}:", dir.display());
        println!("  earlypost.toml           settings; every line is explained");
        println!("  caseload/program.toml    your program: name, address, zone, state");
        println!("  caseload/directory.json  offices and professionals");
        println!("  caseload/children/       one JSON file a child (`earlypost schema record` says how)");
        println!("  data/program.key         the key of everything that will be stored: keep a copy in a safe place");
        println!(
            "Next: fill in program.toml, then run  earlypost config check --config {}",
            dir.join("earlypost.toml").display()
        );
    }
    Ok(Exit::Done)
}
