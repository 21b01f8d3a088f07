//! To which of a recipient's addresses: its own, verified, in use, protected, and with a channel.

use earlypost::case::{Address, Endpoint, EndpointKind, MailProtection};

use super::{
    Case, agency, days_from, mother, physician,
    table::{holds, row},
};
use crate::due::samples::{id, line};

/// The mother's endpoints: the e-mail address that she prefers, then her postal address.
fn mail(case: &mut Case) -> &mut Endpoint {
    &mut case.record.family[0].endpoints[0]
}

fn only_mail(case: &mut Case) -> &mut Endpoint {
    case.record.family[0].endpoints.truncate(1);
    mail(case)
}

fn unprotected(endpoint: &mut Endpoint) {
    endpoint.address = Address::Email { to: line("elena@example.org"), protection: None };
}

#[test]
fn an_address_that_cannot_take_a_personal_paper_says_why() {
    const MAY: &str = "parent's own copy";
    holds(
        "the mother",
        &mother(),
        &[
            row("no address at all", "no-endpoint", |c| c.record.family[0].endpoints.clear()),
            row("out of use since today", "endpoint-disabled", |c| {
                only_mail(c).disabled_on = Some(days_from(c.day, 0));
            }),
            row("out of use from tomorrow", MAY, |c| only_mail(c).disabled_on = Some(days_from(c.day, 1))),
            row("put out of use here, not yet in the record", "endpoint-disabled", |c| {
                only_mail(c);
                c.recorded.disabled.insert(id("0417-mail"));
            }),
            row("never verified", "endpoint-unverified", |c| only_mail(c).verified_on = None),
            row("verified tomorrow", "endpoint-unverified", |c| only_mail(c).verified_on = Some(days_from(c.day, 1))),
            row("verified today", MAY, |c| only_mail(c).verified_on = Some(days_from(c.day, 0))),
            row("e-mail without protection", "endpoint-unprotected", |c| unprotected(only_mail(c))),
            row("plain e-mail of which she will be warned tomorrow", "endpoint-unprotected", |c| {
                let (warned_on, warning_version) = (days_from(c.day, 1), line("1"));
                let protection = Some(MailProtection::PlainWithWarning { warned_on, warning_version });
                only_mail(c).address = Address::Email { to: line("elena@example.org"), protection };
            }),
            row("e-mail with TLS required", MAY, |c| {
                only_mail(c).address =
                    Address::Email { to: line("elena@example.org"), protection: Some(MailProtection::TlsRequired) };
            }),
            row("no channel for e-mail", "no-channel", |c| {
                only_mail(c);
                c.channels.remove(&EndpointKind::Email);
            }),
            row("a fax number, and no channel for fax", "no-channel", |c| {
                only_mail(c).address = Address::Fax { number: line("(757) 555-0100") };
            }),
            row("unprotected e-mail, and a postal address without a channel", "endpoint-unprotected", |c| {
                unprotected(mail(c));
                c.channels.remove(&EndpointKind::Postal);
            }),
            row("every address out of use", "endpoint-disabled", |c| {
                for endpoint in &mut c.record.family[0].endpoints {
                    endpoint.disabled_on = Some(days_from(c.day, -1));
                }
            }),
        ],
    );
}

/// The endpoint to which it goes.
fn chosen(case: &Case) -> String {
    case.authorized(earlypost::disclosure::Point::BeforeRender).endpoint_id().to_string()
}

#[test]
fn the_preferred_address_comes_first_and_the_next_usable_one_stands_in_for_it() {
    let mut case = mother();
    assert_eq!(chosen(&case), "0417-mail");

    case.record.family[0].preferred_endpoint = Some(id("0417-post"));
    assert_eq!(chosen(&case), "0417-post", "the preferred one, although it stands second");

    case.recorded.disabled.insert(id("0417-post"));
    assert_eq!(chosen(&case), "0417-mail", "the preferred one came back");
}

#[test]
fn a_preferred_address_is_passed_over_when_it_is_unprotected_unverified_or_has_no_channel() {
    let changes: [fn(&mut Case); 4] = [
        |c| unprotected(mail(c)),
        |c| mail(c).verified_on = None,
        |c| mail(c).disabled_on = Some(days_from(c.day, 0)),
        |c| {
            c.channels.remove(&EndpointKind::Email);
        },
    ];
    for change in changes {
        let mut case = mother();
        change(&mut case);
        assert_eq!(chosen(&case), "0417-post");
    }
}

#[test]
fn an_office_is_reached_by_the_first_of_its_addresses_that_has_a_channel() {
    assert_eq!(chosen(&agency()), "bayside-mail");
    assert_eq!(chosen(&physician()), "ghent-direct");

    let mut by_fax = physician();
    by_fax.channels = [EndpointKind::Fax].into();
    assert_eq!(chosen(&by_fax), "ghent-fax");

    let mut by_mail = agency();
    by_mail.channels = [EndpointKind::Postal].into();
    assert_eq!(chosen(&by_mail), "bayside-post");
}

#[test]
fn a_professionals_own_endpoint_is_preferred_for_papers_to_that_person_alone() {
    let mut case = physician();
    case.channels.insert(EndpointKind::Fax);
    let osei = |p: &&mut earlypost::case::Professional| p.person_id.as_str() == "dr-osei";
    case.directory.professionals.iter_mut().find(osei).unwrap().endpoint = Some(id("ghent-fax"));
    case.record.releases[0].recipients[0].person_id = None;
    assert_eq!(chosen(&case), "ghent-fax");

    case.recipient = "office:ghent-pediatrics".parse().unwrap();
    assert_eq!(chosen(&case), "ghent-direct");
}

#[test]
fn an_address_goes_only_to_the_person_whose_it_is() {
    for case in [mother(), agency(), physician()] {
        let authorization = case.authorized(earlypost::disclosure::Point::BeforeRender);
        assert_eq!(authorization.recipient(), &case.recipient);
        let own: Vec<&Endpoint> = match case.recipient.organisation_id() {
            Some(office) => case.directory.organisation(office).unwrap().endpoints.iter().collect(),
            None => case.record.family[0].endpoints.iter().collect(),
        };
        assert!(
            own.iter().any(|e| &e.endpoint_id == authorization.endpoint_id() && &e.address == authorization.address())
        );
    }
}

#[test]
fn a_postal_address_says_where_it_is_or_waits() {
    const MAY: &str = "parent's own copy";
    /// The mother has this postal address and no other.
    fn at(case: &mut Case, lines: &[&str]) {
        let endpoints = &mut case.record.family[0].endpoints;
        endpoints.retain(|endpoint| endpoint.address.kind() == EndpointKind::Postal);
        endpoints[0].address = Address::Postal { lines: lines.iter().map(|text| line(text)).collect() };
    }
    holds(
        "the mother",
        &mother(),
        &[
            row("no ZIP code", "address-incomplete", |c| at(c, &["12 Oak Street", "Norfolk, VA"])),
            row("four digits of five", "address-incomplete", |c| at(c, &["12 Oak Street", "Norfolk, VA 2351"])),
            row("a PO box", MAY, |c| at(c, &["PO Box 12", "Norfolk, VA 23510"])),
            row("abroad, by the country's name", MAY, |c| {
                at(c, &["Calle 5 No. 12", "06000 Ciudad de Mexico", "MEXICO"]);
            }),
            row("abroad, and no country", "address-incomplete", |c| {
                at(c, &["Calle 5 No. 12", "06000 Ciudad de Mexico"]);
            }),
        ],
    );
}
