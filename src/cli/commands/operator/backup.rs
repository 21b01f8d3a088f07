//! `earlypost backup` and `restore`.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    app::key_is_there,
    cli::{Exit, Global, ui},
    pipeline::unpack,
};

/// Writes everything that is kept, but for the program's key, into one checked archive.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct BackupArgs {
    /// The archive to make. It holds case records in clear: keep it as safe as the data folder.
    file: PathBuf,
}

/// Restores an archive into an empty data folder. Nothing is sent until you release it.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RestoreArgs {
    /// The archive.
    file: PathBuf,
}

pub(in crate::cli) async fn backup(args: &BackupArgs, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let done = app.pipeline.backups().backup(&args.file, &app.actor).await?;
            if global.json {
                ui::print_json(&json!({ "file": args.file, "backup": done }))?;
            } else if !global.quiet {
                println!(
                    "{} files and {} entries are in {} ({} bytes), checked. SHA-256 {}.",
                    done.files,
                    done.entries,
                    args.file.display(),
                    done.bytes,
                    done.sha256
                );
                println!("The program's key is not in it: keep a copy of that apart.");
                if app.pipeline.backups().leaves_documents_out() {
                    println!("Nor are the stored papers: they stand in the bucket; keep its older versions there.");
                }
            }
            Ok(Exit::Done)
        })
        .await
}

pub(in crate::cli) async fn restore(args: &RestoreArgs, global: &Global) -> anyhow::Result<Exit> {
    let config = global.load()?;
    anyhow::ensure!(
        config.keeps_database_in_its_folder(),
        "the settings name a database outside the data folder (`store`); take that line out, restore, and move the database then"
    );
    key_is_there(&config)?;
    let restored = unpack(&args.file, &config.data_dir).await?;
    global.with_app(false, async |app| {
    let settled = app.pipeline.backups().settle_restored(&app.actor).await?;
    let gap = restored.seen - restored.entries;
    if global.json {
        ui::print_json(&json!({ "restored": restored, "missing_entries": gap, "settled": settled }))?;
    } else if !global.quiet {
        println!("The backup of {} is restored: {} entries.", restored.made_at, restored.entries);
        if gap > 0 {
            println!(
                "The mark or a checkpoint has seen entry {}: {gap} entries made after the backup are missing. What they record left or \
                 was decided, and this copy does not know it.",
                restored.seen
            );
        }
        for child in &settled.destroyed_again {
            println!("Child {child} had been destroyed and is destroyed again.");
        }
        println!(
            "Nothing is sent until you run `earlypost release --installation --reason ...`. Look at `earlypost status` first."
        );
    }
    if let Some(fault) = &settled.fault {
        eprintln!("earlypost: {fault}");
        return Ok(Exit::FaultFound);
    }
    Ok(Exit::Done)
    }).await
}
