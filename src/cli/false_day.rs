//! `--as-of` where people are real: only a command that writes nothing takes another day than today.

use clap::ArgMatches;

use super::Global;
use crate::{app::DateRefused, case::import::read_program};

/// Commands that write nothing of a program's, and those that have no program. Every other refuses the date where people are
/// real: a record would be destroyed before its time, a duty be written that nobody has.
const WRITE_NOTHING: [&str; 29] = [
    "channel list",
    "completions",
    "config check",
    "explain",
    "filed list",
    "find",
    "help",
    "incident list",
    "init",
    "ledger list",
    "ledger verify",
    "man",
    "monitor",
    "plan show",
    "print list",
    "receive list",
    "render-worker",
    "request list",
    "retention list",
    "schema",
    "simulate",
    "status",
    "tasks",
    "template check",
    "template diff",
    "template export",
    "template list",
    "test-server",
    "trial status",
];

/// Refuses a false day where it could be written down.
pub(super) fn refuse(chosen: &ArgMatches, global: &Global) -> anyhow::Result<()> {
    refuse_for(&path(chosen), global)
}

fn refuse_for(command: &str, global: &Global) -> anyhow::Result<()> {
    if global.as_of.is_none() || WRITE_NOTHING.contains(&command) {
        return Ok(());
    }
    if read_program(&global.load()?.caseload)?.synthetic { Ok(()) } else { Err(DateRefused::RealPeople.into()) }
}

/// The names of a command and of what it does: `plan show`.
fn path(chosen: &ArgMatches) -> String {
    let names = std::iter::successors(chosen.subcommand(), |(_, below)| below.subcommand()).map(|(name, _)| name);
    names.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;
    use crate::cli::Cli;

    /// Commands that write, send, or record that somebody looked.
    const WRITE: &str = "backup, cancel, channel resume, check, child show, consent keep, consent revoke, deliver, destroy, doctor, due, \
endpoint disable, endpoint verify, excuse, file-in, filed show, filed withdraw, handover, hold, import, incident close, \
incident letter, incident open, key rotate, ledger checkpoint, ledger correct, ledger evidence, ledger key, ledger report, \
mark given, mark mailed, mark pulled, mark returned, passphrase show, passphrase told, plan, plan approve, preview, \
print batch, print letter, print sheet, reassign, receive, receive close, receive show, record claim, record death, \
record emergency-told, record exception, record late-objection, record move, record name, record not-feasible, record objection, \
record office-may-be-known, record official-form, \
record oral-translation, record order, record placement, record reminders, regenerate, release, request close, \
request log, resend, resolve, restore, retention hold, retention lift, retention notice, run, schedule believe-clock, \
schedule hold, schedule list, schedule release, schedule run, schedule show, schedule skip, send, serve, show, store copy, \
store migrate, tasks done, trial finish, waive, week";

    fn all(command: &Command, above: &str, found: &mut Vec<String>) {
        for below in command.get_subcommands() {
            let path = format!("{above} {}", below.get_name()).trim().to_owned();
            all(below, &path, found);
            if !below.is_subcommand_required_set() && !below.is_arg_required_else_help_set() {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_command_is_known_to_write_or_to_write_nothing() {
        let mut commands = Vec::new();
        all(&Cli::command(), "", &mut commands);
        let mut known: Vec<String> = WRITE.split(", ").chain(WRITE_NOTHING).map(str::to_owned).collect();
        known.retain(|command| command != "help");
        commands.sort();
        known.sort();
        assert_eq!(commands, known);
    }

    #[test]
    fn a_false_day_is_refused_by_every_command_that_writes_where_people_are_real_and_by_none_where_they_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let caseload = folder.path().join("caseload");
        std::fs::create_dir(&caseload).unwrap();
        let config = folder.path().join("earlypost.toml");
        std::fs::copy("samples/earlypost.toml", &config).unwrap();
        let program = std::fs::read_to_string("samples/caseload/program.toml").unwrap();
        let as_of = Some(chrono::NaiveDate::MAX);
        let global =
            |as_of| Global { config: config.clone(), data_dir: None, as_of, json: false, verbose: 0, quiet: false };
        let real = regex::Regex::new("(?m)^as_of = .*$")
            .unwrap()
            .replace(&program, "")
            .replace("synthetic = true", "synthetic = false");
        for command in WRITE.split(", ") {
            std::fs::write(caseload.join("program.toml"), &real).unwrap();
            let refused = refuse_for(command, &global(as_of)).unwrap_err();
            assert!(refused.downcast_ref::<DateRefused>().is_some(), "{command}: {refused}");
            refuse_for(command, &global(None)).unwrap();
            std::fs::write(caseload.join("program.toml"), &program).unwrap();
            refuse_for(command, &global(as_of)).unwrap();
        }
        std::fs::write(caseload.join("program.toml"), &real).unwrap();
        for command in WRITE_NOTHING {
            refuse_for(command, &global(as_of)).unwrap();
        }
    }
}
