//! `earlypost retention` and `destroy`: how long a record is kept, and its end (34 CFR 303.416).

use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::json;

use crate::{
    case::{ChildId, PersonId},
    cli::{Exit, Global, ui},
    files::write,
};

/// How long records are kept.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the records of children who have left: whose term is over, on whom a legal hold stands, who was told.
    List,
    /// Set a legal hold: nothing of the child is destroyed while it stands.
    Hold {
        /// The child's id.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// Why: the case, the audit.
        #[arg(long)]
        reason: String,
    },
    /// Lift the legal holds of a child.
    Lift {
        /// The child's id.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Tell the parents before a destruction: print the notice, then record that it was given.
    Notice {
        /// The child's id.
        #[arg(long, value_name = "ID")]
        child: ChildId,
        /// For this parent, in that parent's language.
        #[arg(long = "for", value_name = "PERSON", requires = "out")]
        to: Option<PersonId>,
        /// Print the notice as a PDF.
        #[arg(long, value_name = "FILE", required_unless_present = "given_on")]
        out: Option<PathBuf>,
        /// You have asked where the parent lives, or give it by hand: the address need not be confirmed within the last year.
        #[arg(long, requires = "to")]
        asked: bool,
        /// The day on which the parents were given it (YYYY-MM-DD).
        #[arg(long, value_name = "DATE", requires = "how")]
        given_on: Option<NaiveDate>,
        /// How: `by mail to both parents`.
        #[arg(long)]
        how: Option<String>,
    },
}

/// Destroys a child's record: papers, personal fields and key. The permitted stub and the fact of past
/// disclosures stay. It cannot be undone.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DestroyArgs {
    /// The child's id.
    #[arg(long, value_name = "ID")]
    child: ChildId,
    /// On what authority.
    #[arg(long, value_parser = ["term-over", "parents-request"])]
    because: String,
    /// Really.
    #[arg(long)]
    yes: bool,
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(false, async |app| {
            let pipeline = &app.pipeline;
            let say = |text: String| {
                if !global.quiet && !global.json {
                    println!("{text}");
                }
            };
            match &args.what {
                What::List => list(&app, global).await?,
                What::Hold { child, reason } => {
                    let id = pipeline.retention().set_legal_hold(child, reason, &app.actor).await?;
                    say(format!("Legal hold {id} is set: nothing of child {child} is destroyed while it stands."));
                }
                What::Lift { child, reason } => {
                    pipeline.retention().lift_legal_holds(child, reason, &app.actor).await?;
                    say(format!("No legal hold stands for child {child} any more."));
                }
                What::Notice { child, to, out, asked, given_on, how } => {
                    if let Some(out) = out {
                        let rendered =
                            pipeline.retention().destruction_notice(child, to.as_ref(), *asked, &app.actor).await?;
                        write(out, &rendered.pdf[..]).await.map_err(|error| {
                            anyhow::anyhow!("{} could not be written ({})", out.display(), error.kind())
                        })?;
                        pipeline
                            .access_record()
                            .record_reading(&[child.clone()].into(), "The notice before destruction", &app.actor)
                            .await?;
                        say(format!(
                            "The notice is in {}. When it is given, record it with --given-on.",
                            out.display()
                        ));
                    }
                    if let (Some(on), Some(how)) = (given_on, how) {
                        pipeline.retention().record_notice(child, *on, how, &app.actor).await?;
                        say(format!("It is recorded that the parents of child {child} were told on {on}."));
                    }
                }
            }
            pipeline.renew_mark().await?;
            Ok(Exit::Done)
        })
        .await
}

async fn list(app: &crate::app::App, global: &Global) -> anyhow::Result<()> {
    let mut lines = app.pipeline.retention().terms(&app.actor).await?;
    lines.retain(|line| line.left_on.is_some() || line.legal_hold);
    if global.json {
        return ui::print_json(&json!({ "records": lines }));
    }
    if lines.is_empty() {
        println!("No child has left the program, and no legal hold stands.");
        return Ok(());
    }
    let mut table = ui::table(&["child", "left on", "may be destroyed after", "term", "legal hold", "parents told"]);
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let yes = |value: bool| if value { "yes" } else { "no" };
    for line in &lines {
        table.add_row([
            line.child.as_str(),
            &day(line.left_on),
            &day(line.destroy_after),
            if line.over { "over" } else { "runs" },
            yes(line.legal_hold),
            yes(line.notice_given),
        ]);
    }
    println!("{table}");
    if let Some(line) = lines.iter().find(|line| !line.confirmed) {
        println!("The term ({}) was not confirmed: ask your lead agency before you destroy anything.", line.source);
    }
    Ok(())
}

pub(in crate::cli) async fn destroy(args: &DestroyArgs, global: &Global) -> anyhow::Result<Exit> {
    global.with_app(false, async |app| {
    if !args.yes {
        eprintln!(
            "earlypost: this destroys every paper and personal field of child {}; it cannot be undone. Say --yes to do it.",
            args.child
        );
        return Ok(Exit::WrongUse);
    }
    let done = app.pipeline.retention().destroy(&args.child, &args.because, &app.actor).await?;
    if global.json {
        ui::print_json(&json!({
            "child": args.child.to_string(), "certificate": done.certificate_seq, "papers": done.papers, "rows": done.rows,
        }))?;
    } else if !global.quiet {
        println!(
            "The record of child {} is destroyed: {} papers, {} rows. Entry {} certifies it.",
            args.child, done.papers, done.rows, done.certificate_seq
        );
        println!(
            "Take the child's file out of the caseload, and remember that older backups still hold the record; `earlypost restore` \
             destroys it again."
        );
    }
    Ok(Exit::Done)
    }).await
}
