//! `earlypost mark`: a person says what happened to an envelope: mailed, given in person, or come back.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::{
    app::App,
    cli::{Exit, Global},
    hint::Hint,
    pipeline::{Given, Mailed, Mailing, Refusal},
    shown::with_causes,
};

/// Says that something happened to envelopes.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// They were put into the mail. Of a letter that may not be mailed now, say whether it was in the mail already.
    Mailed(MailedArgs),
    /// They were taken out of the stack because they may not be mailed (see `earlypost status`).
    Pulled {
        /// The dispatches' ids.
        #[arg(required = true)]
        dispatches: Vec<String>,
    },
    /// They were handed over in person. It counts as a delivery and enters the record of access.
    Given {
        /// The dispatches' ids.
        #[arg(required = true)]
        dispatches: Vec<String>,
        /// The initials of the person who took them.
        #[arg(long, value_parser = initials)]
        initials: String,
        /// The day of the hand-over; without it, today.
        #[arg(long, value_name = "DATE")]
        on: Option<NaiveDate>,
    },
    /// They came back. Nothing more of the child goes to that address, and what was owed is owed again.
    Returned {
        /// The dispatches' ids, as the print manifest shows them.
        #[arg(required = true)]
        dispatches: Vec<String>,
        /// What was written on it, such as "moved, no forwarding address". Kept encrypted.
        #[arg(long, default_value = "it came back", value_name = "TEXT")]
        because: String,
    },
}

#[derive(Debug, clap::Args)]
struct MailedArgs {
    /// The dispatches' ids; `--all` for the whole stack.
    dispatches: Vec<String>,
    /// Every printed letter. Of those that may not be mailed now it says nothing.
    #[arg(long, conflicts_with = "dispatches")]
    all: bool,
    /// When they were mailed, such as 09:00 or "2026-12-01 09:00", in the program's time zone; without it, now.
    #[arg(long, value_name = "TIME", value_parser = mail_time)]
    at: Option<MailTime>,
    /// They were in the mail before somebody could stop them.
    #[arg(long, conflicts_with_all = ["all", "not_mailed"])]
    already_in_the_mail: bool,
    /// They were not mailed, and will not be.
    #[arg(long, conflicts_with_all = ["all", "at"])]
    not_mailed: bool,
}

/// An hour, today where no day is named.
#[derive(Debug, Clone, Copy)]
struct MailTime {
    day: Option<NaiveDate>,
    hour: NaiveTime,
}

fn mail_time(text: &str) -> Result<MailTime, &'static str> {
    let text = text.trim().replacen('T', " ", 1);
    let (day, hour) = match text.split_once(' ') {
        Some((day, hour)) if day.contains('-') => (day.parse().ok(), hour),
        _ => (None, text.as_str()),
    };
    let dated = text.contains('-');
    let read = |form| NaiveTime::parse_from_str(hour.trim(), form).ok();
    match ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p"].into_iter().find_map(read) {
        Some(hour) if day.is_some() == dated => Ok(MailTime { day, hour }),
        _ => Err("give an hour, such as 09:00, or a day and an hour, such as 2026-12-01 09:00"),
    }
}

impl MailTime {
    fn instant(self, app: &App) -> anyhow::Result<DateTime<Utc>> {
        let day = self.day.unwrap_or_else(|| app.pipeline.clock_day());
        app.pipeline.print_room().instant_of(day.and_time(self.hour)).context("the clock skipped that hour on that day")
    }
}

fn initials(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let fits = (1..=6).contains(&text.chars().count()) && text.chars().all(|c| c.is_alphabetic() || c == '.');
    fits.then(|| text.to_owned()).ok_or("initials are one to six letters, such as ER")
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    global
        .with_app(true, async |app| {
            let mut refused = 0;
            let ids = match &args.what {
                What::Mailed(MailedArgs { all: true, .. }) => app.pipeline.print_room().printed(&app.actor).await?,
                What::Mailed(MailedArgs { dispatches, .. })
                | What::Pulled { dispatches }
                | What::Given { dispatches, .. }
                | What::Returned { dispatches, .. } => dispatches.clone(),
            };
            anyhow::ensure!(!ids.is_empty(), "no letter is named, and none waits to be mailed");
            for id in &ids {
                match Box::pin(mark(&app, &args.what, id)).await {
                    Ok(says) if !global.quiet => println!("{id} {says}"),
                    Ok(_) => {}
                    Err(error) => {
                        refused += 1;
                        eprintln!("earlypost: {}", with_causes(&error));
                    }
                }
            }
            app.pipeline.renew_mark().await?;
            Ok(match &args.what {
                _ if refused == 0 => Exit::Done,
                What::Mailed(_) | What::Given { .. } => Exit::NotSent,
                What::Pulled { .. } | What::Returned { .. } => Exit::Failed,
            })
        })
        .await
}

