//! Fax by a gateway that takes e-mail, and by `HylaFAX` with programs of the test in place of its own.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use earlypost::{
    case::{Address, EndpointKind},
    disclosure::{Point, Verdict},
    dispatch::{
        Channel, ChannelSettings, Outcome, StateName,
        email::mailbox::ReceiveSettings,
        fax::{GatewayChannel, HylafaxChannel},
    },
    document::{FaxCoverView, render_fax_cover},
    pipeline::Receiver,
};
use serde_json::json;

use super::partner_case;
use crate::{
    due::samples::line,
    harness::{MAYA, World, by},
    smtp_server::{Script, Server},
};

const KEY: [u8; 32] = [3; 32];
const DOCTOR: &str = "office:ghent-pediatrics/dr-osei";
const NUMBER: &str = "(757) 555-0164";

/// A world in which Maya's physician is reached by fax only.
fn world_with(channel: Arc<dyn Channel>) -> World {
    let mut world = World::with(&[MAYA]);
    let path = world.caseload().join("directory.json");
    let mut directory: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for office in directory["organisations"].as_array_mut().unwrap() {
        if office["organisation_id"] == "ghent-pediatrics" {
            let endpoints = office["endpoints"].as_array_mut().unwrap();
            endpoints.truncate(1);
            endpoints[0]["address"] = json!({ "kind": "fax", "number": NUMBER });
        }
    }
    fs::write(&path, serde_json::to_vec(&directory).unwrap()).unwrap();
    world.replace_channel(EndpointKind::Fax, channel);
    world
}

fn gateway_settings(server: &Server) -> ChannelSettings {
    serde_json::from_value(json!({
        "kind": "fax_gateway", "address": "{number}@fax.example.org", "from": "papers@earlysteps.example.org",
        "confirm_within_hours": 4,
        "relay": { "host": "localhost", "port": server.port(), "security": "starttls", "ca_file": server.authority_file(),
                   "hello_name": "ei.example", "enforces_tls_onward": true },
        "confirmation": { "from": "confirm@fax.example.org", "success": "was sent", "failure": "failed|busy" },
    }))
    .unwrap()
}

struct ByGateway {
    world: World,
    server: Server,
    receiver: Receiver,
    _runtime: tokio::runtime::Runtime,
}

impl ByGateway {
    fn sent() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(Script::starttls()));
        let settings = gateway_settings(&server);
        let ChannelSettings::FaxGateway(gateway) = settings.clone() else { unreachable!() };
        let world = world_with(Arc::new(GatewayChannel::open(*gateway, KEY).unwrap()));
        for folder in ["new", "cur", "tmp"] {
            fs::create_dir_all(world.folder.path().join("answers").join(folder)).unwrap();
        }
        let receive = ReceiveSettings { maildir: Some(world.folder.path().join("answers")), ..Default::default() };
        let receiver = Receiver::new(&receive, None).unwrap().with_fax(&settings, KEY);
        world.run();
        Self { world, server, receiver, _runtime: runtime }
    }

    /// The reference in the subject of the one fax that was sent.
    fn reference(&self) -> String {
        let messages = self.server.messages();
        let text = String::from_utf8_lossy(&messages[0].bytes).into_owned();
        text.lines().find_map(|l| l.strip_prefix("Subject: Fax ")).unwrap().trim().to_owned()
    }

    fn comes(&self, subject: &str) {
        let letter =
            format!("From: confirm@fax.example.org\nTo: papers@earlysteps.example.org\nSubject: {subject}\n\nBye\n");
        let new = self.world.folder.path().join("answers/new");
        fs::write(new.join(format!("{}.a", subject.len())), letter).unwrap();
        self.world.runtime.block_on(self.receiver.receive(&self.world.pipeline)).unwrap();
    }

    fn state(&self) -> StateName {
        self.world.row(MAYA, DOCTOR).state
    }

    fn waiting(&self) -> Vec<String> {
        let lines = self.world.runtime.block_on(self.world.pipeline.operations().waiting(by("the tester"))).unwrap();
        lines.into_iter().map(|line| line.what).collect()
    }
}

