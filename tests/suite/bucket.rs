//! Stored papers in a bucket that machines share: sealed as in a folder, with the mark beside them; and a bucket that is
//! missing, forbidden, slow or away.

mod moto;

use std::{net::TcpListener, process::Stdio};

use moto::{Moto, moto_is_here};
use sqlx::{AnyConnection, Connection};

use crate::commands::place::{Place, Said, ended};

const CHILD: &str = "c-0417";

/// The program on this place, with its papers in a bucket.
fn command(place: &Place, moto: &Moto, args: &[&str]) -> std::process::Command {
    let mut command = place.command(args);
    command.env("EARLYPOST_PAPERS", "s3://papers/program").envs(moto.variables());
    command
}

fn with(place: &Place, moto: &Moto, args: &[&str]) -> Said {
    ended(&mut command(place, moto, args))
}

#[test]
fn papers_in_a_bucket_are_sealed_and_the_mark_stands_beside_them() {
    if !moto_is_here("papers_in_a_bucket_are_sealed_and_the_mark_stands_beside_them") {
        return;
    }
    let (alone, place, moto) = (Place::with(&[CHILD]), Place::with(&[CHILD]), Moto::start(&[]));
    moto.make_bucket();
    alone.done(&["run"]);
    assert_eq!(with(&place, &moto, &["run"]).code, 0);
    assert_eq!(place.sent().len(), alone.sent().len(), "the same leaves, wherever papers stand");
    assert!(!place.data("papers").exists(), "nothing stands in the data folder");
    let names = moto.names();
    let papers: Vec<&String> = names.iter().filter(|name| name.starts_with("program/papers/")).collect();
    assert_eq!(papers.len(), alone.files("data/papers").len());
    for name in &papers {
        let (code, bytes) = moto.ask("GET", &format!("/papers/{name}"), b"");
        assert_eq!(code, 200);
        assert!(!bytes.windows(5).any(|w| w == b"%PDF-"), "a paper lies open in the bucket");
    }
    assert_eq!(with(&place, &moto, &["ledger", "verify", "--documents"]).code, 0);
    // What this machine remembers by itself does not count; what the bucket says does.
    std::fs::remove_file(place.data("ledger.mark")).unwrap();
    assert_eq!(with(&place, &moto, &["run"]).code, 0);
    let ahead = format!("{{\"count\":9999,\"hash\":\"{}\"}}", "0".repeat(64));
    assert_eq!(moto.ask("PUT", "/papers/program/ledger.mark", ahead.as_bytes()).0, 200);
    with(&place, &moto, &["run"]).fails(4, "entry 9999 was seen here before");
    // Other bytes under a paper's name are found, and so is one that is gone.
    let says = |what: &str| {
        let said = with(&place, &moto, &["ledger", "verify", "--documents"]);
        assert_eq!(said.code, 5, "{what}: {}", said.err);
    };
    assert_eq!(with(&place, &moto, &["release", "--installation", "--reason", "a test"]).code, 0);
    let (_, kept) = moto.ask("GET", &format!("/papers/{}", papers[0]), b"");
    assert_eq!(moto.ask("PUT", &format!("/papers/{}", papers[0]), b"something else").0, 200);
    says("changed");
    assert_eq!(moto.ask("PUT", &format!("/papers/{}", papers[0]), &kept).0, 200);
    assert_eq!(with(&place, &moto, &["ledger", "verify", "--documents"]).code, 0);
    assert_eq!(moto.ask("DELETE", &format!("/papers/{}", papers[1]), b"").0, 204);
    says("gone");
}

