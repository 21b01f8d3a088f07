//! The command line: one file a command. Logic that another face would need lives in the pipeline.

// Those of the standard library panic when the reader has gone. These stand before the modules, so that every command
// has them.
macro_rules! print {
    ($($words:tt)*) => { $crate::cli::broken_pipe::say(format_args!($($words)*)) };
}
macro_rules! println {
    () => { print!("\n") };
    ($($words:tt)*) => { print!("{}\n", format_args!($($words)*)) };
}
macro_rules! eprint {
    ($($words:tt)*) => { $crate::cli::broken_pipe::note(format_args!($($words)*)) };
}
macro_rules! eprintln {
    () => { eprint!("\n") };
    ($($words:tt)*) => { eprint!("{}\n", format_args!($($words)*)) };
}

mod cancel;
mod channel;
mod backup;
mod check;
mod config;
mod csv;
mod deliver;
mod due;
mod excuse;
mod doctor;
mod exit;
mod explain;
mod fact;
mod file_in;
mod filed;
mod find;
mod handover;
mod import;
mod incident;
mod init;
mod key;
mod ledger;
mod man;
mod mark;
mod matters;
mod monitor;
mod passphrase;
mod plan;
mod preview;
mod print;
mod reassign;
mod receive;
mod record;
mod regenerate;
mod render_worker;
mod report;
mod resend;
mod resolve;
mod request;
mod retention;
mod run;
mod schedule;
mod schema;
mod send;
mod serve;
mod show;
mod simulate;
mod status;
mod store;
mod telling;
mod template;
mod trial;
mod waive;
mod week;
mod tasks;
mod test_server;
mod broken_pipe;
mod ui;
mod signals;

use std::{path::PathBuf, process::ExitCode};

use chrono::NaiveDate;
use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    app::{App, Overrides, assemble},
    clock::{Clock, SystemClock},
    config::{Config, load},
    telemetry,
};

pub use exit::Exit;