#[test]
fn a_fax_goes_to_the_gateway_with_a_cover_sheet_that_names_no_child_and_is_confirmed_by_its_answer() {
    let fax = ByGateway::sent();
    let messages = fax.server.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].to, ["<17575550164@fax.example.org>"]);
    let text = String::from_utf8_lossy(&messages[0].bytes).into_owned();
    assert!(text.contains("filename=\"0-cover.pdf\"") && text.contains("filename=\"1-paper.pdf\""));
    let head = text.split("\r\n\r\n").next().unwrap();
    assert!(!head.contains("Maya") && !head.contains("Rivera"));
    assert_eq!(fax.state(), StateName::Accepted);
    let reference = fax.reference();

    // What the gateway does not know it cannot confirm: a guess changes nothing.
    fax.comes(&format!("Fax {} was sent", "a".repeat(42)));
    assert_eq!(fax.state(), StateName::Accepted);
    fax.comes(&format!("Your Fax {reference} was sent to 17575550164"));
    assert_eq!(fax.state(), StateName::Confirmed);
    fax.world.verify();
}

#[test]
fn a_busy_line_returns_the_fax_and_silence_makes_a_task() {
    let fax = ByGateway::sent();
    fax.world.clock.advance(chrono::Duration::hours(5));
    fax.comes("Our newsletter");
    assert!(fax.waiting().contains(&"fax-not-confirmed".to_owned()), "{:?}", fax.waiting());
    assert_eq!(fax.state(), StateName::Accepted);
    fax.comes(&format!("Fax {} failed: line busy", fax.reference()));
    assert_eq!(fax.state(), StateName::Returned);
    assert!(fax.waiting().contains(&"came-back".to_owned()));
}

#[test]
fn a_number_that_nobody_made_sure_of_for_a_year_is_not_used() {
    let mut case = partner_case(Address::Fax { number: line(NUMBER) });
    let office = case.directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "ghent-pediatrics");
    let endpoint = &mut office.unwrap().endpoints[0];
    let day = case.day;
    let ago = |days: i64| Some((day - chrono::Duration::days(days)).into());
    endpoint.verified_on = ago(360);
    let fresh = case.clone();
    let office = case.directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "ghent-pediatrics");
    office.unwrap().endpoints[0].verified_on = ago(370);
    assert!(matches!(fresh.decide(Point::BeforeRender), Verdict::Authorized(_)));
    assert_eq!(case.answer(), "endpoint-unverified");
}

