//! Messages that are signed and encrypted, opened again by OpenSSL.

use std::{fs, path::Path, process::Command, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use earlypost::{
    case::{Address, MailProtection, Prose},
    clock::{Clock, ManualClock},
    dispatch::{Channel, Outcome, SmtpChannel, email::smtp::SmtpSettings},
};
use serde_json::json;

use super::{DISPATCH, clock, misconfigured, parcel_of};
use crate::{
    due::samples::line,
    gate::{Case, physician},
    smtp_server::{Script, Server},
};

const TO: &str = "records@direct.ghent-pediatrics.example.org";

fn openssl(arguments: &[&str], folder: &Path) -> Vec<u8> {
    let made = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl is installed");
    assert!(made.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

/// A certificate with its key, issued by the authority in this folder.
fn certificate(name: &str, subject_alt_name: &str, days: &str, folder: &Path) {
    if !folder.join("ca.crt").exists() {
        let ca =
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-days", "30"];
        openssl(&[&ca[..], &["-subj", "/CN=Test authority"]].concat(), folder);
    }
    let (key, request, crt) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.crt"));
    openssl(&["req", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-out", &request, "-subj", "/CN=Test"], folder);
    fs::write(folder.join("ext"), format!("subjectAltName={subject_alt_name}\nextendedKeyUsage=emailProtection\n"))
        .unwrap();
    let sign = ["x509", "-req", "-in", &request, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"];
    openssl(&[&sign[..], &["-days", days, "-extfile", "ext", "-out", &crt]].concat(), folder);
}

fn settings(server: &Server, folder: &Path, ca_file: Option<&str>) -> SmtpSettings {
    let file = |name: &str| folder.join(name);
    serde_json::from_value(json!({
        "host": "localhost",
        "port": server.port(),
        "security": "plaintext",
        "smime": {
            "certificate_file": file("program.crt"),
            "key_file": file("program.key"),
            "ca_file": ca_file.map(file),
        },
    }))
    .unwrap()
}

/// The physician's office with this certificate on file.
fn case_with(certificate: &Path) -> Case {
    let mut case = physician();
    let certificate = Prose::parse(fs::read_to_string(certificate).unwrap()).unwrap();
    let office = case.directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "ghent-pediatrics");
    let endpoint = &mut office.unwrap().endpoints[0];
    endpoint.address = Address::Email { to: line(TO), protection: Some(MailProtection::Smime { certificate }) };
    case
}

/// A program with a certificate, and its recipient's.
fn folder(days: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    certificate("program", "email:papers@earlysteps.example.org", "30", folder.path());
    certificate("doctor", &format!("email:{TO}"), days, folder.path());
    folder
}

/// A clock that stands some days after the moment at which the certificates of a folder were issued.
fn issued(folder: &Path, days_later: i64) -> Arc<dyn Clock> {
    let said = openssl(&["x509", "-in", "ca.crt", "-noout", "-startdate", "-dateopt", "iso_8601"], folder);
    let said = String::from_utf8(said).unwrap().trim().replace("notBefore=", "").replace(' ', "T");
    let at: DateTime<Utc> = said.parse().unwrap();
    Arc::new(ManualClock::at(at + TimeDelta::days(days_later) + TimeDelta::hours(1)))
}

async fn sent(folder: &Path, ca_file: Option<&str>) -> (Outcome, Option<Vec<u8>>) {
    sent_later(folder, ca_file, 0).await
}

async fn sent_later(folder: &Path, ca_file: Option<&str>, days_later: i64) -> (Outcome, Option<Vec<u8>>) {
    let server = Server::start(Script::plaintext()).await;
    let channel = SmtpChannel::open(settings(&server, folder, ca_file), issued(folder, days_later)).unwrap();
    let parcel = parcel_of(&case_with(&folder.join("doctor.crt")), DISPATCH);
    let outcome = channel.deliver(&parcel).await;
    let bytes = server.messages().first().map(|message| message.bytes.clone());
    (outcome, bytes)
}

#[tokio::test]
async fn only_the_recipient_opens_it_and_sees_that_the_program_signed_the_very_papers() {
    let folder = folder("30");
    let folder = folder.path();
    let (outcome, bytes) = sent(folder, Some("ca.crt")).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let bytes = bytes.unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    for outside in ["Message-ID: <", "Subject: ", "smime-type=enveloped-data"] {
        assert!(text.contains(outside), "{outside} is not in {text}");
    }
    for inside in ["1-letter.pdf", "multipart/mixed", "pkcs7-signature"] {
        assert!(!text.contains(inside), "{inside} can be read by everybody");
    }

    fs::write(folder.join("sent.eml"), &bytes).unwrap();
    openssl(
        &["cms", "-decrypt", "-in", "sent.eml", "-recip", "doctor.crt", "-inkey", "doctor.key", "-out", "open.eml"],
        folder,
    );
    let verify = ["cms", "-verify", "-in", "open.eml", "-CAfile", "ca.crt", "-purpose", "smimesign"];
    let inner = openssl(&verify, folder);
    let composed = super::message(&case_with(&folder.join("doctor.crt")));
    let at = |bytes: &[u8]| bytes.windows(26).position(|w| w == b"Content-Type: multipart/mi").unwrap();
    let (inner, composed) = (&inner[at(&inner)..], &composed[at(&composed)..]);
    let trimmed = |bytes: &[u8]| bytes.strip_suffix(b"\r\n").unwrap_or(bytes).to_vec();
    assert_eq!(trimmed(inner).len(), trimmed(composed).len(), "what was signed is the message, whole");
    assert!(String::from_utf8_lossy(inner).contains("1-letter.pdf"));

    // One changed letter inside, and the signature does not hold.
    let changed = fs::read_to_string(folder.join("open.eml")).unwrap().replacen("1-letter.pdf", "1-lotter.pdf", 1);
    fs::write(folder.join("open.eml"), changed).unwrap();
    let refused = Command::new("openssl").args(verify).current_dir(folder).output().unwrap();
    assert!(!refused.status.success());
}

#[tokio::test]
async fn a_retry_is_the_same_bytes() {
    let folder = folder("30");
    let (first, again) = (sent(folder.path(), None).await.1, sent(folder.path(), None).await.1);
    assert!(first.is_some() && first == again);
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_sends_nothing_and_says_what_to_do() {
    let other = tempfile::tempdir().unwrap();
    certificate("doctor", "email:somebody.else@example.org", "30", other.path());
    certificate("stranger", &format!("email:{TO}"), "30", other.path());
    let ended = folder("-1");
    let good = folder("30");
    for (from, name, ca_file, says) in [
        (ended.path(), "doctor", None, "ended on"),
        (other.path(), "doctor", None, "is made out to another address"),
        (other.path(), "stranger", Some("ca.crt"), "was issued by nobody in smime.ca_file"),
    ] {
        let place = tempfile::tempdir().unwrap();
        for file in ["program.crt", "program.key", "ca.crt"] {
            fs::copy(good.path().join(file), place.path().join(file)).unwrap();
        }
        fs::copy(from.join(format!("{name}.crt")), place.path().join("doctor.crt")).unwrap();
        let (outcome, bytes) = sent(place.path(), ca_file).await;
        match outcome {
            Outcome::Permanent(evidence) => assert!(evidence.reply.contains(says), "{}", evidence.reply),
            other => panic!("{says}: {other:?}"),
        }
        assert!(bytes.is_none(), "{says}: something left");
    }
}

#[tokio::test]
async fn whether_a_certificate_holds_is_asked_of_the_programs_clock() {
    let folder = folder("20");
    let (outcome, _) = sent_later(folder.path(), Some("ca.crt"), 19).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let (outcome, bytes) = sent_later(folder.path(), Some("ca.crt"), 21).await;
    assert!(matches!(&outcome, Outcome::Permanent(evidence) if evidence.reply.contains("ended on")), "{outcome:?}");
    assert!(bytes.is_none());
    let (outcome, _) = sent_later(folder.path(), Some("ca.crt"), 31).await;
    assert!(misconfigured(outcome).contains("the program's certificate for S/MIME ended on"));
}

#[tokio::test]
async fn a_certificate_for_the_whole_domain_is_good_for_its_addresses() {
    let folder = folder("30");
    certificate("doctor", "DNS:direct.ghent-pediatrics.example.org", "30", folder.path());
    let (outcome, _) = sent(folder.path(), Some("ca.crt")).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
}

#[tokio::test]
async fn the_programs_own_certificate_must_hold_and_fit_its_key() {
    let ended = folder("30");
    certificate("program", "email:papers@earlysteps.example.org", "-1", ended.path());
    let (outcome, bytes) = sent(ended.path(), None).await;
    assert!(misconfigured(outcome).contains("the program's certificate for S/MIME ended on"));
    assert!(bytes.is_none());

    let mixed = folder("30");
    fs::copy(mixed.path().join("doctor.key"), mixed.path().join("program.key")).unwrap();
    let server = Server::start(Script::plaintext()).await;
    let refused = SmtpChannel::open(settings(&server, mixed.path(), None), clock()).unwrap_err().to_string();
    assert!(refused.contains("smime.key_file: is not the key of the certificate"), "{refused}");
}

#[tokio::test]
async fn without_a_certificate_of_its_own_the_program_sends_nothing_there() {
    let folder = folder("30");
    let server = Server::start(Script::plaintext()).await;
    let mut plain = settings(&server, folder.path(), None);
    plain.smime = None;
    let channel = SmtpChannel::open(plain, clock()).unwrap();
    let outcome = channel.deliver(&parcel_of(&case_with(&folder.path().join("doctor.crt")), DISPATCH)).await;
    assert!(misconfigured(outcome).contains("[channels.email.smime] is not set"));
    assert!(server.messages().is_empty());
}
