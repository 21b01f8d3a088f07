//! Rules are data: every value has its source, and a mistake is named with its file and line.

use earlypost::due::{Profile, Rulebook};

use super::samples::{date, day, samples};

const NAMES: [&str; 7] = ["federal", "virginia", "florida", "texas", "illinois", "new-york", "maryland"];

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("src/due/profiles/{name}.toml")).unwrap()
}

#[track_caller]
fn refused(name: &str, from: &str, to: &str) -> String {
    let text = text(name);
    assert!(text.contains(from), "{name} has no {from}");
    Profile::read(&format!("{name}.toml"), &text.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn every_profile_says_for_each_value_where_it_stands_and_whether_it_is_confirmed() {
    for name in NAMES {
        let profile = Profile::named(name).unwrap();
        assert_eq!(profile.name, name);
        let value = serde_json::to_value(&profile).unwrap();
        for (rule, value) in value.as_object().unwrap().iter().filter(|(rule, v)| *rule != "name" && !v.is_null()) {
            assert!(value["source"].as_str().is_some_and(|s| s.len() > 5), "{name}: {rule}");
            assert!(value["confirmed"].is_boolean(), "{name}: {rule}");
        }
    }
}

#[test]
fn what_nobody_has_confirmed_is_listed() {
    let rules = |name: &str| {
        let found = Profile::named(name).unwrap().unconfirmed();
        found.into_iter().map(|u| format!("{} = {}", u.rule, u.value)).collect::<Vec<_>>()
    };
    assert!(rules("virginia").contains(&"prior_notice_calendar_days = 5".to_owned()), "{:?}", rules("virginia"));
    assert!(rules("new-york").contains(&"service_start_calendar_days = 30".to_owned()));
    assert!(!rules("virginia").iter().any(|r| r.starts_with("contact_note")), "its regulation was read");
    assert!(!rules("maryland").iter().any(|r| r.starts_with("leap_birthday")), "its law was read");
}

#[test]
fn a_negative_lead_time_is_refused_with_its_line() {
    let says = refused("texas", "value = 14", "value = -14");
    assert!(says.starts_with("texas.toml:"), "{says}");
    assert!(says.contains("district_invitation_calendar_days.value: must be at least 0"), "{says}");
}

#[test]
fn a_missing_or_empty_source_is_refused_with_its_line() {
    let says = refused("virginia", "source = \"12VAC35-225-180\", ", "");
    assert!(says.contains("virginia.toml:") && says.contains("contact_note_business_days.source: missing"), "{says}");
    let says = refused("virginia", "source = \"12VAC35-225-180\"", "source = \"\"");
    assert!(says.contains("contact_note_business_days.source: must not be empty"), "{says}");
}

#[test]
fn an_unknown_key_and_another_states_name_are_refused() {
    let says = refused("florida", "district_notice_months", "district_notice_month");
    assert!(says.contains("florida.toml:") && says.contains("district_notice_month: unknown field"), "{says}");
    let says = refused("florida", "name = \"florida\"", "name = \"georgia\"");
    assert!(says.contains("name: must be the name of the file"), "{says}");
}

#[test]
fn a_program_may_put_its_own_profile_beside_its_caseload() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("profiles")).unwrap();
    let own = text("virginia").replace("value = 30", "value = 21");
    std::fs::write(folder.path().join("profiles/virginia.toml"), own).unwrap();
    let profile = Profile::of_caseload(folder.path(), "virginia").unwrap();
    assert_eq!(profile.service_start_calendar_days.unwrap().value, 21);
    assert_eq!(Profile::of_caseload(folder.path(), "texas").unwrap(), Profile::named("texas").unwrap());
    for name in ["../virginia", "", "profiles/virginia", "atlantis"] {
        let says = Profile::of_caseload(folder.path(), name).unwrap_err().to_string();
        assert!(says.contains("no such profile; there are federal, virginia"), "{name}: {says}");
    }
}

#[test]
fn a_list_of_holidays_that_ended_last_year_is_named() {
    let mut program = samples().program.clone();
    let gap = |program: &earlypost::case::Program, on: &str| {
        Rulebook { program, profile: &samples().profile }.calendar_gap(day(on))
    };
    assert!(gap(&program, "2026-11-20").unwrap().contains("has no list of holidays"));
    program.calendar = Some(earlypost::case::Closures { through: date("2026-12-31"), closed: Vec::new() });
    assert_eq!(gap(&program, "2026-12-31"), None);
    assert!(gap(&program, "2027-01-04").unwrap().contains("ends on 2026-12-31"));
}
