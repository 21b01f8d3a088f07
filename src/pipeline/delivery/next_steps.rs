//! What a person has to do about a delivery that did not arrive, or of which nobody knows.

use crate::hint::{Field, Hint};

fn resend(id: &str, another_way: bool) -> Hint {
    Hint::Resend { dispatch: Some(id.to_owned()), another_way }
}

/// How to say what became of it.
fn resolve(id: &str) -> String {
    let resolve = Hint::Resolve { dispatch: Some(id.to_owned()) };
    format!("{resolve} with {} or {}", Field::Arrived, Field::NotArrived)
}

pub(super) fn refused(id: &str) -> String {
    format!(
        "It was refused for good. Call the recipient, mend the address, then run {}; or try another address of theirs with {}.",
        Hint::Regenerate { dispatch: Some(id.to_owned()) },
        resend(id, true)
    )
}

pub(super) fn given_up(id: &str) -> String {
    format!(
        "It was refused for now until its time was over, and there is no other address. Call the recipient, then run {} or give it \
         in person.",
        resend(id, false)
    )
}

pub(super) fn too_large(id: &str) -> String {
    format!(
        "It is larger than the mail server takes, and there is no other address. Add a postal address or a fax number, then run {}; \
         or give it in person.",
        resend(id, true)
    )
}

pub(super) fn unknown_again(id: &str) -> String {
    format!("It went twice, and nobody knows whether it arrived. Ask the recipient, then run {}.", resolve(id))
}

pub(super) fn unknown(id: &str) -> String {
    format!(
        "Nobody knows whether it arrived, and it does not go again by itself. Ask the recipient, then run {}.",
        resolve(id)
    )
}

pub(super) fn unknown_ask(id: &str) -> String {
    format!(
        "Nobody knows whether it arrived. Send the same message once more with {}; or ask the recipient, then run {}.",
        resend(id, false),
        resolve(id)
    )
}

pub(super) fn unknown_on_paper(id: &str) -> String {
    let say = Hint::Resolve { dispatch: Some(id.to_owned()) };
    format!(
        "Nobody knows whether it is on paper. Look at the printer. If it is not there, run {say} with {}, then {}; if it is, mail \
         it and run {say} with {}.",
        Field::NotArrived,
        resend(id, false),
        Field::Arrived
    )
}

pub(super) fn goes_once_more(id: &str) -> String {
    format!(
        "Nobody knows whether it arrived. It goes once more by itself, with the same bytes. If you learn before that whether it \
         arrived, run {}.",
        resolve(id)
    )
}
