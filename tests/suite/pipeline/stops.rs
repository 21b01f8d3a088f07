//! Nothing leaves after it was stopped, however long the relay takes; and what had begun is named to whoever stops it.

use std::{collections::BTreeSet, sync::Arc};

use chrono::Duration;
use earlypost::{
    case::{CourtOrder, EndpointId, EndpointKind, Fact, OrderEffect, PersonId},
    dispatch::{AttemptOutcome, Channel, DeliverySettings, SmtpChannel, StateName},
    pipeline::{Silent, Stop, StoppedLine},
    store::{AttemptRow, DispatchRow, HoldScope},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    channels::clock,
    due::samples::id,
    harness::{MAYA, World, by, child},
    smtp_server::{At, Do, Gate, Script, Server},
};

const DOCTOR: (&str, &str) = ("records@direct.ghent-pediatrics.example.org", "office:ghent-pediatrics/dr-osei");
const MOTHER: (&str, &str) = ("elena.rivera@example.org", "family:0417-mother");

fn start(script: Script) -> (Runtime, Server) {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(script));
    (runtime, server)
}

fn world_over(server: &Server, children: &[&str], more: Value) -> World {
    let mut settings = json!({
        "host": "localhost", "port": server.port(), "security": "plaintext", "hello_name": "ei.example",
        "enforces_tls_onward": true,
    });
    let Value::Object(more) = more else { panic!("settings are given as an object") };
    settings.as_object_mut().unwrap().extend(more);
    let channel = SmtpChannel::open(serde_json::from_value(settings).unwrap(), clock()).unwrap();
    let mut world =
        World::with_delivery(children, DeliverySettings { jitter_percent: 0, ..DeliverySettings::default() });
    world.replace_channel(EndpointKind::Email, Arc::new(channel) as Arc<dyn Channel>);
    world
}

/// Delivers until all is done or `watching` has ended it.
fn delivered_while<T>(world: &World, stop: &Stop, watching: impl Future<Output = T>) -> T {
    world.runtime.block_on(async {
        let delivery = world.pipeline.delivery();
        let (delivered, watched) = tokio::join!(delivery.deliver_all(&Silent, stop, by("a test")), watching);
        delivered.unwrap();
        watched
    })
}

/// What a person, or an export, stops things with.
#[derive(Debug, Clone, Copy)]
enum Stops {
    Revocation,
    AddressOut,
    OfficeAddressOut,
    Order,
    ChildHeld,
    EverythingHeld,
    RecipientHeld,
    PaperHeld,
    Death,
    RefusedRecord,
    ImportedEnd,
}

impl Stops {
    const ALL: [Self; 11] = [
        Self::Revocation,
        Self::AddressOut,
        Self::OfficeAddressOut,
        Self::Order,
        Self::ChildHeld,
        Self::EverythingHeld,
        Self::RecipientHeld,
        Self::PaperHeld,
        Self::Death,
        Self::RefusedRecord,
        Self::ImportedEnd,
    ];

    /// Somebody whom it stops: the address, and the recipient.
    fn stops(self) -> (&'static str, &'static str) {
        match self {
            Self::Revocation | Self::OfficeAddressOut | Self::RecipientHeld => DOCTOR,
            _ => MOTHER,
        }
    }

    /// Stops it; gives what was named.
    async fn act(self, world: &World) -> Vec<StoppedLine> {
        let intake = world.pipeline.intake();
        let record = async |fact: Fact| intake.record(&child(MAYA), &fact, by("a test")).await.unwrap();
        let hold = async |scope| world.pipeline.stops().hold(&scope, "a test", by("a test")).await.unwrap().on_its_way;
        let import = async || intake.import(&world.caseload(), &Silent, by("a test")).await.unwrap().on_its_way;
        match self {
            Self::Revocation => record(Fact::ReleaseRevoked { release_id: id("0417-release-ghent") }).await,
            Self::AddressOut => record(Fact::EndpointDisabled { endpoint_id: id("0417-mail") }).await,
            Self::OfficeAddressOut => {
                let fact = Fact::EndpointDisabled { endpoint_id: id("ghent-direct") };
                intake.record_for_office(&fact, by("a test")).await.unwrap()
            }
            Self::Order => record(Fact::OrderReceived { order: denies(world, id("0417-mother")) }).await,
            Self::ChildHeld => record(Fact::Held { reason: "a test".to_owned() }).await,
            Self::EverythingHeld => hold(HoldScope::Everything).await,
            Self::RecipientHeld => hold(HoldScope::Recipient("office:ghent-pediatrics".to_owned())).await,
            Self::PaperHeld => hold(HoldScope::Document("ifsp".to_owned())).await,
            Self::Death => record(Fact::Died).await,
            Self::RefusedRecord => {
                std::fs::write(world.caseload().join(format!("children/{MAYA}.json")), "{").unwrap();
                import().await
            }
            Self::ImportedEnd => {
                let out = world.pipeline.day();
                world.edit(MAYA, |record| record.family[0].endpoints[0].disabled_on = Some(out.into()));
                import().await
            }
        }
    }
}

