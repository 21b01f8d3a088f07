//! Offices, professionals and their addresses.

use serde_json::Value;

use super::{Findings, printable::letters};
use crate::case::{Address, Directory, Endpoint, MailProtection, mail_address};

/// Everything wrong with a directory.
pub(super) fn directory(directory: &Directory, value: &Value, printable: fn(char) -> bool, f: &mut Findings) {
    letters(value, printable, f);
    f.once(
        "organisation",
        directory
            .organisations
            .iter()
            .enumerate()
            .map(|(i, o)| (format!("organisations[{i}].organisation_id"), o.organisation_id.as_str())),
    );
    f.once(
        "person",
        directory
            .professionals
            .iter()
            .enumerate()
            .map(|(i, p)| (format!("professionals[{i}].person_id"), p.person_id.as_str())),
    );
    f.once(
        "endpoint",
        directory.organisations.iter().enumerate().flat_map(|(i, o)| {
            o.endpoints.iter().map(move |e| (format!("organisations[{i}].endpoints"), e.endpoint_id.as_str()))
        }),
    );
    for (i, organisation) in directory.organisations.iter().enumerate() {
        if let Some(into) = &organisation.merged_into
            && (into == &organisation.organisation_id || directory.organisation(into).is_none())
        {
            f.add(format!("organisations[{i}].merged_into"), "names no other organisation of the directory");
        }
        endpoints(&organisation.endpoints, &format!("organisations[{i}]"), f);
    }
    for (i, person) in directory.professionals.iter().enumerate() {
        if directory.organisation(&person.organisation_id).is_none() {
            f.add(format!("professionals[{i}].organisation_id"), "no organisation of the directory has this id");
        }
    }
}

pub(super) fn endpoints(endpoints: &[Endpoint], at: &str, f: &mut Findings) {
    for (i, endpoint) in endpoints.iter().enumerate() {
        let at = format!("{at}.endpoints[{i}].address");
        if let Address::Email { to, .. } = &endpoint.address
            && let Err(error) = mail_address(to)
        {
            f.add(format!("{at}.to"), error.to_string());
        }
        match &endpoint.address {
            Address::Email { protection: Some(MailProtection::Smime { certificate }), .. }
                if !certificate.trim_start().starts_with("-----BEGIN CERTIFICATE-----") =>
            {
                f.add(
                    format!("{at}.protection.certificate"),
                    "is no certificate in PEM; it begins with -----BEGIN CERTIFICATE-----",
                );
            }
            Address::Postal { lines } if !(1..=4).contains(&lines.len()) => {
                f.add(format!("{at}.lines"), "an address has one to four lines below the name");
            }
            Address::Fax { number } if number.chars().filter(char::is_ascii_digit).count() < 10 => {
                f.add(format!("{at}.number"), "a fax number has at least ten digits");
            }
            _ => {}
        }
    }
}
