//! `earlypost init`: commented settings, a key and an empty caseload for one's own program.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    case::import::{Problem, parse_toml},
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
    for folder in ["caseload/children", "data"] {
        DirBuilder::new().recursive(true).mode(0o700).create(dir.join(folder)).map_err(made)?;
    }
    for (name, text) in
        [("earlypost.toml", CONFIG), ("caseload/program.toml", PROGRAM), ("caseload/directory.json", DIRECTORY)]
    {
        write_private(&dir.join(name), text).map_err(made)?;
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
        println!("It begins in trial mode: papers go to the addresses of [trial] in earlypost.toml and nowhere else.");
        println!(
            "Next: fill in program.toml and [trial], then run  earlypost config check --config {}",
            dir.join("earlypost.toml").display()
        );
    }
    Ok(Exit::Done)
}

/// Case records come to stand beside it: it is for this account only, whatever the umask says.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

/// What of a program's file and settings still says what `init` wrote. These lines stand on every letter.
pub(super) fn placeholders(caseload: &Path, trial: &[String]) -> anyhow::Result<Vec<Problem>> {
    const FIELDS: [&str; 7] = ["program_id", "name", "tagline", "address", "telephone", "email", "help"];
    let text = fs::read_to_string(caseload.join("program.toml")).context("reading program.toml")?;
    let ((theirs, lines), (ours, _)) = (parse_toml("program.toml", &text)?, parse_toml("program.toml", PROGRAM)?);
    let same = FIELDS.into_iter().filter(|field| theirs.get(field).is_some() && theirs.get(field) == ours.get(field));
    let mut found: Vec<Problem> = same
        .map(|field| Problem {
            file: "program.toml".to_owned(),
            row: lines.get(&format!("/{field}")).copied(),
            field: field.to_owned(),
            says: "still says what `earlypost init` wrote; write your program's own, or take it out".to_owned(),
        })
        .collect();
    let (settings, _) = parse_toml("earlypost.toml", CONFIG)?;
    if trial.iter().any(|address| settings["trial"]["addresses"][0] == address.as_str()) {
        let says = "still holds the address that `earlypost init` wrote; write one of your own";
        found.push(Problem { field: "trial.addresses".to_owned(), ..Problem::of_file("earlypost.toml", says) });
    }
    Ok(found)
}
