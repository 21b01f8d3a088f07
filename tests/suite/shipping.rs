//! What a package holds: pages, completions, the unit, the files that they name.

use std::{fs, path::Path, process::Command};

use crate::commands::place::earlypost;

#[test]
fn every_command_has_a_page_and_every_shell_its_completions() {
    let folder = tempfile::tempdir().unwrap();
    let (pages, completions) = (folder.path().join("man"), folder.path().join("completions"));
    let said = earlypost(&["man", pages.to_str().unwrap(), "--completions", completions.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
    let help = earlypost(&["--help"]).out;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.strip_prefix("  ").filter(|l| l.starts_with(char::is_alphabetic)))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let page = fs::read_to_string(pages.join(format!("earlypost-{command}.1")))
            .unwrap_or_else(|_| panic!("no page for {command}"));
        assert!(page.contains(".TH"), "{command}");
    }
    assert!(fs::read_to_string(pages.join("earlypost.1")).unwrap().contains("Exit codes"));
    for file in ["earlypost.bash", "_earlypost", "earlypost.fish"] {
        assert!(fs::read_to_string(completions.join(file)).unwrap().contains("ledger"), "{file}");
    }
}

#[test]
fn the_unit_is_understood_by_systemd_and_leaves_little_open() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        crate::harness::skipped("the_unit_is_understood_by_systemd_and_leaves_little_open", "systemd is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("earlypost.service");
    // The program stands elsewhere in a test; the account is the package's.
    let text = fs::read_to_string("packaging/systemd/earlypost.service").unwrap();
    let here = text.replace("/usr/bin/earlypost", env!("CARGO_BIN_EXE_earlypost"));
    assert_ne!(text, here);
    fs::write(&unit, here).unwrap();
    let verify = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&unit).output().unwrap();
    let said = String::from_utf8_lossy(&verify.stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("earlypost.service")).collect();
    assert!(ours.is_empty(), "{}", ours.join("\n"));
    // Exposure in tenths, from 0 (nothing) to 100.
    let security = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=25", "--no-pager"])
        .arg(&unit)
        .output()
        .unwrap();
    assert!(security.status.success(), "{}", String::from_utf8_lossy(&security.stdout));
}

#[test]
fn the_package_names_files_that_there_are() {
    let cargo: toml::Table = fs::read_to_string("Cargo.toml").unwrap().parse().unwrap();
    let assets = cargo["package"]["metadata"]["deb"]["assets"].as_array().unwrap();
    for asset in assets {
        let source = asset[0].as_str().unwrap();
        // What the build makes is made by packaging/debian/build.
        assert!(source.starts_with("target/") || Path::new(source).is_file(), "{source}");
    }
    let readable = "chgrp earlypost /etc/earlypost/earlypost.toml";
    assert!(
        fs::read_to_string("packaging/debian/postinst").unwrap().contains(readable),
        "the service reads its settings"
    );
    let container = fs::read_to_string("packaging/container/Containerfile").unwrap();
    assert!(cargo["profile"]["dist"]["lto"].is_str(), "what is shipped is built with this profile");
    for build in [&container, &fs::read_to_string("packaging/debian/build").unwrap()] {
        assert!(build.contains("cargo build --profile dist --locked") && build.contains("/dist/earlypost"), "{build}");
    }
    assert_eq!(container.matches("\nFROM ").count(), 2, "built in one image, shipped in another");
    assert!(container.contains("\nUSER 10001:10001\n"));
}

/// Cargo builds nothing where a file is missing that its manifest names, a bench too.
#[test]
fn the_container_is_built_with_every_file_that_the_manifest_names() {
    let cargo: toml::Table = fs::read_to_string("Cargo.toml").unwrap().parse().unwrap();
    let text = |target: &toml::Value, key: &str| target[key].as_str().unwrap().to_owned();
    let benches = cargo["bench"].as_array().unwrap().iter().map(|bench| format!("benches/{}.rs", text(bench, "name")));
    let others = ["bin", "test"].map(|sort| text(&cargo[sort][0], "path"));
    let compiled_in = ["Cargo.lock", "templates/documents", "samples/caseload"].map(str::to_owned);
    let needed: Vec<String> = benches.chain(others).chain(compiled_in).collect();
    for ignored in fs::read_to_string(".containerignore").unwrap().lines() {
        let kept_out = |path: &String| Path::new(path).starts_with(ignored);
        assert!(!needed.iter().any(kept_out), "`{ignored}` is needed");
    }
}

#[test]
fn the_settings_that_the_package_brings_are_understood() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = fs::read_to_string("packaging/debian/earlypost.toml").unwrap();
    // Every commented line is a setting too; the folders are this test's.
    for commented in ["#store", "#[observe]", "#listen"] {
        assert!(text.contains(commented), "{commented}");
        text = text.replace(commented, &commented[1..]);
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/caseload");
    let key = folder.path().join("program.key");
    fs::write(&key, "07".repeat(32)).unwrap();
    let text = text
        .replace("/etc/earlypost/caseload", samples.to_str().unwrap())
        .replace("/run/credentials/earlypost.service/program.key", key.to_str().unwrap());
    let file = folder.path().join("earlypost.toml");
    fs::write(&file, text).unwrap();
    let said = earlypost(&["config", "check", "--config", file.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
}
