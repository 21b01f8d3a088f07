//! `earlypost store`: the database itself, for the person who looks after it.

use crate::{
    app::program_key,
    cli::{Exit, Global, ui},
    store::{Store, StoreSettings, migrate},
    telemetry,
};

/// The database itself.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make the tables or bring them up to date, and do nothing else.
    ///
    /// Every start does this where it may. Where the service is a user with few rights (packaging/postgres/roles.sql),
    /// the owner of the tables runs it before the first start and after each upgrade. It may be run twice.
    Migrate {
        /// The database, where it is not the one of the settings (or `EARLYPOST_STORE_URL`: a password in a command
        /// line can be seen by others on the machine).
        #[arg(long, value_name = "URL", env = "EARLYPOST_STORE_URL", hide_env_values = true)]
        url: Option<String>,
    },
    /// Copy everything to another, empty database: from SQLite to PostgreSQL or back.
    ///
    /// Stop every service first. The record of access is checked in both. Stored papers are not copied: they stay in
    /// their place, and both databases name them in the same way. Then set `store` to the new database.
    Copy {
        /// The database to copy, where it is not the one of the settings.
        #[arg(long, value_name = "URL", env = "EARLYPOST_STORE_FROM", hide_env_values = true)]
        from: Option<String>,
        /// The database to fill; it must be empty.
        #[arg(long, value_name = "URL", env = "EARLYPOST_STORE_TO", hide_env_values = true)]
        to: String,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    let config = global.load()?;
    telemetry::start(global.verbosity(), config.log_format);
    match &args.what {
        What::Migrate { url } => {
            migrate(&url.clone().unwrap_or_else(|| config.store_url())).await?;
            if global.json {
                ui::print_json(&serde_json::json!({"tables": "up to date"}))?;
            } else if !global.quiet {
                println!("The tables are up to date.");
            }
        }
        What::Copy { from, to } => {
            let key = program_key(&config).await?.key;
            let settings =
                |url: String| StoreSettings { url, bodies: config.papers_place(), key: key.clone(), connections: 4 };
            let source = Store::open(settings(from.clone().unwrap_or_else(|| config.store_url()))).await?;
            let copied = source.copy_to(settings(to.clone())).await?;
            source.close().await;
            if global.json {
                ui::print_json(&serde_json::to_value(&copied)?)?;
            } else if !global.quiet {
                for table in copied.tables.iter().filter(|table| table.rows > 0) {
                    println!("{:>10}  {}", table.rows, table.table);
                }
                println!(
                    "Copied. The record of access has {} entries and is whole in both. Now set `store` in the settings to the new database.",
                    copied.entries
                );
            }
        }
    }
    Ok(Exit::Done)
}