fn denies(world: &World, person: PersonId) -> CourtOrder {
    let day = world.pipeline.day();
    CourtOrder {
        order_id: id("order"),
        received_on: day.into(),
        effective_on: day.into(),
        expires_on: None,
        effect: Some(OrderEffect::DenyAccess),
        verified_by: None,
        persons: vec![person],
    }
}

/// The dispatches whose messages the relay has.
fn arrived(server: &Server) -> BTreeSet<String> {
    let id = |message: &crate::smtp_server::Received| {
        let text = String::from_utf8_lossy(&message.bytes).into_owned();
        let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: <")).expect("each has one").to_owned();
        id.split('@').next().unwrap_or_default().to_owned()
    };
    server.messages().iter().map(id).collect()
}

#[test]
fn whatever_is_stopped_while_the_relay_thinks_about_its_recipient_does_not_leave() {
    for stops in Stops::ALL {
        let (address, recipient) = stops.stops();
        let gate = Gate::default();
        let (_runtime, server) = start(Script::plaintext().once(At::rcpt(address), Do::WaitFor(gate.clone())));
        let mut world = world_over(&server, &[MAYA], json!({}));
        world.leaves_open(StateName::Queued);
        world.import();
        world.prepare();
        let lines = delivered_while(&world, &Stop::default(), async {
            gate.reached().await;
            let lines = stops.act(&world).await;
            gate.open();
            lines
        });
        // A letter that is being put into the print folder at that moment may be named too.
        let named: Vec<&StoppedLine> =
            lines.iter().filter(|line| line.is_on_its_way() && line.recipient == recipient).collect();
        assert_eq!(named.len(), 1, "{stops:?} names what is being sent: {lines:?}");
        assert!(!arrived(&server).contains(&named[0].dispatch), "{stops:?}: it left after it was stopped");
        let row = world.runtime.block_on(world.pipeline.store.outbox().dispatch(&named[0].dispatch)).unwrap();
        assert!(
            !matches!(row.state, StateName::Accepted | StateName::Unknown | StateName::Failed),
            "{stops:?}: {}",
            row.state
        );
        assert_eq!(row.refusals, 0, "{stops:?}: it costs no retry");
        let attempts = world.runtime.block_on(world.pipeline.store.outbox().attempts(&row.dispatch_id)).unwrap();
        assert_eq!(attempts[0].outcome, Some(AttemptOutcome::NotTried), "{stops:?}");
        let entries = world.disclosures(MAYA);
        assert!(entries.iter().all(|entry| entry.dispatch.as_ref() != Some(&row.dispatch_id)), "{stops:?}");
        world.verify();
    }
}

#[test]
fn what_had_begun_is_named_to_whoever_stops_it_and_stays_a_disclosure() {
    let gate = Gate::default();
    let (_runtime, server) = start(Script::plaintext().once(At::Body, Do::WaitFor(gate.clone())));
    let mut world = world_over(&server, &[MAYA], json!({}));
    world.leaves_open(StateName::Queued);
    world.import();
    world.prepare();
    let lines = delivered_while(&world, &Stop::default(), async {
        gate.reached().await;
        let lines = Stops::ChildHeld.act(&world).await;
        gate.open();
        lines
    });
    let named = lines.iter().find(|line| line.is_on_its_way()).expect("it is named");
    assert!(named.next_step.contains("show-dispatch"), "{}", named.next_step);
    assert_eq!(arrived(&server), BTreeSet::from([named.dispatch.clone()]));
    assert!(world.disclosures(MAYA).iter().any(|entry| entry.dispatch.as_ref() == Some(&named.dispatch)));
}

