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

mod exit;
mod signals;
mod hints;
mod broken_pipe;
mod csv;
mod ui;
mod context;
mod false_day;
mod commands;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use chrono::NaiveDate;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{hint::unmarked, pipeline::Refusal, shown::with_causes};
use context::reason;
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
    /// Another date than today (YYYY-MM-DD): for synthetic programs, and with real people for commands that write nothing.
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
    Init(commands::operator::init::Args),
    /// The whole job: import, plan, decide, render, deliver, record.
    Run(commands::sending::run::Args),
    /// Take the caseload's records, and do nothing else.
    Import,
    /// Show what would go to whom, what waits and what changed; release what needs it; send nothing.
    Plan(commands::sending::plan::Args),
    /// Show what is to be done, by whom and by when.
    Due(commands::today::due::Args),
    /// Show a coordinator's week: what is due, visits, and whom to call.
    Week(commands::today::week::Args),
    /// Explain every duty of a child: rule, sum and verdict.
    Explain(commands::today::explain::Args),
    /// List a row a child for a monitoring visit.
    Monitor(commands::supervisor::monitor::Args),
    /// Say that a duty will not be done, and why.
    Waive(commands::supervisor::waive::Args),
    /// Record days that the 45-day clock does not count, or why a duty is late.
    Excuse(commands::supervisor::excuse::Args),
    /// Give one coordinator's children to another.
    Reassign(commands::supervisor::reassign::Args),
    /// Deliver what is queued, and do nothing else.
    Deliver,
    /// The passphrase of an address that gets encrypted papers.
    Passphrase(commands::mail_room::passphrase::Args),
    /// Take what came back: failure notices, receipts, and mail that a person has to read.
    Receive(commands::mail_room::receive::Args),
    /// Run as a service until it is told to stop.
    Serve(commands::operator::serve::Args),
    /// Show, run, hold or skip what the service does by itself.
    Schedule(commands::operator::schedule::Args),
    /// Check that everything is in order, and say what is not and what to do.
    Doctor(commands::operator::doctor::Args),
    /// Send one kind of paper for one child, now.
    Send(commands::sending::send::Args),
    /// Find a child by name, number, parent, telephone or office (names appear on the screen only).
    Find(commands::today::find::Args),
    /// Show one child: people, addresses, releases, meetings, documents, deliveries.
    Child(commands::records::child::Args),
    /// Write one paper as one recipient would see it; looking is recorded.
    Preview(commands::sending::preview::Args),
    /// Show what waits for a person: owner, days left, next step.
    Tasks(commands::today::tasks::Args),
    /// Say how things stand and what waits for a person.
    Status,
    /// Show one dispatch: its papers, its life, the answers.
    Show(commands::sending::show::Args),
    /// Print the stack of letters, one letter again, and the sheet to count by.
    Print(commands::mail_room::print::Args),
    /// Say that envelopes were mailed, given in person, or came back.
    Mark(commands::mail_room::mark::Args),
    /// Make papers that have no safe way, for a person who gives them by hand.
    Handover(commands::mail_room::handover::Args),
    /// Send the same bytes of a dispatch once more.
    Resend(commands::sending::resend::Args),
    /// Make a newer edition of a dispatch's papers from today's facts.
    Regenerate(commands::sending::regenerate::Args),
    /// Cancel dispatches that have not left.
    Cancel(commands::sending::cancel::Args),
    /// Close an unknown outcome with what you learned.
    Resolve(commands::sending::resolve::Args),
    /// Trial mode: how it stands, and its end.
    Trial(commands::operator::trial::Args),
    /// List the ways out, or let one that is paused send again.
    Channel(commands::operator::channel::Args),
    /// Hold everything for a child.
    Hold(commands::records::stops::HoldArgs),
    /// Lift a hold on a child, or accept a restored installation.
    Release(commands::records::stops::ReleaseArgs),
    /// Take in a paper made elsewhere: a report, an order, what came back signed.
    FileIn(commands::records::file_in::Args),
    /// Papers made elsewhere that are on file: list, look at, withdraw.
    Filed(commands::records::filed::Args),
    /// Record what was learned today: an order, a move, a placement, a death, an objection, an exception.
    Record(commands::records::record::Args),
    /// Record that a parent took a release back, or lets it stand.
    Consent(commands::records::stops::ConsentArgs),
    /// Record that an address is out of use, or made sure of.
    Endpoint(commands::records::stops::EndpointArgs),
    /// The record of access.
    Ledger(commands::access_record::ledger::Args),
    /// The program's key: change it for a new one.
    Key(commands::operator::key::Args),
    /// How long records are kept, legal holds, the notice before a destruction.
    Retention(commands::access_record::retention::Args),
    /// Destroy a child's record when its term is over and the parents were told.
    Destroy(commands::access_record::retention::DestroyArgs),
    /// Requests for access, amendment or destruction, with their clock.
    Request(commands::access_record::request::Args),
    /// What reached the wrong hands, was lost, or was stopped just before.
    Incident(commands::access_record::incident::Args),
    /// Write everything that is kept into one checked archive, without the program's key.
    Backup(commands::operator::backup::BackupArgs),
    /// Restore an archive into an empty data folder; nothing is sent until you release it.
    Restore(commands::operator::backup::RestoreArgs),
    /// Render every template with every record of the caseload and say what is wrong.
    Check,
    /// Print the JSON Schema of an input, or of what a template is given.
    Schema(commands::operator::schema::Args),
    /// Templates, labels and letterhead: list, export, check, compare.
    Template(commands::operator::template::Args),
    /// Make a synthetic caseload of any size.
    Simulate(commands::operator::simulate::Args),
    /// A mail server on this machine that relays nothing and shows what would arrive.
    TestServer(commands::operator::test_server::Args),
    /// Settings.
    Config(commands::operator::config::Args),
    /// The database itself: make its tables, copy it to another.
    Store(commands::operator::store::Args),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    #[command(hide = true)]
    Man(commands::operator::man::Args),
    #[command(hide = true)]
    RenderWorker(commands::operator::render_worker::Args),
}