/// A program in place of one of `HylaFAX`'s.
fn script(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

struct ByHylafax {
    world: World,
    receiver: Receiver,
    tools: tempfile::TempDir,
}

impl ByHylafax {
    fn new(sendfax: &str) -> Self {
        let tools = tempfile::tempdir().unwrap();
        let dir = tools.path().display().to_string();
        let settings: ChannelSettings = serde_json::from_value(json!({
            "kind": "hylafax", "host": "fax.example.org", "sender": "papers",
            "sendfax": script(tools.path(), "sendfax", &sendfax.replace("DIR", &dir)),
            "faxstat": script(tools.path(), "faxstat", &format!("cat {dir}/list 2>/dev/null")),
        }))
        .unwrap();
        let ChannelSettings::Hylafax(server) = settings.clone() else { unreachable!() };
        let channel = HylafaxChannel::open(server, tools.path().join("pages")).unwrap();
        let world = world_with(Arc::new(channel));
        let receiver = Receiver::new(&ReceiveSettings::default(), None).unwrap().with_fax(&settings, KEY);
        Self { world, receiver, tools }
    }

    fn list(&self, line: &str) -> StateName {
        fs::write(self.tools.path().join("list"), format!("JID  Pri S  Owner Number\n{line}\n")).unwrap();
        self.world.runtime.block_on(self.receiver.receive(&self.world.pipeline)).unwrap();
        self.world.row(MAYA, DOCTOR).state
    }
}

const QUEUES: &str = r#"printf '%s\n' "$@" > DIR/arguments; for f in "$@"; do case "$f" in *.pdf) cp "$f" DIR/;; esac; done
echo "request id is 27 (group id 27) for host fax.example.org (3 files)""#;

#[test]
fn hylafax_gets_cover_and_papers_and_its_list_tells_what_became_of_them() {
    let fax = ByHylafax::new(QUEUES);
    fax.world.run();
    let row = fax.world.row(MAYA, DOCTOR);
    assert_eq!(row.state, StateName::Accepted);
    let arguments = fs::read_to_string(fax.tools.path().join("arguments")).unwrap();
    let arguments: Vec<&str> = arguments.lines().collect();
    assert_eq!(
        arguments[..10],
        ["-h", "fax.example.org", "-n", "-i", &row.dispatch_id, "-f", "papers", "-k", "now + 4 hours", "-d"]
    );
    assert_eq!(arguments[10], "17575550164");
    assert!(arguments[11].ends_with("/0-cover.pdf"));
    let pages: u32 = row.packet.unwrap().items.iter().map(|i| i.pages).sum();
    let text = std::process::Command::new("pdftotext")
        .args(["-layout"])
        .arg(fax.tools.path().join("0-cover.pdf"))
        .arg("-")
        .output();
    let text = String::from_utf8(text.unwrap().stdout).unwrap();
    assert!(text.contains(NUMBER) && text.contains(&format!("{}, this one counted", pages + 1)), "{text}");
    assert!(text.contains(&row.dispatch_id) && text.contains("If this is not for you"));
    for name in ["Maya", "Rivera", "EI-"] {
        assert!(!text.contains(name), "the cover sheet names {name}");
    }
    assert_eq!(fs::read_dir(fax.tools.path().join("pages")).unwrap().count(), 0, "no page is left on disk");

    assert_eq!(fax.list("27   127 S  papers 17575550164    0:5   1:12"), StateName::Accepted);
    assert_eq!(fax.list("27   127 D  papers 17575550164    3:3   1:12"), StateName::Confirmed);
    fax.world.verify();
}

#[test]
fn the_cover_sheet_of_a_fax_to_a_parent_names_nobody() {
    let world = World::with(&[MAYA]);
    let day = "2026-11-20".parse().unwrap();
    let text = |to| {
        let view = FaxCoverView::new(&world.pipeline.program, to, NUMBER, 3, super::DISPATCH, day);
        render_fax_cover(&world.pipeline.templates.now(), &view).unwrap().pages.join("\n")
    };
    assert!(text(Some("Ghent Pediatrics")).contains("Ghent Pediatrics"));
    assert!(!text(None).contains("To:") && text(None).contains(NUMBER));
}

#[test]
fn a_fax_that_hylafax_gave_up_is_returned_with_its_words_in_the_record() {
    let fax = ByHylafax::new(QUEUES);
    fax.world.run();
    assert_eq!(fax.list("27   124 F  papers 17575550164    0:3   3:3   Busy signal detected"), StateName::Returned);
    let rows =
        fax.world.runtime.block_on(fax.world.pipeline.store.ledger().ledger_of(&crate::harness::child(MAYA))).unwrap();
    let said = rows.iter().rev().find(|r| r.entry.outcome == "returned").unwrap().detail.as_ref().unwrap();
    assert!(said.evidence.reply.contains("Busy signal detected"), "{}", said.evidence.reply);
}

#[test]
fn a_fax_server_that_does_not_answer_is_no_server_without_jobs() {
    let fax = ByHylafax::new(QUEUES);
    fax.world.run();
    for faxstat in ["echo 'Can not reach service hylafax' >&2", "echo 'no route' >&2; exit 1", "exit 0"] {
        script(fax.tools.path(), "faxstat", faxstat);
        let done = fax.world.runtime.block_on(fax.receiver.receive(&fax.world.pipeline)).unwrap();
        assert!(done.not_read[0].contains("the fax server at fax.example.org does not answer"), "{:?}", done.not_read);
    }
    let lines = fax.world.runtime.block_on(fax.world.pipeline.operations().waiting(by("the tester"))).unwrap();
    assert!(lines.iter().any(|line| line.what == "answers-not-read"), "after three looks somebody is told");
}

#[test]
fn a_server_that_is_away_is_tried_again() {
    let fax = ByHylafax::new("echo 'Can not reach server at host fax.example.org' >&2; exit 1");
    let mut fax = fax;
    fax.world.leaves_open(StateName::Queued);
    fax.world.run();
    assert_eq!(fax.world.row(MAYA, DOCTOR).state, StateName::Queued);
    assert!(fax.world.disclosures(MAYA).iter().all(|e| e.channel.as_deref() != Some("fax")));
}

#[tokio::test]
async fn a_number_with_an_extension_is_refused_before_anything_is_dialled() {
    let tools = tempfile::tempdir().unwrap();
    let server: earlypost::dispatch::fax::HylafaxSettings = serde_json::from_value(json!({
        "sendfax": script(tools.path(), "sendfax", "echo dialled > \"$0.ran\""), "faxstat": "/bin/true",
    }))
    .unwrap();
    let channel = HylafaxChannel::open(server, tools.path().join("pages")).unwrap();
    let case = partner_case(Address::Fax { number: line("(757) 555-0164 ext. 3") });
    let parcel = earlypost::dispatch::Parcel::new(
        super::DISPATCH.to_owned(),
        case.permission(),
        super::papers(&case),
        None,
        case.templates.clone(),
        case.now,
    );
    let parcel = parcel.unwrap().with_cover(b"%PDF-1.7 cover".to_vec().into());
    assert!(matches!(channel.deliver(&parcel).await, Outcome::Permanent(_)));
    assert!(!tools.path().join("sendfax.ran").exists());
}