/// Sends early-intervention papers to the people who may have them, on time, and keeps a record that proves it.
#[derive(Debug, Parser)]
#[command(
    name = "earlypost",
    version,
    about,
    long_about = "Earlypost takes a program's case records, works out what is due, asks for each recipient what may go, \
renders it to PDF, sends or prints it, and keeps the record of access.\n\nStart with:  earlypost init my-program",
    after_help = "Exit codes: 0 done; 1 it failed; 2 wrong use; 3 some input was refused (the rest went on); \
4 nothing could be sent (a channel is wrong, or the installation is held); 5 a check found a fault."
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Debug, clap::Args)]
struct Global {
    /// The settings file.
    #[arg(long, global = true, env = "EARLYPOST_CONFIG", default_value = "earlypost.toml", value_name = "FILE")]
    config: PathBuf,
    /// Another data folder than the settings name.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Another date than today, for synthetic programs (YYYY-MM-DD).
    #[arg(long, global = true, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Report as JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
    /// Say more (-v what happens, -vv everything).
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Say errors only; no progress bar, no table.
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a folder with commented settings, a key and an empty caseload for your own program.
    Init(init::Args),
    /// The whole job: import, plan, decide, render, deliver, record.
    Run(run::Args),
    /// Take the caseload's records, and do nothing else.
    Import,
    /// Show what would go to whom, what waits and what changed; release what needs it; send nothing.
    Plan(plan::Args),
    /// Show what is to be done, by whom and by when.
    Due(due::Args),
    /// Show a coordinator's week: what is due, visits, and whom to call.
    Week(week::Args),
    /// Explain every duty of a child: rule, sum and verdict.
    Explain(explain::Args),
    /// List a row a child for a monitoring visit.
    Monitor(monitor::Args),
    /// Say that a duty will not be done, and why.
    Waive(waive::Args),
    /// Record days that the 45-day clock does not count, or why a duty is late.
    Excuse(excuse::Args),
    /// Give one coordinator's children to another.
    Reassign(reassign::Args),
    /// Deliver what is queued, and do nothing else.
    Deliver,
    /// The passphrase of an address that gets encrypted papers.
    Passphrase(passphrase::Args),
    /// Take what came back: failure notices, receipts, and mail that a person has to read.
    Receive(receive::Args),
    /// Run as a service until it is told to stop.
    Serve(serve::Args),
    /// Show, run, hold or skip what the service does by itself.
    Schedule(schedule::Args),
    /// Check that everything is in order, and say what is not and what to do.
    Doctor(doctor::Args),
    /// Send one kind of paper for one child, now.
    Send(send::Args),
    /// Find a child by name or number (names appear on the screen only).
    Find(find::Args),
    /// Write one paper as one recipient would see it; looking is recorded.
    Preview(preview::Args),
    /// Show what waits for a person: owner, days left, next step.
    Tasks(tasks::Args),
    /// Say how things stand and what waits for a person.
    Status,
    /// Show one dispatch: its papers, its life, the answers.
    Show(show::Args),
    /// Print the stack of letters, one letter again, and the sheet to count by.
    Print(print::Args),
    /// Say that envelopes were mailed, given in person, or came back.
    Mark(mark::Args),
    /// Make papers that have no safe way, for a person who gives them by hand.
    Handover(handover::Args),
    /// Send the same bytes of a dispatch once more.
    Resend(resend::Args),
    /// Make a newer edition of a dispatch's papers from today's facts.
    Regenerate(regenerate::Args),
    /// Cancel dispatches that have not left.
    Cancel(cancel::Args),
    /// Close an unknown outcome with what you learned.
    Resolve(resolve::Args),
    /// Trial mode: how it stands, and its end.
    Trial(trial::Args),
    /// List the ways out, or let one that is paused send again.
    Channel(channel::Args),
    /// Hold everything for a child.
    Hold(record::HoldArgs),
    /// Lift a hold on a child, or accept a restored installation.
    Release(record::ReleaseArgs),
    /// Take in a paper made elsewhere: a report, an order, what came back signed.
    FileIn(file_in::Args),
    /// Papers made elsewhere that are on file: list, look at, withdraw.
    Filed(filed::Args),
    /// Record what was learned today: an order, a move, a placement, a death, an objection, an exception.
    Record(fact::Args),
    /// Record that a parent took a release back, or lets it stand.
    Consent(record::ConsentArgs),
    /// Record that an address is out of use, or made sure of.
    Endpoint(record::EndpointArgs),
    /// The record of access.
    Ledger(ledger::Args),
    /// The program's key: change it for a new one.
    Key(key::Args),
    /// How long records are kept, legal holds, the notice before a destruction.
    Retention(retention::Args),
    /// Destroy a child's record when its term is over and the parents were told.
    Destroy(retention::DestroyArgs),
    /// Requests for access, amendment or destruction, with their clock.
    Request(request::Args),
    /// What reached the wrong hands, was lost, or was stopped just before.
    Incident(incident::Args),
    /// Write everything that is kept into one checked archive, without the program's key.
    Backup(backup::BackupArgs),
    /// Restore an archive into an empty data folder; nothing is sent until you release it.
    Restore(backup::RestoreArgs),
    /// Render every template with every record of the caseload and say what is wrong.
    Check,
    /// Print the JSON Schema of an input, or of what a template is given.
    Schema(schema::Args),
    /// Templates, labels and letterhead: list, export, check, compare.
    Template(template::Args),
    /// Make a synthetic caseload of any size.
    Simulate(simulate::Args),
    /// A mail server on this machine that relays nothing and shows what would arrive.
    TestServer(test_server::Args),
    /// Settings.
    Config(config::Args),
    /// The database itself: make its tables, copy it to another.
    Store(store::Args),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    #[command(hide = true)]
    Man(man::Args),
    #[command(hide = true)]
    RenderWorker(render_worker::Args),
}

impl Global {
    fn load(&self) -> anyhow::Result<Config> {
        let variable = |name: &str| std::env::var(name).ok();
        Ok(load(&self.config, self.data_dir.as_deref(), &variable, SystemClock.now())?)
    }

    /// Settings and pipeline, for a command that sends or one that does not.
    async fn app(&self, sends: bool) -> anyhow::Result<(Config, App)> {
        self.app_with(Overrides { sends, ..Overrides::default() }).await
    }

    async fn app_with(&self, overrides: Overrides) -> anyhow::Result<(Config, App)> {
        let config = self.load()?;
        telemetry::start(self.verbosity(), config.log_format);
        let app = assemble(&config, &Overrides { as_of: self.as_of, ..overrides }).await?;
        if let Some(path) = &app.new_key
            && !self.quiet
        {
            eprintln!(
                "A new key was made at {}. Without it no stored paper can be read again: keep a copy in a safe place.",
                path.display()
            );
        }
        Ok((config, app))
    }

    fn verbosity(&self) -> i8 {
        if self.quiet { -1 } else { i8::try_from(self.verbose).unwrap_or(2) }
    }
}

/// The person or account that runs a command, for the record.
fn who() -> String {
    ["EARLYPOST_USER", "USER", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "unknown user".to_owned())
}

