//! `earlypost file-in`: takes in a paper made elsewhere.

use std::path::PathBuf;

use crate::{
    case::{ChildId, Date, FiledKind, PersonId},
    cli::{Exit, Global, ui},
    files::{NotRead, open_plain},
    pipeline::FileIn,
};

/// Takes in a paper made elsewhere: a report, an order, or what came back signed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file is kept byte for byte, encrypted. What goes out is a copy that shows the same pages and nothing else: no \
scripts, no files inside it. A scan without text, and a paper that does not name the child, are taken in when you have looked at \
every page and say so with --confirm-child.\n\n\
Examples:\n  earlypost file-in report.pdf --child c-0417 --kind evaluation-report --date 2026-10-02\n  \
earlypost file-in scan.pdf --child c-0417 --kind signed-evaluation-consent --date 2026-11-03 --signed-by 0417-mother \
--confirm-child c-0417"
)]
pub(in crate::cli) struct Args {
    /// A PDF, or a JPEG or PNG picture of a page.
    file: PathBuf,
    /// Whose it is (see `earlypost find`).
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// What it is: evaluation-report, assessment-report, health-record, progress-report, signed-plan, signed-certification,
    /// signed-evaluation-consent, signed-public-insurance-consent, signed-private-insurance-consent, signed-release, revocation,
    /// objection-slip, court-order, official-form (see `earlypost record official-form`), other.
    #[arg(long, value_name = "KIND")]
    kind: FiledKind,
    /// The date on the paper: of the report, or of the signature.
    #[arg(long, value_name = "DATE")]
    date: Date,
    /// Who signed it, where a parent's signature counts.
    #[arg(long, value_name = "PERSON")]
    signed_by: Option<PersonId>,
    /// What it is about, where the record has several: a request, a release, or a plan as PLAN/VERSION.
    #[arg(long, value_name = "ID")]
    about: Option<String>,
    /// The parent said no.
    #[arg(long)]
    declined: bool,
    /// You have looked at every page: all of it is about this child and no other.
    #[arg(long, value_name = "ID")]
    confirm_child: Option<ChildId>,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let config = &app.config;
            let file = read(&args.file, config.file_in.bytes())?;
            let ask = FileIn {
                child_id: args.child.clone(),
                kind: args.kind,
                on: args.date,
                signed_by: args.signed_by.clone(),
                about: args.about.clone(),
                declined: args.declined,
                confirmed: args.confirm_child.clone(),
            };
            let taken = app.pipeline.external_documents().file_in(&file, &ask, &app.actor).await?;
            if global.json {
                ui::print_json(&serde_json::to_value(&taken)?)?;
            } else if !global.quiet {
                let paper = &taken.paper;
                let pages = if paper.pages == 1 { "1 page".to_owned() } else { format!("{} pages", paper.pages) };
                println!("Taken in as paper {}: {} of {}, {pages}.", paper.paper_id, paper.kind.title(), paper.on);
                println!("  kept byte for byte    SHA-256 {}", paper.original.sha256);
                println!("  the copy that goes    SHA-256 {}", paper.copy.sha256);
                if !paper.taken_out.is_empty() {
                    println!("  not in the copy       {}", paper.taken_out.join(", "));
                }
                for line in &taken.says {
                    println!("{line}");
                }
                ui::say_stopped(&taken.stopped);
            }
            Ok(Exit::Done)
        })
        .await
}

/// Reads the file, as far as any paper may be large, and one byte more. Its name may be a person's and is not repeated.
pub(super) fn read(path: &std::path::Path, most: usize) -> anyhow::Result<Vec<u8>> {
    use std::io::Read;
    let refused = |error: NotRead| anyhow::anyhow!("the file {error}");
    let mut bytes = Vec::new();
    let file = open_plain(path).map_err(refused)?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| refused(error.into()))?;
    Ok(bytes)
}