#[test]
fn what_waits_for_its_beat_waits_in_the_queue_where_it_can_be_stopped_and_cancelled() {
    let (_runtime, server) = start(Script::plaintext());
    let mut world = world_over(&server, &[MAYA, "c-0427"], json!({ "messages_per_minute": 2, "connections": 4 }));
    world.leaves_open(StateName::Queued);
    world.import();
    world.prepare();
    let stop = Stop::default();
    let (lines, sending) = delivered_while(&world, &stop, async {
        while server.taken() == 0 {
            tokio::task::yield_now().await;
        }
        // The first has its answer at once; the next one may leave in half a minute.
        while !world.pipeline.store.outbox().sending().await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        let lines = Stops::Revocation.act(&world).await;
        let mut stopped = Stops::AddressOut.act(&world).await;
        stopped.extend(lines);
        let sending = world.pipeline.store.outbox().sending().await.unwrap().len();
        stop.set();
        (stopped, sending)
    });
    assert_eq!(sending, 0, "nobody holds an envelope while it waits");
    assert!(lines.iter().any(|line| line.was == "queued"), "{lines:?}");
    assert!(lines.iter().all(|line| !line.is_on_its_way()), "{lines:?}");
    assert_eq!(server.taken(), 1);
}

#[test]
fn a_relay_that_cannot_be_reached_costs_no_envelope_an_attempt_and_rests_until_the_next_run() {
    let (_runtime, server) = start(Script::plaintext().times(3, At::Connect, Do::Drop));
    let world = world_over(&server, &[MAYA], json!({}));
    let report = world.run();
    assert_eq!(server.connections(), 3, "it was tried three times, and not once an envelope");
    assert!(report.paused[0].1.contains("3 times in a row"), "{:?}", report.paused);
    assert!(report.balance.queued > 0 && report.balance.failed == 0, "{}", report.balance);
    let rows = world.rows(MAYA);
    assert!(rows.iter().filter(|row| row.state == StateName::Queued).all(|row| row.attempt == 0 && row.refusals == 0));
    // It is back: everything goes, and nobody had to resume anything.
    let again = world.run();
    assert!(again.paused.is_empty(), "{:?}", again.paused);
    assert_eq!(again.balance.queued, 0, "{}", again.balance);
    world.verify();
}

#[test]
fn a_relay_that_is_away_for_longer_than_mail_may_wait_gives_way_to_the_post() {
    let (_runtime, server) = start(Script::plaintext().always(At::Connect, Do::Drop));
    let mut world = world_over(&server, &[MAYA], json!({}));
    world.leaves_open(StateName::Queued);
    world.run();
    assert!(world.post.given_to(MOTHER.1).is_empty());
    world.clock.advance(Duration::hours(49));
    world.run();
    assert!(!world.post.given_to(MOTHER.1).is_empty(), "her letter goes by post");
    let rows = world.rows(MAYA);
    assert!(rows.iter().all(|row| row.state != StateName::Failed), "who has no other address waits for the relay");
}

/// One stop: whom it concerns, and what had arrived or was named when it returned.
struct Stopped {
    what: String,
    concerns: Box<dyn Fn(&DispatchRow, &[AttemptRow]) -> bool>,
    before: BTreeSet<String>,
    named: BTreeSet<String>,
}

/// Stops something of a child at a moment, by a number that says what.
async fn stop_one(world: &World, server: &Server, child_id: &str, number: u64) -> Stopped {
    let intake = world.pipeline.intake();
    let record = world.pipeline.store.children().child(&child(child_id)).await.unwrap().record;
    let at = |endpoint: EndpointId| -> Box<dyn Fn(&DispatchRow, &[AttemptRow]) -> bool> {
        Box::new(move |row, _| row.packet.as_ref().is_some_and(|packet| packet.endpoint_id == endpoint))
    };
    let of_child = |_: &DispatchRow, _: &[AttemptRow]| true;
    let mail = record.family.iter().flat_map(|m| &m.endpoints).find(|e| e.address.kind() == EndpointKind::Email);
    let (fact, concerns): (Fact, Box<dyn Fn(&DispatchRow, &[AttemptRow]) -> bool>) =
        match (number % 5, record.releases.first(), mail) {
            (0, Some(release), _) => {
                let rests = format!("\"release\":\"{}\"", release.release_id);
                let concerns = move |_: &DispatchRow, attempts: &[AttemptRow]| {
                    attempts.iter().any(|attempt| attempt.decision.contains(&rests))
                };
                (Fact::ReleaseRevoked { release_id: release.release_id.clone() }, Box::new(concerns))
            }
            (1, _, Some(mail)) => {
                (Fact::EndpointDisabled { endpoint_id: mail.endpoint_id.clone() }, at(mail.endpoint_id.clone()))
            }
            (2, ..) => {
                let person = record.family[0].person_id.clone();
                let to = format!("family:{person}");
                let concerns = move |row: &DispatchRow, _: &[AttemptRow]| row.envelope.recipient.to_string() == to;
                (Fact::OrderReceived { order: denies(world, person) }, Box::new(concerns))
            }
            (3, ..) => (Fact::Died, Box::new(of_child)),
            _ => (Fact::Held { reason: "a test".to_owned() }, Box::new(of_child)),
        };
    let lines = intake.record(&child(child_id), &fact, by("a test")).await.unwrap();
    Stopped {
        what: format!("{child_id}: {fact:?}"),
        concerns,
        before: arrived(server),
        named: lines.into_iter().filter(StoppedLine::is_on_its_way).map(|line| line.dispatch).collect(),
    }
}

