use super::*;

const NASTY: &str = "it's 100%; \"c. 4\" - \\ `x` \u{2068}run\u{2069} ñ\n";

#[test]
fn every_hint_comes_back_out_of_the_text_in_which_it_stands() {
    for word in ["01993f1e-7a3c", NASTY, "-", "--", "%2D", "%", "", " "] {
        for hint in Hint::samples(word) {
            let text = format!("Call them; then {hint}, and look.");
            let found = parts(&text);
            assert_eq!(found, [Part::Words("Call them; then "), Part::Hint(hint.clone()), Part::Words(", and look.")]);
            // Kept in JSON and made one line, it is what it was.
            let kept: String = serde_json::from_str(&serde_json::to_string(&text).unwrap()).unwrap();
            let one_line = kept.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(parts(&one_line), found, "{hint:?}");
            assert!(!hint.to_string().contains(['"', '\\', '\'', '\n', '`']), "{hint}");
        }
    }
    let codes: std::collections::BTreeSet<&str> = Hint::samples("x").iter().map(Hint::code).collect();
    assert!(codes.len() > 60, "every variant is tried: {codes:?}");
    assert!(codes.iter().all(|code| code.bytes().all(|b| b == b'-' || b.is_ascii_lowercase())), "{codes:?}");
}

#[test]
fn two_hints_of_one_text_are_two_and_a_text_without_any_is_words() {
    let text = format!("{}{} or {}", Hint::Run, Hint::Serve, Field::Child);
    let hints = [Part::Hint(Hint::Run), Part::Hint(Hint::Serve), Part::Words(" or ")];
    assert_eq!(parts(&text)[..3], hints);
    assert_eq!(parts(&text)[3], Part::Hint(Hint::FillIn { field: Field::Child }));
    assert_eq!(parts("Run `earlypost run`."), [Part::Words("Run `earlypost run`.")]);
    assert_eq!(parts(""), []);
}

#[test]
fn what_a_stranger_writes_is_words() {
    let token = Hint::ShowDispatch { dispatch: Some("x".into()) }.to_string();
    // No record and no typed line brings a token in.
    assert!(crate::case::Line::parse(token.clone()).is_err());
    assert!(crate::case::Prose::parse(format!("A note.\n{token}")).is_err());
    assert_eq!(parts(&unmarked(&token)).len(), 1);
    let bare: String = token.chars().filter(|c| ![OPEN, CLOSE].contains(c)).collect();
    for text in [
        format!("[{bare}] [[{bare}]] {{{bare}}} <{bare}>"),
        bare.clone(),
        // Marks around what is no hint of ours, or no end.
        format!("{OPEN}drop-everything now{CLOSE}"),
        format!("{OPEN}Run{CLOSE}"),
        format!("{OPEN}run now{CLOSE}"),
        format!("{OPEN}show-dispatch %zz{CLOSE}"),
        format!("{OPEN}show-dispatch %ff{CLOSE}"),
        format!("{OPEN}fill-in colour{CLOSE}"),
        format!("{OPEN}fill-in{CLOSE}"),
        format!("{OPEN}{bare}"),
        format!("{bare}{CLOSE}"),
        format!("{CLOSE}{bare}{OPEN}"),
    ] {
        assert_eq!(parts(&text), [Part::Words(text.as_str())]);
        assert_eq!(worded(&text, |_| unreachable!()), text);
    }
    // A mark that was left open takes nothing of a hint behind it.
    let text = format!("{OPEN}left open {token}");
    assert!(matches!(parts(&text)[1], Part::Hint(Hint::ShowDispatch { .. })));
}

#[test]
fn a_log_gets_codes_and_a_page_no_next_step_at_all() {
    let text =
        format!("The field is gone; {} lists them. Look again.", Hint::ShowViewSchema { kind: Some("ifsp".into()) });
    assert_eq!(coded(&text), "The field is gone; `show-view-schema ifsp` lists them. Look again.");
    assert_eq!(left_out(&text), "The field is gone. Look again.");
    assert_eq!(left_out(&format!("It is gone; {} makes it anew", Hint::Regenerate { dispatch: None })), "It is gone");
    assert_eq!(left_out(&format!("It came back. See {}; then call.", Hint::Run)), "It came back.");
    assert_eq!(left_out("Nothing to do; call them."), "Nothing to do; call them.");
    assert_eq!(left_out(&format!("Run {}.", Hint::Run)), "Run `run`.");
}