/// A reason that says something: it stands in the record for people who ask later.
fn reason(text: &str) -> anyhow::Result<String> {
    let text = text.trim();
    anyhow::ensure!(
        !text.is_empty(),
        "nothing is recorded: a reason is needed, in words that somebody can check later"
    );
    Ok(crate::case::Line::parse(text)?.to_string())
}

/// The program's entry.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = act(cli).unwrap_or_else(|error| {
        // Our errors carry their cause in their own words; the chain adds what the caller was doing.
        eprintln!("earlypost: {error:#}");
        Exit::of(&error)
    });
    broken_pipe::ended(exit).into()
}

fn act(cli: Cli) -> anyhow::Result<Exit> {
    let global = cli.global;
    // Commands without a runtime first: `--help` and these start in a few milliseconds.
    match cli.command {
        Command::RenderWorker(args) => return render_worker::act(&args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "earlypost", &mut broken_pipe::Output);
            return Ok(Exit::Done);
        }
        Command::Man(args) => return man::act(&args),
        Command::Schema(args) => return schema::act(&args),
        Command::Simulate(args) => return simulate::act(&args, &global),
        Command::Init(args) => return init::act(&args, &global),
        Command::Config(args) => return config::act(&args, &global),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Run(args) => run::act(&args, &global).await,
            Command::Import => import::act(&global).await,
            Command::Plan(args) => plan::act(&args, &global).await,
            Command::Due(args) => due::act(&args, &global).await,
            Command::Week(args) => week::act(&args, &global).await,
            Command::Explain(args) => explain::act(&args, &global).await,
            Command::Monitor(args) => monitor::act(&args, &global).await,
            Command::Waive(args) => waive::act(&args, &global).await,
            Command::Excuse(args) => excuse::act(&args, &global).await,
            Command::Reassign(args) => reassign::act(&args, &global).await,
            Command::Deliver => deliver::act(&global).await,
            Command::TestServer(args) => test_server::act(&args, &global).await,
            Command::Passphrase(args) => passphrase::act(&args, &global).await,
            Command::Receive(args) => receive::act(&args, &global).await,
            Command::Serve(args) => serve::act(&args, &global).await,
            Command::Schedule(args) => schedule::act(&args, &global).await,
            Command::Doctor(args) => doctor::act(&args, &global).await,
            Command::Send(args) => send::act(&args, &global).await,
            Command::Find(args) => find::act(&args, &global).await,
            Command::Preview(args) => preview::act(&args, &global).await,
            Command::Tasks(args) => tasks::act(&args, &global).await,
            Command::Status => status::act(&global).await,
            Command::Show(args) => show::act(&args, &global).await,
            Command::Print(args) => print::act(&args, &global).await,
            Command::Mark(args) => mark::act(&args, &global).await,
            Command::Handover(args) => handover::act(&args, &global).await,
            Command::Resend(args) => resend::act(&args, &global).await,
            Command::Regenerate(args) => regenerate::act(&args, &global).await,
            Command::Cancel(args) => cancel::act(&args, &global).await,
            Command::Resolve(args) => resolve::act(&args, &global).await,
            Command::Trial(args) => trial::act(&args, &global).await,
            Command::Channel(args) => channel::act(&args, &global).await,
            Command::Hold(args) => record::hold(&args, &global).await,
            Command::Release(args) => record::release(&args, &global).await,
            Command::FileIn(args) => file_in::act(&args, &global).await,
            Command::Filed(args) => filed::act(&args, &global).await,
            Command::Record(args) => fact::act(&args, &global).await,
            Command::Consent(args) => record::consent(&args, &global).await,
            Command::Endpoint(args) => record::endpoint(&args, &global).await,
            Command::Ledger(args) => ledger::act(&args, &global).await,
            Command::Key(args) => key::act(&args, &global).await,
            Command::Retention(args) => retention::act(&args, &global).await,
            Command::Destroy(args) => retention::destroy(&args, &global).await,
            Command::Request(args) => request::act(&args, &global).await,
            Command::Incident(args) => incident::act(&args, &global).await,
            Command::Backup(args) => backup::backup(&args, &global).await,
            Command::Restore(args) => backup::restore(&args, &global).await,
            Command::Check => check::act(&global).await,
            Command::Store(args) => store::act(&args, &global).await,
            Command::Template(args) => template::act(&args, &global).await,
            Command::Init(_)
            | Command::Man(_)
            | Command::Schema(_)
            | Command::Simulate(_)
            | Command::Config(_)
            | Command::Completions { .. }
            | Command::RenderWorker(_) => unreachable!("handled before the runtime was started"),
        }
    })
}