#[test]
fn a_bucket_that_cannot_be_used_is_named_with_what_to_do_and_without_a_secret() {
    if !moto_is_here("a_bucket_that_cannot_be_used_is_named_with_what_to_do_and_without_a_secret") {
        return;
    }
    let place = Place::with(&[CHILD]);
    let fails = |said: Said, says: &str| {
        said.fails(1, says);
        assert!(!said.err.contains("hush-hush") && !said.out.contains("hush-hush"), "{}", said.err);
        assert!(place.sent().is_empty());
    };
    let moto = Moto::start(&[]);
    fails(with(&place, &moto, &["run"]), "the service has no bucket of this name");
    moto.make_bucket();
    // From its second request on this one asks for credentials that it knows.
    let strict = Moto::start(&[("INITIAL_NO_AUTH_ACTION_COUNT", "1")]);
    strict.make_bucket();
    fails(with(&place, &strict, &["run"]), "the service refuses these credentials");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    fails(
        ended(command(&place, &moto, &["run"]).env("AWS_ENDPOINT", &address).env("AWS_TIMEOUT", "300ms")),
        "the service did not answer in time",
    );
    drop(silent);
    fails(ended(command(&place, &moto, &["run"]).env("AWS_ENDPOINT", &address)), "the service cannot be reached");
    fails(ended(command(&place, &moto, &["run"]).env_remove("AWS_ALLOW_HTTP")), "nothing goes there in the clear");
    let said = ended(place.command(&["run"]).env("EARLYPOST_PAPERS", "ftp://papers"));
    said.fails(3, "papers: must be s3://BUCKET/FOLDER");
}

#[tokio::test]
async fn a_service_outlives_its_bucket_and_goes_on_when_it_is_back() {
    if !moto_is_here("a_service_outlives_its_bucket_and_goes_on_when_it_is_back") {
        return;
    }
    let (place, mut moto) = (Place::with(&["c-0405"]), Moto::start(&[]));
    moto.make_bucket();
    let mut service = command(&place, &moto, &["serve"])
        .envs([
            ("EARLYPOST_SERVICE_POLL_SECONDS", "1"),
            ("EARLYPOST_DELIVERY_LEASE_SECONDS", "2"),
            ("AWS_TIMEOUT", "1s"),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let alive = |service: &mut std::process::Child| {
        assert!(service.try_wait().unwrap().is_none(), "the service ended by itself");
        std::thread::yield_now();
    };
    while place.sent().is_empty() {
        alive(&mut service);
    }
    let (_, mark) = moto.ask("GET", "/papers/program/ledger.mark", b"");
    moto.stop();
    place.put(CHILD, &crate::commands::place::sample(CHILD));
    sqlx::any::install_default_drivers();
    let mut database = AnyConnection::connect(place.database.url()).await.unwrap();
    let mut count = async |sql: &'static str| {
        sqlx::query_as::<_, (i64,)>(sql).fetch_one(&mut database).await.map_or(0, |(count,)| count)
    };
    // Whether this is a restored copy cannot be known now: the run fails and says so, and the service stays.
    let due = "UPDATE schedule SET next_due = '2026-01-01T00:00:00.000Z' WHERE name = 'run' RETURNING 1";
    while count(due).await == 0 {}
    while count("SELECT COUNT(*) FROM schedule_run WHERE outcome = 'failed' AND says LIKE '%bucket%'").await == 0 {
        alive(&mut service);
    }
    moto.start_again();
    moto.make_bucket();
    moto.ask("PUT", "/papers/program/ledger.mark", &mark);
    while count(due).await == 0 {}
    while count("SELECT COUNT(*) FROM dispatch WHERE child_id = 'c-0417' AND state <> 'queued'").await == 0 {
        alive(&mut service);
    }
    let open = "SELECT COUNT(*) FROM dispatch WHERE child_id = 'c-0417' AND state IN ('queued', 'sending')";
    while count(open).await > 0 {
        alive(&mut service);
    }
    assert!(count("SELECT COUNT(*) FROM dispatch WHERE child_id = 'c-0417' AND state = 'accepted'").await > 0);
    assert_eq!(count("SELECT COUNT(*) FROM dispatch WHERE state = 'unknown'").await, 0);
    crate::commands::place::told_to_stop(service);
}
