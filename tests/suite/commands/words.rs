//! What the program says about itself: help, completions, schemas, wrong use.

use serde_json::Value;

use super::place::{Place, earlypost};

const COMMANDS: [&str; 32] = [
    "init",
    "run",
    "import",
    "plan",
    "schedule",
    "doctor",
    "deliver",
    "serve",
    "send",
    "find",
    "preview",
    "status",
    "tasks",
    "show",
    "mark",
    "resend",
    "regenerate",
    "cancel",
    "resolve",
    "channel",
    "trial",
    "hold",
    "release",
    "record",
    "consent",
    "endpoint",
    "ledger",
    "check",
    "schema",
    "config",
    "completions",
    "help",
];

/// The commands that the help of these words lists.
fn listed(args: &[&str]) -> Vec<String> {
    let said = earlypost(args);
    assert_eq!(said.code, 0, "{}", said.err);
    let after = said.out.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let lines = after.take_while(|line| !line.trim().is_empty());
    lines.filter(|l| l.starts_with("  ") && !l.starts_with("   ")).filter_map(first_word).collect()
}

fn first_word(line: &str) -> Option<String> {
    line.split_whitespace().next().map(str::to_owned)
}

#[test]
fn help_lists_every_command_and_the_exit_codes() {
    let listed = listed(&["--help"]);
    for command in COMMANDS {
        assert!(listed.iter().any(|l| l == command), "{command} is not among {listed:?}");
    }
    assert!(earlypost(&["--help"]).out.contains("Exit codes: 0 done"));
    assert!(!listed.contains(&"render-worker".to_owned()), "the rendering process is nobody's command");
}

#[test]
fn every_command_has_a_help_of_its_own() {
    for command in listed(&["--help"]).iter().filter(|c| *c != "help") {
        let said = earlypost(&[command, "--help"]);
        assert_eq!(said.code, 0, "{command}: {}", said.err);
        assert!(said.out.contains(&format!("Usage: earlypost {command}")), "{command}: {}", said.out);
        assert!(said.err.is_empty(), "{command}: {}", said.err);
        for sub in listed(&[command, "--help"]).iter().filter(|s| *s != "help") {
            let said = earlypost(&[command, sub, "--help"]);
            assert_eq!(said.code, 0, "{command} {sub}: {}", said.err);
            assert!(said.out.contains(&format!("Usage: earlypost {command} {sub}")), "{command} {sub}: {}", said.out);
        }
    }
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let said = earlypost(&["completions", shell]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(COMMANDS.iter().all(|command| said.out.contains(command)), "{shell}");
    }
}

#[test]
fn the_schema_of_every_input_is_json_and_the_samples_keep_to_it() {
    let schema = |input: &str| -> jsonschema::Validator {
        let said = earlypost(&["schema", input]);
        assert_eq!(said.code, 0, "{}", said.err);
        let schema = said.json();
        assert!(schema["properties"].is_object(), "{input}");
        jsonschema::validator_for(&schema).unwrap()
    };
    let place = Place::with(&["c-0427"]);
    let read = |name: &str| std::fs::read(place.path(name)).unwrap();
    let json = |name: &str| serde_json::from_slice::<Value>(&read(name)).unwrap();
    let toml = |name: &str| toml::from_slice::<Value>(&read(name)).unwrap();
    assert!(schema("record").is_valid(&json("caseload/children/c-0427.json")));
    assert!(schema("directory").is_valid(&json("caseload/directory.json")));
    assert!(schema("program").is_valid(&toml("caseload/program.toml")));
    assert!(schema("config").is_valid(&toml("earlypost.toml")));
    assert_eq!(earlypost(&["schema"]).out, earlypost(&["schema", "record"]).out);
}

#[test]
fn a_recipient_of_another_form_is_wrong_use() {
    for recipient in ["0417-mother", "family:", "office:a/b/c", "person:x", "family:Elena Rivera"] {
        let said = earlypost(&["send", "ifsp", "--child", "c-0417", "--to", recipient, "--yes"]);
        assert_eq!(said.code, 2, "{recipient}: {}", said.err);
        assert!(said.err.contains("--to"), "{}", said.err);
    }
    earlypost(&["preview", "ifsp", "--child", "c-0417", "--as", "nobody", "--out", "x.pdf"])
        .fails(2, "a recipient is written family:PERSON, office:OFFICE or office:OFFICE/PERSON");
}

#[test]
fn an_unknown_command_option_paper_or_date_is_wrong_use() {
    earlypost(&["sned"]).fails(2, "sned");
    earlypost(&["run", "--nothing"]).fails(2, "--nothing");
    earlypost(&["send", "plan", "--child", "c-0417"]).fails(2, "must be one of ifsp, physician-letter");
    earlypost(&["plan", "--as-of", "20.11.2026"]).fails(2, "--as-of");
    earlypost(&["release", "--reason", "x"]).fails(2, "--child");
    earlypost(&["mark", "mailed", "id", "--all"]).fails(2, "--all");
}
