//! `earlypost receive`: takes what came back, and shows what waits for a person.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    cli::{Exit, Global, ui},
    dispatch::email::incoming::Sort,
    files::write,
    shown::shown_bytes,
    store::{Closes, ReceiptRow},
};

/// Takes failure notices, receipts and other mail from the mailboxes under [receive] in the settings.
///
/// A failure notice that came to one of our own return paths turns `accepted` into `returned`, opens the duty again
/// and makes a task; a receipt turns it into `confirmed`. Both stand in the record of access. An address goes out of use only
/// for a code that speaks of it (5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10; 5.2.1 where the words agree); a notice that speaks of
/// us, or many for one reason, rest the channel. What cannot be matched with certainty is kept, sorted, changes nothing,
/// and waits for a person. Nothing is ever answered.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List what waits for a person.
    List {
        /// Everything that ever came in.
        #[arg(long)]
        all: bool,
    },
    /// Show one message whole, its control characters as text. It may hold names: it goes to the screen, or with --out as it
    /// is to a file, and nowhere else.
    Show {
        /// The message's id, as `earlypost receive list` shows it.
        message: String,
        /// Write it to FILE.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Say that you have looked at messages: at those that you name, or at all of one kind.
    Close {
        /// The messages' ids.
        #[arg(required_unless_present = "kind", conflicts_with = "kind")]
        messages: Vec<String>,
        /// All that wait and are of this kind.
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        /// What came of it, without names: it is kept.
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
}

/// Kinds of mail that waits for a person.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Failure,
    Complaint,
    Person,
    Receipt,
    OutOfOffice,
}

impl Kind {
    fn sort(self) -> Sort {
        match self {
            Self::Failure => Sort::Failure,
            Self::Complaint => Sort::Complaint,
            Self::Person => Sort::Person,
            Self::Receipt => Sort::Receipt,
            Self::OutOfOffice => Sort::OutOfOffice,
        }
    }
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        None => take(global).await,
        Some(What::List { all }) => list(*all, global).await,
        Some(What::Show { message, out }) => show(message, out.as_ref(), global).await,
        Some(What::Close { messages, kind, because }) => {
            let closes = kind.map_or(Closes::These(messages), |kind| Closes::All(kind.sort()));
            close(closes, because, global).await
        }
    }
}

async fn take(global: &Global) -> anyhow::Result<Exit> {
    global.with_app(false, async |app| {
    anyhow::ensure!(
        app.receiver.looks_anywhere(),
        "no mailbox is set up to receive from; add `maildir = \"...\"` or [receive.imap] under [receive] in the settings"
    );
    let done = Box::pin(app.receiver.receive(&app.pipeline)).await?;
    if global.json {
        ui::print_json(&serde_json::to_value(&done)?)?;
    } else if !global.quiet {
        println!(
            "{} messages: {} envelopes came back, {} confirmed, {} noted, {} for a person, {} to be looked at again, {} known already.",
            done.messages, done.returned, done.confirmed, done.noted, done.for_a_person, done.later, done.known
        );
        if done.for_a_person > 0 {
            let sorts: Vec<String> = done.sorts.iter().map(|(sort, count)| format!("{sort} {count}")).collect();
            println!("For a person: {}.", sorts.join(", "));
            println!("Read what is for a person with `earlypost receive list`.");
        }
    }
    for says in &done.not_read {
        eprintln!("earlypost: {says}. Nothing is passed over: the next look tries it again.");
    }
    Ok(if done.not_read.is_empty() { Exit::Done } else { Exit::Failed })
    }).await
}

async fn list(all: bool, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let rows = app.pipeline.inbox().messages(all, &app.actor).await?;
            if global.json {
                ui::print_json(&rows.iter().map(line).collect::<Vec<_>>().into())?;
            } else if rows.is_empty() && !global.quiet {
                println!("Nothing waits for a person.");
            } else {
                say(&rows);
                if !all {
                    println!(
                        "Read one with `earlypost receive show`; close many with `earlypost receive close --kind KIND`."
                    );
                }
            }
            Ok(Exit::Done)
        })
        .await
}

fn say(rows: &[ReceiptRow]) {
    for sort in Sort::ALL {
        let of_sort: Vec<&ReceiptRow> = rows.iter().filter(|row| row.sort == sort.word()).collect();
        if of_sort.is_empty() {
            continue;
        }
        println!("{}: {}", heading(sort), of_sort.len());
        for row in of_sort {
            println!("  {}  {}  {:<10} {:<8} {}", row.receipt_id, row.received_at, row.says, row.standing, row.why);
            if let (Some(child), Some(dispatch), Some(by)) = (&row.child_id, &row.dispatch_id, &row.matched_by) {
                let attempt = row.attempt.unwrap_or_default();
                println!("      child {child}, delivery {dispatch}, attempt {attempt}, by its {by}");
            }
        }
    }
}

fn heading(sort: Sort) -> &'static str {
    match sort {
        Sort::Failure => "Failure notices",
        Sort::Complaint => "Complaints",
        Sort::Person => "Written by a person",
        Sort::Receipt => "Receipts and delays",
        Sort::OutOfOffice => "Out of office",
    }
}

fn line(row: &ReceiptRow) -> serde_json::Value {
    json!({"id": row.receipt_id, "kind": row.sort, "code": row.code, "child": row.child_id, "source": row.source, "received_at": row.received_at, "says": row.says,
           "matched_by": row.matched_by, "dispatch": row.dispatch_id, "attempt": row.attempt, "standing": row.standing,
           "why": row.why})
}

async fn show(message: &str, out: Option<&PathBuf>, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let (row, bytes) = app.pipeline.inbox().read(message, &app.actor).await?;
            app.pipeline.renew_mark().await?;
            match out {
                Some(path) => write(path, bytes)
                    .await
                    .map_err(|error| anyhow::anyhow!("{} could not be written ({})", path.display(), error.kind()))?,
                None if global.json => {
                    ui::print_json(&json!({"message": line(&row), "text": String::from_utf8_lossy(&bytes)}))?;
                }
                None => print!("{}", shown_bytes(&bytes)),
            }
            Ok(Exit::Done)
        })
        .await
}

async fn close(closes: Closes<'_>, because: &str, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let count = app.pipeline.inbox().close(closes, because, &app.actor).await?;
            if !global.quiet {
                match closes {
                    Closes::These([message]) => println!("{message} waits no more."),
                    _ => println!("Closed: {count}."),
                }
            }
            Ok(Exit::Done)
        })
        .await
}
