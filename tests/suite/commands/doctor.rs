//! `doctor`: what is wrong is named with what to do, and a script learns it by the code.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::place::Place;

fn faults(place: &Place) -> (i32, Vec<String>) {
    let said = place.earlypost(&["doctor", "--json"]);
    let report: Value = said.json();
    let faults = report["findings"].as_array().unwrap().iter().filter(|f| f["level"] == "fault");
    (said.code, faults.map(|f| format!("{}: {} {}", f["check"], f["what"], f["next_step"])).collect())
}

#[test]
fn an_installation_in_order_has_no_fault_and_every_check_says_what_it_saw() {
    let place = Place::with(&["c-0417"]);
    place.done(&["run"]);
    assert_eq!(faults(&place), (0, Vec::new()));
    let all = place.done(&["doctor", "--all"]).out;
    for check in
        ["database", "disk", "files", "clock", "papers", "channels", "installation", "runs", "duties", "outbox"]
    {
        assert!(all.contains(&format!("good   {check}: ")), "{check} is not among:\n{all}");
    }
    assert!(all.contains("leap_birthday"), "an unconfirmed rule is worth knowing:\n{all}");
}

#[test]
fn a_key_that_others_may_read_is_a_fault_with_the_command_that_mends_it() {
    let place = Place::with(&["c-0417"]);
    place.done(&["run"]);
    std::fs::set_permissions(place.data("program.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, faults) = faults(&place);
    assert_eq!(code, 5);
    assert!(faults[0].contains("may be read by other accounts") && faults[0].contains("chmod go="), "{faults:?}");
    // Nothing else uses such a key either, and says so itself.
    assert!(faults[1].contains("the key file can be read by others"), "{faults:?}");
}

#[test]
fn wrong_settings_and_a_folder_that_takes_nothing_are_faults() {
    let place = Place::with(&["c-0417"]);
    place.done(&["run"]);
    let mail = place.data("outgoing/mail");
    std::fs::remove_dir_all(&mail).unwrap();
    std::fs::write(&mail, b"no folder").unwrap();
    let (code, found) = faults(&place);
    assert_eq!(code, 5, "{found:?}");
    assert!(found.iter().any(|f| f.contains("mail folder")), "{found:?}");
    place.edit("earlypost.toml", "kind = \"print\"", "kind = \"smoke\"");
    let (code, found) = faults(&place);
    assert_eq!(code, 5);
    assert!(found[0].contains("earlypost.toml:") && found[0].contains("channels.postal"), "{found:?}");
}
