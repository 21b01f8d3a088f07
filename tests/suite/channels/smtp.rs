//! What the mail channel refuses before a relay hears of it.

use earlypost::{
    case::{Address, MailProtection},
    disclosure::{Point, Reason, Verdict},
    dispatch::{Channel, Outcome, SmtpChannel, Trace, email::smtp::SmtpSettings},
};
use serde_json::json;

use super::{DISPATCH, clock, misconfigured, papers, parcel, parcel_of};
use crate::{
    due::samples::{id, line},
    gate::{Case, agency, mother, physician},
    smtp_server::{Script, Server},
};

fn settings(server: &Server, enforces_tls_onward: bool) -> SmtpSettings {
    serde_json::from_value(json!({
        "host": "localhost",
        "port": server.port(),
        "security": "plaintext",
        "hello_name": "ei.example",
        "enforces_tls_onward": enforces_tls_onward,
    }))
    .unwrap()
}

fn to_mail(case: &mut Case, protection: Option<MailProtection>) {
    case.record.family[0].endpoints.truncate(1);
    case.record.family[0].endpoints[0].address = Address::Email { to: line("elena@example.org"), protection };
}

#[test]
fn an_address_without_protection_never_gets_a_permission_to_send() {
    let mut case = mother();
    let packet = case.packet();
    to_mail(&mut case, None);

    // A parcel needs a permission, and without one no channel is asked.
    for point in [Point::BeforeRender, Point::Finished(&packet), Point::Release(&packet)] {
        match case.decide(point) {
            Verdict::Refused(refusal) => assert_eq!(refusal.reason, Reason::EndpointUnprotected),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_address_that_asks_for_tls_all_the_way_needs_a_relay_that_promises_it() {
    let server = Server::start(Script::plaintext()).await;
    let mut case = agency();
    case.directory.organisations.retain(|o| o.organisation_id == id("bayside-therapy"));
    let parcel = parcel_of(&case, DISPATCH);

    let silent = SmtpChannel::open(settings(&server, false), clock()).unwrap();
    assert!(misconfigured(silent.deliver(&parcel).await).contains("enforces_tls_onward"));
    assert_eq!(server.connections(), 0);

    let promises = SmtpChannel::open(settings(&server, true), clock()).unwrap();
    assert!(matches!(promises.deliver(&parcel).await, Outcome::Accepted(_)));
}

#[tokio::test]
async fn a_message_goes_to_the_address_of_its_permission_and_to_no_other() {
    let server = Server::start(Script::plaintext()).await;
    let channel = SmtpChannel::open(settings(&server, false), clock()).unwrap();
    let mut case = mother();
    to_mail(&mut case, Some(MailProtection::Direct));
    // The message's own header names the physician; the envelope is what counts.
    assert!(matches!(channel.deliver(&parcel_of(&case, DISPATCH)).await, Outcome::Accepted(_)));

    let messages = server.messages();
    assert_eq!(messages.len(), 1);
    assert!(format!("{:?}", messages[0].to).contains("elena@example.org"));
    assert_eq!(messages[0].bytes, super::message(&case));
}

#[tokio::test]
async fn bare_papers_and_postal_addresses_are_not_for_the_relay() {
    let server = Server::start(Script::plaintext()).await;
    let channel = SmtpChannel::open(settings(&server, true), clock()).unwrap();
    let case = physician();
    let bare = earlypost::dispatch::Parcel::new(
        DISPATCH.to_owned(),
        case.permission(),
        papers(&case),
        None,
        case.templates.clone(),
        case.now,
    );
    let mut by_post = mother();
    by_post.record.family[0].preferred_endpoint = Some(id("0417-post"));

    for parcel in [bare.unwrap(), parcel_of(&by_post, DISPATCH)] {
        assert!(misconfigured(channel.deliver(&parcel).await).contains("e-mail messages only"));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_relay_cannot_tell_what_became_of_a_message() {
    let server = Server::start(Script::plaintext()).await;
    let channel = SmtpChannel::open(settings(&server, true), clock()).unwrap();
    channel.deliver(&parcel()).await;

    assert_eq!(channel.look_for(DISPATCH).await, Trace::CannotTell);
    assert!(channel.leaves_this_machine());
}

#[cfg(not(feature = "smime"))]
#[tokio::test]
async fn a_build_without_smime_says_so_before_anything_is_sent() {
    let server = Server::start(Script::plaintext()).await;
    let mut settings = settings(&server, false);
    settings.smime = serde_json::from_value(json!({ "certificate_file": "a.crt", "key_file": "a.pem" })).unwrap();
    let refused = SmtpChannel::open(settings, clock()).unwrap_err().to_string();
    assert!(refused.contains("built without S/MIME; build it with the feature `smime`"), "{refused}");
}