async fn mark(app: &App, what: &What, id: &str) -> anyhow::Result<String> {
    let (pipeline, by) = (&app.pipeline, &app.actor);
    Ok(match what {
        What::Mailed(args) => mailed(app, args, id).await?,
        What::Pulled { .. } => {
            pipeline.print_room().take_out(id, by).await?;
            "is recorded as taken out. It is withheld, and made anew if it becomes permitted.".to_owned()
        }
        What::Given { initials, on, .. } => {
            let given = Given { initials, on: on.unwrap_or_else(|| pipeline.clock_day()) };
            pipeline.dispatch_operations().mark_given(id, given, by).await?;
            format!("is recorded as given on {}.", given.on)
        }
        What::Returned { because, .. } => {
            let reopened = pipeline.dispatch_operations().mark_returned(id, because, by).await?;
            format!("is recorded as returned. {} takes its place and is {}.", reopened.dispatch_id, reopened.state)
        }
    })
}

/// Records what was said of a letter; where the question is open and somebody is there, asks.
async fn mailed(app: &App, args: &MailedArgs, id: &str) -> anyhow::Result<String> {
    let room = app.pipeline.print_room();
    let at = args.at.map(|at| at.instant(app)).transpose()?;
    let already = (args.already_in_the_mail || args.not_mailed).then_some(args.already_in_the_mail);
    let mut outcome = room.mark_mailed(id, Mailing { at, already }, &app.actor).await;
    if let Err(error) = &outcome
        && is_a_question(error)
        && std::io::stdin().is_terminal()
        && std::io::stderr().is_terminal()
    {
        eprintln!("earlypost: {}", with_causes(error));
        if let Some(answer) = ask(app, at)? {
            outcome = room.mark_mailed(id, answer, &app.actor).await;
        }
    }
    Ok(match outcome? {
        Mailed::Recorded => "is recorded as mailed.".to_owned(),
        Mailed::Incident { id, due_on } => format!(
            "is recorded as mailed, and it might not go: incident {id} is open. Tell the parents without delay, by {due_on}."
        ),
        Mailed::DoNotMail(refusal) => format!(
            "stays printed. Do not mail it: {refusal} Take it out of the stack, then run {}.",
            Hint::MarkPulled { dispatch: Some(id.to_owned()) }
        ),
    })
}

/// Whether nothing was recorded because somebody has to say whether the letter was in the mail already.
fn is_a_question(error: &anyhow::Error) -> bool {
    let hint = error.downcast_ref::<Refusal>().and_then(|refusal| refusal.hint.as_ref());
    matches!(hint, Some(Hint::MarkMailed { .. }))
}

fn ask(app: &App, at: Option<DateTime<Utc>>) -> anyhow::Result<Option<Mailing>> {
    match line("Was it already in the mail? [y/n, Enter to leave it open] ")?.to_lowercase().as_str() {
        "n" | "no" => return Ok(Some(Mailing { at: None, already: Some(false) })),
        "y" | "yes" => {}
        _ => return Ok(None),
    }
    let mut at = at;
    while at.is_none() {
        let said = line("When was it mailed? (such as 09:00 or 2026-12-01 09:00, Enter if nobody knows) ")?;
        if said.is_empty() {
            break;
        }
        match mail_time(&said) {
            Ok(time) => at = Some(time.instant(app)?),
            Err(wrong) => eprintln!("{wrong}"),
        }
    }
    Ok(Some(Mailing { at, already: Some(true) }))
}

fn line(question: &str) -> anyhow::Result<String> {
    eprint!("{question}");
    std::io::stderr().flush()?;
    let mut said = String::new();
    std::io::stdin().lock().read_line(&mut said)?;
    Ok(said.trim().to_owned())
}
