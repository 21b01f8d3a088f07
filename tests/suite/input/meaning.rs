//! Records of the right shape that contradict themselves, the law or the fonts.

use serde_json::json;

use super::refused;

#[test]
fn a_birth_date_in_the_future_is_refused() {
    refused(|r| {
        r["child"]["birth_date"] = json!("2026-12-04");
    })
    .lists(None, "child.birth_date", "lies in the future");
}

#[test]
fn a_birth_date_is_measured_by_the_programs_day() {
    let refusal = refused(|r| r["child"]["birth_date"] = json!("2026-11-21"));
    refusal.lists(None, "child.birth_date", "lies in the future");
}

#[test]
fn a_service_for_no_outcome_is_refused() {
    refused(|r| r["ifsps"][0]["services"][0]["outcomes"] = json!([])).only(
        None,
        "ifsps[0].services[0].outcomes",
        "names no outcome",
    );
}

#[test]
fn a_service_for_an_outcome_that_the_plan_lacks_is_refused() {
    refused(|r| r["ifsps"][0]["services"][0]["outcomes"] = json!([99])).only(
        None,
        "ifsps[0].services[0].outcomes",
        "names outcome 99",
    );
}

#[test]
fn another_setting_without_a_justification_is_refused() {
    refused(|r| {
        let line = r["ifsps"][0]["services"][0].as_object_mut().unwrap();
        line.insert("setting".into(), json!("other"));
        line.remove("justification");
    })
    .only(None, "ifsps[0].services[0].justification", "is justified by the team");
}

#[test]
fn a_release_that_names_nobody_is_refused() {
    refused(|r| r["releases"][0]["recipients"] = json!([])).only(None, "releases[0].recipients", "names nobody");
}

#[test]
fn a_release_that_ends_before_its_signature_is_refused() {
    refused(|r| {
        r["releases"][0]["signed_on"] = json!("2026-11-10");
        r["releases"][0]["expires_on"] = json!("2026-11-09");
    })
    .only(None, "releases[0].expires_on", "lies before the signature");
}

#[test]
fn a_release_that_somebody_signed_who_was_never_a_parent_is_refused() {
    refused(|r| {
        let mut aunt = r["family"][0].clone();
        aunt["person_id"] = json!("0417-aunt");
        aunt["parent_role"] = json!("none");
        aunt["may_consent"] = json!(false);
        aunt["endpoints"] = json!([]);
        aunt.as_object_mut().unwrap().remove("preferred_endpoint");
        r["family"].as_array_mut().unwrap().push(aunt);
        r["releases"][0]["signed_by"] = json!("0417-aunt");
    })
    .only(None, "releases[0].signed_by", "may not sign consents");
}

#[test]
fn an_appointment_as_surrogate_stands_with_a_surrogate_only_and_its_office_is_known() {
    let appointed = json!({ "appointed_by": "the lead agency", "appointed_on": "2026-10-01", "employer": "nowhere" });
    refused(|r| {
        r["family"][0]["parent_role"] = json!("surrogate");
        r["family"][0]["surrogate"] = appointed.clone();
    })
    .only(None, "family[0].surrogate.employer", "no organisation of the directory");
    refused(|r| {
        r["family"][0]["surrogate"] = appointed.clone();
        r["family"][0]["surrogate"]["employer"] = json!("bayside-therapy");
    })
    .only(None, "family[0].surrogate", "whose parent_role is surrogate");
}

#[test]
fn an_office_that_the_directory_lacks_is_refused() {
    refused(|r| r["physicians"][0]["organisation_id"] = json!("nowhere-pediatrics")).only(
        None,
        "physicians[0].organisation_id",
        "no organisation of the directory",
    );
}

#[test]
fn an_event_that_stands_twice_is_refused() {
    refused(|r| {
        let first = r["evaluations"][0]["event_id"].clone();
        r["evaluations"][1]["event_id"] = first;
    })
    .only(None, "evaluations[1].event_id", "stands twice");
}

#[test]
fn a_letter_of_a_name_that_no_font_has_is_named() {
    refused(|r| r["child"]["legal_name"]["last"] = json!("한")).only(
        None,
        "child.legal_name.last",
        "the letter '한' (U+D55C)",
    );
    refused(|r| r["family"][0]["name"]["first"] = json!("Елена \u{f8ff}")).only(None, "family[0].name.first", "U+F8FF");
}

#[test]
fn an_emoji_in_a_name_is_named_with_its_field() {
    refused(|r| r["child"]["preferred_name"] = json!("Maya \u{1F98A}")).only(None, "child.preferred_name", "U+1F98A");
}

#[test]
fn an_address_of_seven_lines_does_not_fit_a_window() {
    refused(|r| {
        r["family"][1]["endpoints"][0]["address"] =
            json!({ "kind": "postal", "lines": ["c/o A", "Building 2", "Floor 3", "Suite 4", "12 Oak Street", "Ghent", "Norfolk, VA 23510"] });
    })
    .only(None, "family[1].endpoints[0].address.lines", "one to four lines");
}

#[test]
fn two_mistakes_of_shape_in_one_record_are_both_listed() {
    let refusal = refused(|r| {
        r["child"]["birth_date"] = json!("03/04/2026");
        r["family"][0]["relationship"] = json!(7);
    });
    assert_eq!(refusal.problems.len(), 2);
    refusal.lists(None, "child.birth_date", "is no date");
    refusal.lists(None, "family[0].relationship", "must be of type string");
}

#[test]
fn two_mistakes_of_meaning_in_one_record_are_both_listed() {
    let refusal = refused(|r| {
        r["releases"][0]["recipients"] = json!([]);
        r["ifsps"][0]["services"][0]["outcomes"] = json!([]);
    });
    assert_eq!(refusal.problems.len(), 2);
    refusal.lists(None, "releases[0].recipients", "names nobody");
    refusal.lists(None, "ifsps[0].services[0].outcomes", "names no outcome");
}

#[test]
fn a_mistake_of_shape_does_not_hide_a_mistake_of_meaning() {
    let refusal = refused(|r| {
        r["child"]["favourite_toy"] = json!("a red ball");
        r["child"]["gestational_age_weeks"] = json!(90);
        r["releases"][0]["recipients"] = json!([]);
    });
    assert_eq!(refusal.problems.len(), 3);
    refusal.lists(None, "child.favourite_toy", "unknown field");
    refusal.lists(None, "child.gestational_age_weeks", "at most 45");
    refusal.lists(None, "releases[0].recipients", "names nobody");
}
