use clap::{CommandFactory, Parser, error::ErrorKind};

use super::*;
use crate::cli::Cli;

/// A word that every argument takes: an id, a number, a name.
const WORD: &str = "7";

/// What clap says to a command. No argument of these holds a blank; what is left to the reader in the middle is left out.
fn parsed(hint: &Hint) -> Result<(), (ErrorKind, String)> {
    let command = command(hint);
    let with_kind = command.replace("--view 7", "--view ifsp").replace("KIND", "ifsp").replace(" ... ", " ");
    Cli::try_parse_from(with_kind.split(' ')).map(|_| ()).map_err(|error| (error.kind(), format!("{command}: {error}")))
}

#[test]
fn every_hint_is_a_command_that_there_is() {
    let left_to_the_reader =
        [ErrorKind::MissingRequiredArgument, ErrorKind::InvalidValue, ErrorKind::WrongNumberOfValues];
    let mut whole = 0;
    for hint in Hint::samples(WORD).iter().filter(|hint| !matches!(hint, Hint::FillIn { .. })) {
        match parsed(hint) {
            Ok(()) => whole += 1,
            Err((kind, says)) => assert!(left_to_the_reader.contains(&kind), "{kind:?} {says}"),
        }
    }
    assert!(whole > 30, "most are whole where all is known: {whole}");
}

#[test]
fn what_names_all_that_a_command_needs_is_a_whole_command() {
    let id = || Some(WORD.to_owned());
    for hint in [
        Hint::ShowDispatch { dispatch: id() },
        Hint::Resend { dispatch: id(), another_way: true },
        Hint::Regenerate { dispatch: id() },
        Hint::ApprovePlan { plan: id(), line: id() },
        Hint::MakeHandover { dispatch: id() },
        Hint::MarkMailed { dispatch: id() },
        Hint::MarkPulled { dispatch: id() },
        Hint::PrintLetter { dispatch: id() },
        Hint::ExplainChild { child: id() },
        Hint::AcceptInstallation,
        Hint::RevokeRelease { child: id(), release: id() },
        Hint::LiftDispatchHold { dispatch: id() },
        Hint::RecordName { dispatch: id() },
        Hint::ListFiled { child: id() },
        Hint::ReportAccess { child: id(), person: id() },
        Hint::WriteRetentionNotice { child: id() },
        Hint::RunDoctor,
        Hint::ShowViewSchema { kind: id() },
        Hint::SkipSchedule { schedule: id() },
        Hint::BelieveClock,
        Hint::ResumeChannel { channel: id() },
        Hint::ResumeAddress { endpoint: id() },
    ] {
        assert_eq!(parsed(&hint), Ok(()), "{hint:?}");
    }
}

#[test]
fn every_field_is_an_option_of_some_command() {
    fn options(command: &clap::Command, found: &mut Vec<String>) {
        found.extend(command.get_arguments().filter_map(|argument| argument.get_long()).map(str::to_owned));
        command.get_subcommands().for_each(|inner| options(inner, found));
    }
    let mut found = Vec::new();
    options(&Cli::command(), &mut found);
    for field in Field::ALL {
        let option = option(*field);
        let name = option.split(' ').next().and_then(|word| word.strip_prefix("--")).unwrap_or_default();
        assert!(found.iter().any(|known| known == name), "{option}");
    }
}

#[test]
fn a_sentence_reads_as_it_was_written_with_a_command_for_each_hint() {
    let hint = Hint::Resend { dispatch: Some("0199-7a".to_owned()), another_way: true };
    assert_eq!(
        words(&format!("Run {hint}, or say with {} whom; `earlypost run` stays.", Field::Person)),
        "Run `earlypost resend 0199-7a --another-way`, or say with --person whom; `earlypost run` stays."
    );
    // What is no plain word is one for the shell, whatever it holds.
    let hint = Hint::RunSchedule { schedule: Some("it's late; rm -rf".to_owned()) };
    assert_eq!(words(&hint.to_string()), r"`earlypost schedule run 'it'\''s late; rm -rf'`");
}

#[test]
fn json_and_tables_and_sheets_show_commands_too() {
    let says = format!("See {}.", Hint::ShowStatus);
    let shown = "See `earlypost status`.";
    assert_eq!(
        in_json(serde_json::json!([{ "next": says }, 1, null])),
        serde_json::json!([{ "next": shown }, 1, null])
    );
    assert_eq!(crate::cli::csv::line([says.as_str()]), format!("{shown}\r\n"));
    let mut table = crate::cli::ui::table(&["next step"]);
    table.add_row([&says]);
    assert!(table.to_string().contains(&format!("│ {shown} │")), "{table}");
}
