//! `serve --passive`: it says what it would do, and does nothing.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use super::crashes::Installation;
use crate::harness::{MAYA, World};

#[test]
fn a_passive_look_names_what_would_go_and_writes_nothing() {
    let mut world = World::with(&[MAYA]);
    world.leaves_open(earlypost::dispatch::StateName::Queued);
    world.import();
    let look = || world.runtime.block_on(world.pipeline.operations().would_go()).unwrap();
    let first = look();
    assert!(first.iter().any(|l| l.recipient == "family:0417-mother" && l.channel == "smtp" && l.dispatch.is_none()));
    assert!(world.rows(MAYA).is_empty() && world.mail.given().is_empty());
    world.prepare();
    let second = look();
    assert_eq!(second.len(), first.len(), "the same envelopes, now with their papers");
    assert!(second.iter().all(|l| l.dispatch.is_some()));
    let now = world.pipeline.now();
    world.runtime.block_on(world.pipeline.store.service().pause_channel("smtp", "a test", now)).unwrap();
    assert!(look().iter().all(|l| l.channel != "smtp"));
}

#[test]
fn the_passive_service_says_its_lines_and_leaves_no_trace() {
    let installation = Installation::new();
    assert!(installation.command(&["import"]).output().unwrap().status.success());
    let before = installation.json(&["status", "--json"]);
    let mut service = installation.command(&["serve", "--passive"]).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(service.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("would send child c-"), "{first}");
    assert!(Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success());
    assert_eq!(service.wait().unwrap().code(), Some(0));
    assert_eq!(installation.files(), 0);
    assert_eq!(installation.json(&["status", "--json"]), before);
}
