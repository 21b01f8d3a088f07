//! Whether others can tell that mail from the program's domain is the program's: SPF, DKIM, DMARC. Hints only, and only
//! where a name server answers.

use std::net::SocketAddr;

use super::dns::{Texts, texts};
use crate::{hint::Hint, pipeline::Finding};

const WHY: &str = "Mail may be taken for forged: it lands among spam, or is refused.";

/// What the domain of the program's address says about its mail. Nothing where the server does not answer.
pub async fn mail_domain(domain: &str, server: SocketAddr) -> Vec<Finding> {
    let (named, dmarc, keys) = (domain.to_owned(), format!("_dmarc.{domain}"), format!("_domainkey.{domain}"));
    let (Some(at_domain), Some(at_dmarc), Some(at_keys)) =
        tokio::join!(texts(server, &named), texts(server, &dmarc), texts(server, &keys))
    else {
        return vec![Finding::note(
            "mail domain",
            format!("SPF, DKIM and DMARC of {domain} were not looked at: the name server does not answer."),
            "Whether others trust mail from there is not known.",
            format!("Run {} where names can be looked up.", Hint::RunDoctor),
        )];
    };
    let starting = |found: &Texts, start: &str| match found {
        Texts::Are(texts) => texts.iter().filter(|text| text.to_lowercase().starts_with(start)).cloned().collect(),
        Texts::NoSuchName => Vec::new(),
    };
    let spf: Vec<String> = starting(&at_domain, "v=spf1");
    let policy: Vec<String> = starting(&at_dmarc, "v=dmarc1");
    vec![spf_of(domain, &spf), dkim_of(domain, &at_keys), dmarc_of(domain, &policy)]
}

fn hint(what: String, next_step: impl Into<String>) -> Finding {
    Finding::note("mail domain", what, WHY, next_step)
}

fn spf_of(domain: &str, found: &[String]) -> Finding {
    match found {
        [] => hint(
            format!("{domain} does not say which servers send its mail (SPF)."),
            "Ask whoever looks after the domain for an SPF record that names your relay (RFC 7208).",
        ),
        [one] if one.to_lowercase().ends_with("+all") => hint(
            format!("The SPF record of {domain} lets every server send its mail (+all)."),
            "Ask whoever looks after the domain to name your relay and end it with -all or ~all.",
        ),
        [_] => Finding::good("mail domain", format!("{domain} says which servers send its mail (SPF).")),
        _ => hint(
            format!("{domain} has {} SPF records; servers heed none of them.", found.len()),
            "Ask whoever looks after the domain to make them one (RFC 7208, 3.2).",
        ),
    }
}

fn dkim_of(domain: &str, keys: &Texts) -> Finding {
    if *keys == Texts::NoSuchName {
        return hint(
            format!("{domain} has no key for signed mail (DKIM)."),
            "Ask whoever runs your relay to sign mail from the domain, and to give you the record for it (RFC 6376).",
        );
    }
    Finding::good(
        "mail domain",
        format!("{domain} has a place for keys of signed mail (DKIM); a message that came shows whether it is signed."),
    )
}

fn dmarc_of(domain: &str, found: &[String]) -> Finding {
    let policy = |text: &String| {
        text.split(';').find_map(|part| part.trim().to_lowercase().strip_prefix("p=").map(|p| p.trim().to_owned()))
    };
    match found {
        [one] => match policy(one).as_deref() {
            Some("quarantine" | "reject") => {
                Finding::good("mail domain", format!("{domain} says what becomes of forged mail (DMARC)."))
            }
            Some("none") => hint(
                format!("{domain} only watches forged mail (DMARC p=none)."),
                "Where its reports look well, ask for p=quarantine or p=reject: nobody can then write to families in your name.",
            ),
            _ => hint(
                format!("The DMARC record of {domain} has no policy that is known."),
                "Ask whoever looks after the domain to correct it (RFC 7489).",
            ),
        },
        _ => hint(
            format!("{domain} does not say what becomes of forged mail (DMARC)."),
            "Ask whoever looks after the domain for a record at _dmarc (RFC 7489).",
        ),
    }
}