/// The program's entry.
#[must_use]
pub fn main() -> ExitCode {
    let chosen = Cli::command().get_matches_from(std::env::args_os().map(typed));
    let cli = Cli::from_arg_matches(&chosen).unwrap_or_else(|error| error.exit());
    let exit = act(cli, &chosen).unwrap_or_else(|error| {
        // Many carry their cause in their own words; the chain adds what the caller was doing.
        let next = error.downcast_ref::<Refusal>().and_then(|refusal| refusal.hint.as_ref());
        let next = next.map(|hint| format!("; see {hint}")).unwrap_or_default();
        eprintln!("earlypost: {}{next}", with_causes(&error));
        Exit::of(&error)
    });
    broken_pipe::ended(exit).into()
}

/// An argument as it was typed, but for the marks of a hint: what a person says is kept, and shown as it was said.
fn typed(argument: OsString) -> OsString {
    argument.into_string().map_or_else(|raw| raw, |text| unmarked(&text).into_owned().into())
}

fn act(cli: Cli, chosen: &ArgMatches) -> anyhow::Result<Exit> {
    let global = cli.global;
    false_day::refuse(chosen, &global)?;
    // Commands without a runtime first: `--help` and these start in a few milliseconds.
    match cli.command {
        Command::RenderWorker(args) => return commands::operator::render_worker::act(&args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "earlypost", &mut broken_pipe::Output);
            return Ok(Exit::Done);
        }
        Command::Man(args) => return commands::operator::man::act(&args),
        Command::Schema(args) => return commands::operator::schema::act(&args),
        Command::Simulate(args) => return commands::operator::simulate::act(&args, &global),
        Command::Init(args) => return commands::operator::init::act(&args, &global),
        Command::Config(args) => return commands::operator::config::act(&args, &global),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Run(args) => commands::sending::run::act(&args, &global).await,
            Command::Import => commands::records::import::act(&global).await,
            Command::Plan(args) => commands::sending::plan::act(&args, &global).await,
            Command::Due(args) => commands::today::due::act(&args, &global).await,
            Command::Week(args) => commands::today::week::act(&args, &global).await,
            Command::Explain(args) => commands::today::explain::act(&args, &global).await,
            Command::Monitor(args) => commands::supervisor::monitor::act(&args, &global).await,
            Command::Waive(args) => commands::supervisor::waive::act(&args, &global).await,
            Command::Excuse(args) => commands::supervisor::excuse::act(&args, &global).await,
            Command::Reassign(args) => commands::supervisor::reassign::act(&args, &global).await,
            Command::Deliver => commands::sending::deliver::act(&global).await,
            Command::TestServer(args) => commands::operator::test_server::act(&args, &global).await,
            Command::Passphrase(args) => commands::mail_room::passphrase::act(&args, &global).await,
            Command::Receive(args) => commands::mail_room::receive::act(&args, &global).await,
            Command::Serve(args) => commands::operator::serve::act(&args, &global).await,
            Command::Schedule(args) => commands::operator::schedule::act(&args, &global).await,
            Command::Doctor(args) => commands::operator::doctor::act(&args, &global).await,
            Command::Send(args) => commands::sending::send::act(&args, &global).await,
            Command::Find(args) => commands::today::find::act(&args, &global).await,
            Command::Child(args) => commands::records::child::act(&args, &global).await,
            Command::Preview(args) => commands::sending::preview::act(&args, &global).await,
            Command::Tasks(args) => commands::today::tasks::act(&args, &global).await,
            Command::Status => commands::today::status::act(&global).await,
            Command::Show(args) => commands::sending::show::act(&args, &global).await,
            Command::Print(args) => commands::mail_room::print::act(&args, &global).await,
            Command::Mark(args) => commands::mail_room::mark::act(&args, &global).await,
            Command::Handover(args) => commands::mail_room::handover::act(&args, &global).await,
            Command::Resend(args) => commands::sending::resend::act(&args, &global).await,
            Command::Regenerate(args) => commands::sending::regenerate::act(&args, &global).await,
            Command::Cancel(args) => commands::sending::cancel::act(&args, &global).await,
            Command::Resolve(args) => commands::sending::resolve::act(&args, &global).await,
            Command::Trial(args) => commands::operator::trial::act(&args, &global).await,
            Command::Channel(args) => commands::operator::channel::act(&args, &global).await,
            Command::Hold(args) => commands::records::stops::hold(&args, &global).await,
            Command::Release(args) => commands::records::stops::release(&args, &global).await,
            Command::FileIn(args) => commands::records::file_in::act(&args, &global).await,
            Command::Filed(args) => commands::records::filed::act(&args, &global).await,
            Command::Record(args) => commands::records::record::act(&args, &global).await,
            Command::Consent(args) => commands::records::stops::consent(&args, &global).await,
            Command::Endpoint(args) => commands::records::stops::endpoint(&args, &global).await,
            Command::Ledger(args) => commands::access_record::ledger::act(&args, &global).await,
            Command::Key(args) => commands::operator::key::act(&args, &global).await,
            Command::Retention(args) => commands::access_record::retention::act(&args, &global).await,
            Command::Destroy(args) => commands::access_record::retention::destroy(&args, &global).await,
            Command::Request(args) => commands::access_record::request::act(&args, &global).await,
            Command::Incident(args) => commands::access_record::incident::act(&args, &global).await,
            Command::Backup(args) => commands::operator::backup::backup(&args, &global).await,
            Command::Restore(args) => commands::operator::backup::restore(&args, &global).await,
            Command::Check => commands::operator::check::act(&global).await,
            Command::Store(args) => commands::operator::store::act(&args, &global).await,
            Command::Template(args) => commands::operator::template::act(&args, &global).await,
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
