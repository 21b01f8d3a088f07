//! `earlypost passphrase`: shows the passphrase of an address to whoever tells it, and notes that it was told.

use serde_json::json;

use crate::{
    case::{ChildId, EndpointId},
    cli::{Exit, Global, ui},
};

/// Passphrases of addresses that get encrypted papers. They go by telephone or letter, never by e-mail.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show the passphrase on the screen. It is recorded that you looked.
    Show(Which),
    /// Say that the recipient was told.
    Told {
        #[command(flatten)]
        which: Which,
        /// How: `by telephone to the published number`.
        #[arg(long, value_name = "TEXT")]
        how: String,
    },
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The child's id.
    #[arg(long)]
    child: ChildId,
    /// The address's id.
    #[arg(long)]
    endpoint: EndpointId,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let delivery = app.pipeline.delivery();
            match &args.what {
                What::Show(Which { child, endpoint }) => {
                    let found = delivery.passphrase(child, endpoint, &app.actor).await?;
                    app.pipeline.renew_mark().await?;
                    if global.json {
                        ui::print_json(&json!({"passphrase": found.words, "told_at": found.told.map(|(at, _)| at)}))?;
                    } else {
                        println!("{}", found.words);
                        match found.told {
                            Some((at, how)) => println!("Told {at}, {how}."),
                            None => println!("Nobody was told yet. Afterwards run `earlypost passphrase told`."),
                        }
                    }
                }
                What::Told { which: Which { child, endpoint }, how } => {
                    delivery.passphrase_told(child, endpoint, how, &app.actor).await?;
                    if !global.quiet {
                        println!("It is noted that the passphrase of {endpoint} was told.");
                    }
                }
            }
            Ok(Exit::Done)
        })
        .await
}
