//! Offices, professionals and their addresses.

use std::collections::HashSet;

use super::look::Finding;
use crate::case::{Address, Directory, Endpoint, MailProtection, mail_address};

/// Everything wrong with a directory.
pub(super) fn directory(directory: &Directory) -> Vec<Finding> {
    let mut found = Vec::new();
    let (offices, people) = (&directory.organisations, &directory.professionals);
    let mut once = |what: &str, field: String, is_new: bool| {
        if !is_new {
            found.push((field, format!("this {what} id stands twice; give each its own")));
        }
    };
    let mut seen = HashSet::new();
    for (i, office) in offices.iter().enumerate() {
        once(
            "organisation",
            format!("organisations[{i}].organisation_id"),
            seen.insert(office.organisation_id.as_str()),
        );
    }
    let mut seen = HashSet::new();
    for (i, person) in people.iter().enumerate() {
        once("person", format!("professionals[{i}].person_id"), seen.insert(person.person_id.as_str()));
    }
    let mut seen = HashSet::new();
    for (i, office) in offices.iter().enumerate() {
        for endpoint in &office.endpoints {
            once("endpoint", format!("organisations[{i}].endpoints"), seen.insert(endpoint.endpoint_id.as_str()));
        }
    }
    for (i, office) in offices.iter().enumerate() {
        if let Some(into) = &office.merged_into
            && (into == &office.organisation_id || directory.organisation(into).is_none())
        {
            let says = "names no other organisation of the directory; correct it, or leave it out";
            found.push((format!("organisations[{i}].merged_into"), says.to_owned()));
        }
        found.extend(endpoints(&office.endpoints, &format!("organisations[{i}]")));
    }
    for (i, person) in people.iter().enumerate() {
        if directory.organisation(&person.organisation_id).is_none() {
            let says = "no organisation of the directory has this id; correct it, or add the organisation";
            found.push((format!("professionals[{i}].organisation_id"), says.to_owned()));
        }
    }
    found
}

/// Everything wrong with the ways to reach somebody.
pub(super) fn endpoints(endpoints: &[Endpoint], at: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (i, endpoint) in endpoints.iter().enumerate() {
        let at = format!("{at}.endpoints[{i}].address");
        let mut wrong = |field: &str, says: String| found.push((format!("{at}.{field}"), says));
        if let Address::Email { to, .. } = &endpoint.address
            && let Err(error) = mail_address(to)
        {
            wrong("to", error.to_string());
        }
        match &endpoint.address {
            Address::Email { protection: Some(MailProtection::Smime { certificate }), .. }
                if !certificate.trim_start().starts_with("-----BEGIN CERTIFICATE-----") =>
            {
                let says = "is no certificate in PEM; paste the one that begins with -----BEGIN CERTIFICATE-----";
                wrong("protection.certificate", says.to_owned());
            }
            Address::Postal { lines } if !(1..=4).contains(&lines.len()) => {
                wrong("lines", "an address has one to four lines below the name; write it so".to_owned());
            }
            Address::Fax { number } if number.chars().filter(char::is_ascii_digit).count() < 10 => {
                wrong("number", "a fax number has at least ten digits; give it with its area code".to_owned());
            }
            _ => {}
        }
    }
    found
}