/// Sends the mail of these children over a relay that thinks, and stops something of each at some moment. Gives the number
/// of envelopes.
fn stop_at_random(children: &[&str], mut seed: u64) -> usize {
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    // Now and then an answer comes a byte at a time.
    let script = Script::plaintext()
        .times(6, At::Mail, Do::Dribble("250 2.1.0 slowly"))
        .times(9, At::Data, Do::Dribble("354 slowly"))
        .times(6, At::Body, Do::Dribble("250 2.0.0 queued"));
    let (_runtime, server) = start(script);
    let mut world = world_over(&server, children, json!({ "connections": 4 }));
    world.leaves_open(StateName::Queued);
    world.import();
    world.prepare();
    let rows = |world: &World| children.iter().flat_map(|id| world.rows(id)).collect::<Vec<_>>();
    let by_mail = rows(&world).iter().filter(|row| row.channel.as_deref() == Some("smtp")).count();
    // After so many commands of the relay: somewhere between two bytes of somebody's message.
    let mut plan: Vec<(usize, &str, u64)> =
        children.iter().map(|id| (usize::try_from(random()).unwrap() % (by_mail * 4).max(1), *id, random())).collect();
    plan.sort_unstable();
    let over = Stop::default();
    let stopped = world.runtime.block_on(async {
        let (delivery, none) = (world.pipeline.delivery(), Stop::default());
        let deliver = async {
            delivery.deliver_all(&Silent, &none, by("a test")).await.unwrap();
            over.set();
        };
        let stopping = async {
            let mut stopped = Vec::new();
            for (commands, child_id, number) in plan {
                while server.commands().len() < commands && !over.is_set() {
                    tokio::task::yield_now().await;
                }
                stopped.push(stop_one(&world, &server, child_id, number).await);
            }
            stopped
        };
        tokio::join!(deliver, stopping).1
    });
    let arrived = arrived(&server);
    for row in rows(&world) {
        let attempts = world.runtime.block_on(world.pipeline.store.outbox().attempts(&row.dispatch_id)).unwrap();
        let of_child = |stop: &&Stopped| stop.what.starts_with(row.envelope.child_id.as_str());
        for stop in stopped.iter().filter(of_child).filter(|stop| (stop.concerns)(&row, &attempts)) {
            let late = arrived.contains(&row.dispatch_id) && !stop.before.contains(&row.dispatch_id);
            assert!(!late || stop.named.contains(&row.dispatch_id), "{} left after {}", row.dispatch_id, stop.what);
        }
    }
    world.verify();
    by_mail
}

#[test]
fn no_message_begins_after_its_stop_has_returned() {
    let envelopes = stop_at_random(&["c-0398", "c-0402", "c-0405", "c-0415", MAYA, "c-0421", "c-0427"], 1);
    assert!(envelopes > 20, "{envelopes}");
}

/// The same over a thousand envelopes, each time with other moments.
#[test]
#[ignore = "started by hand: some minutes"]
fn full_test_of_stops() {
    let all = ["c-0398", "c-0402", "c-0405", "c-0409", "c-0415", MAYA, "c-0421", "c-0427", "c-0430"];
    let wanted: usize = std::env::var("EARLYPOST_ENVELOPES").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let (mut envelopes, mut rounds) = (0, 0);
    while envelopes < wanted {
        rounds += 1;
        envelopes += stop_at_random(&all, 100 + rounds);
    }
    println!("{envelopes} envelopes in {rounds} rounds, none began after its stop");
}
