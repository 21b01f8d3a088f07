//! What README says is so.

use serde_json::Value;

use crate::{
    commands::place::{ended, program},
    harness::Database,
};

fn readme() -> String {
    std::fs::read_to_string("README.md").unwrap()
}

fn earlypost(arguments: &[&str], database: Option<&Database>) -> String {
    let mut command = program();
    if let Some(database) = database {
        database.given_to(&mut command);
    }
    let said = ended(command.args(arguments));
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
    said.out
}

#[test]
fn the_samples_run_ends_in_the_balance_that_readme_shows_and_then_sends_nothing() {
    let data = tempfile::tempdir().unwrap();
    let database = Database::for_test(data.path());
    let earlypost = |arguments: &[&str]| earlypost(arguments, Some(&database));
    let run = ["run", "--config", "samples/earlypost.toml", "--json", "--data-dir", data.path().to_str().unwrap()];
    let report: Value = serde_json::from_str(&earlypost(&run)).unwrap();
    let shown = readme().lines().find(|l| l.starts_with("expected ")).unwrap().to_owned();
    let balance = &report["balance"];
    let said = format!(
        "expected {} = accepted {} + printed {} + withheld {} + held {} + failed {} + unknown {} + queued {} + closed {}",
        balance["expected"],
        balance["accepted"],
        balance["printed"],
        balance["withheld"],
        balance["held"],
        balance["failed"],
        balance["unknown"],
        balance["queued"],
        balance["closed"]
    );
    assert_eq!(said, shown);
    let again: Value = serde_json::from_str(&earlypost(&run)).unwrap();
    assert_eq!(again["balance"]["accepted"], 0);
    assert_eq!(again["balance"]["expected"], balance["withheld"]);
    assert!(!again["waiting"].as_array().unwrap().is_empty());
    let verify = [
        "ledger",
        "verify",
        "--documents",
        "--config",
        "samples/earlypost.toml",
        "--data-dir",
        data.path().to_str().unwrap(),
    ];
    assert!(earlypost(&verify).contains("is clean"));
}

#[test]
fn readme_names_each_system_package_that_the_check_installs() {
    let check = std::fs::read_to_string(".ci/run").unwrap();
    let needed: Vec<&str> = check
        .lines()
        .filter_map(|line| line.split_once("need+=(")?.1.split_once(')'))
        .flat_map(|(packages, _)| packages.split_whitespace())
        .collect();
    assert!(needed.contains(&"poppler-utils"), "{needed:?}");
    let readme = readme();
    let missing: Vec<&&str> = needed.iter().filter(|package| !readme.contains(&format!("`{package}`"))).collect();
    assert!(missing.is_empty(), "README does not name {missing:?}");
}

#[test]
fn every_command_that_readme_shows_is_a_command() {
    let help = earlypost(&["--help"], None);
    let commands: Vec<&str> = help
        .lines()
        .filter_map(|l| l.strip_prefix("  "))
        .filter(|l| l.starts_with(char::is_alphabetic))
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    let readme = readme();
    let shown = readme.lines().filter_map(|l| l.strip_prefix("earlypost ")).filter_map(|l| l.split_whitespace().next());
    for command in shown {
        assert!(commands.contains(&command), "README shows `earlypost {command}`");
    }
}

#[test]
fn readme_and_help_tell_the_same_exit_codes() {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (readme, help) = (flat(&readme()), flat(&earlypost(&["--help"], None)));
    for code in [
        "0 done",
        "1 it failed",
        "2 wrong use",
        "4 nothing could be sent (a channel is wrong, or the installation is held)",
        "5 a check found a fault",
    ] {
        assert!(readme.contains(code) && help.contains(code), "{code}");
    }
}

#[test]
fn every_kind_of_paper_has_a_picture_in_the_gallery() {
    let pictures: Vec<String> = std::fs::read_dir("samples/gallery")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".png"))
        .collect();
    let without: Vec<&str> = earlypost::due::DocumentKind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .filter(|kind| !pictures.iter().any(|name| name.starts_with(kind)))
        .collect();
    assert!(without.is_empty(), "run samples/gallery.sh; there is no picture of {without:?}");
    let shown = readme();
    let linked = shown.split("](samples/gallery/").skip(1).map(|rest| rest.split(')').next().unwrap());
    let gone: Vec<&str> = linked.filter(|name| !pictures.iter().any(|picture| picture == name)).collect();
    assert!(gone.is_empty(), "README shows {gone:?}");
}
