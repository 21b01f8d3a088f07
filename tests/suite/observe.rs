//! The listener for those who watch: alive, ready, and what it counts.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use earlypost::{
    dispatch::StateName,
    observe::{ObserveSettings, Observing, observe},
    store::NewSchedule,
};

use crate::{
    commands::place::Place,
    harness::{Does, MAYA, World},
};

fn settings(listen: &str) -> ObserveSettings {
    ObserveSettings { listen: Some(listen.to_owned()) }
}

fn nightly() -> NewSchedule {
    NewSchedule {
        name: "nightly-run".to_owned(),
        work: "run",
        expression: "0 3 * * *".to_owned(),
        zone: "America/New_York".to_owned(),
        missed: "run-once-now",
        next_due: "2026-11-20T08:00:00Z".parse().unwrap(),
    }
}

fn start(world: &World, settings: &ObserveSettings) -> anyhow::Result<Option<Observing>> {
    world.runtime.block_on(observe(settings, Arc::clone(&world.pipeline)))
}

fn watched(world: &World) -> Observing {
    start(world, &settings("127.0.0.1:0")).unwrap().expect("a listener was asked for")
}

/// Status and body.
fn ask(address: SocketAddr, verb: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{verb} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn text<'a>(metrics: &'a str, series: &str) -> &'a str {
    let line = metrics.lines().find(|line| line.rsplit_once(' ').is_some_and(|(name, _)| name == series));
    line.unwrap_or_else(|| panic!("no {series} in\n{metrics}")).rsplit(' ').next().unwrap()
}

fn value(metrics: &str, series: &str) -> u64 {
    text(metrics, series).parse().unwrap()
}

#[test]
fn nobody_listens_unless_an_address_is_set() {
    let world = World::with(&[]);
    assert!(start(&world, &ObserveSettings::default()).unwrap().is_none());
    assert!(settings("9464").check().unwrap().contains("127.0.0.1:9464"));
    assert_eq!(settings("[::1]:9464").check(), None);
}

#[test]
fn an_address_in_use_is_named() {
    let world = World::with(&[]);
    let first = watched(&world);
    let refusal = start(&world, &settings(&first.address().to_string())).unwrap_err().to_string();
    assert!(refusal.contains("observe.listen") && refusal.contains("is it in use?"), "{refusal}");
}

#[test]
fn the_metrics_tell_what_waits_what_left_and_how_long_it_took() {
    let mut world = World::with(&["c-0398", MAYA]);
    world.leaves_open(StateName::Queued);
    let observing = watched(&world);
    world.import();
    world.prepare();
    let waiting = ask(observing.address(), "GET", "/metrics").1;
    let queued = value(&waiting, "earlypost_dispatches{state=\"queued\"}");
    let lanes =
        ["smtp", "print"].map(|lane| value(&waiting, &format!("earlypost_outbox_dispatches{{lane=\"{lane}\"}}")));
    assert!(lanes[0] > 0 && lanes[1] > 0);
    assert_eq!(lanes[0] + lanes[1], queued);
    world.clock.advance(chrono::Duration::seconds(90));
    let waiting = ask(observing.address(), "GET", "/metrics").1;
    assert!(value(&waiting, "earlypost_outbox_oldest_seconds{lane=\"smtp\"}") >= 90);
    world.mail.next(Does::RefusesForNow);
    world.deliver();
    let (status, after) = ask(observing.address(), "GET", "/metrics");
    assert_eq!(status, 200);
    assert_eq!(value(&after, "earlypost_dispatches{state=\"printed\"}"), lanes[1]);
    assert_eq!(value(&after, "earlypost_dispatches{state=\"accepted\"}"), lanes[0] - 1);
    assert_eq!(value(&after, "earlypost_ledger_entries"), lanes[0] - 1);
    assert_eq!(value(&after, "earlypost_held"), 0);
    // Counters belong to the installation: others in this process send too.
    assert_eq!(value(&after, "earlypost_attempts_total{channel=\"smtp\",outcome=\"accepted\"}"), lanes[0] - 1);
    assert_eq!(value(&after, "earlypost_attempts_total{channel=\"print\",outcome=\"printed\"}"), lanes[1]);
    let papers = value(&after, "earlypost_render_seconds_count");
    assert!(papers >= queued && value(&after, "earlypost_render_seconds_bucket{le=\"+Inf\"}") == papers);
    assert!(text(&after, "earlypost_render_seconds_sum").parse::<f64>().unwrap() > 0.0);
    for name in ["Rivera", "Maya", "c-0417", "example.org"] {
        assert!(!after.contains(name), "{name} stands in the metrics");
    }
}

#[test]
fn ready_says_why_not() {
    let world = World::with(&[MAYA]);
    let observing = watched(&world);
    assert_eq!(ask(observing.address(), "GET", "/healthz"), (200, "alive\n".to_owned()));
    assert_eq!(ask(observing.address(), "GET", "/readyz"), (200, "ready\n".to_owned()));
    world.run();
    let tick = |outcome| {
        let (service, now) = (world.pipeline.store.service(), world.pipeline.now());
        world.clock.advance(chrono::Duration::minutes(1));
        world.runtime.block_on(async {
            let row = service.schedules().await.unwrap().remove(0);
            let id = service.take_tick(&row, row.next_due + chrono::Duration::days(1), "worker", now).await.unwrap();
            service.end_tick(&id.unwrap(), outcome, "in words", now).await.unwrap();
            row.name
        })
    };
    world.runtime.block_on(world.pipeline.store.service().sync_schedules(&[nightly()])).unwrap();
    let name = tick("failed");
    let (status, why) = ask(observing.address(), "GET", "/readyz");
    assert!(status == 503 && why.contains(&name), "{status} {why}");
    tick("done");
    assert_eq!(ask(observing.address(), "GET", "/readyz").0, 200);
    std::fs::remove_file(world.folder.path().join("data/ledger.mark")).unwrap();
    let (status, why) = ask(observing.address(), "GET", "/readyz");
    assert_eq!(status, 503);
    assert!(why.contains("nothing is sent"), "{why}");
    assert_eq!(ask(observing.address(), "POST", "/readyz").0, 405);
    assert_eq!(ask(observing.address(), "GET", "/").0, 404);
    // Another machine whose database is gone: this one still needs its own to the end.
    let cut_off = world.another_machine("worker-2");
    let anywhere = settings("127.0.0.1:0");
    let observing = world.runtime.block_on(observe(&anywhere, Arc::clone(&cut_off))).unwrap().unwrap();
    world.runtime.block_on(cut_off.store.close());
    assert_eq!(ask(observing.address(), "GET", "/readyz").0, 503);
    assert_eq!(ask(observing.address(), "GET", "/metrics").0, 503);
    assert_eq!(ask(observing.address(), "GET", "/healthz").0, 200);
}

#[test]
fn alerts_and_dashboard_name_only_metrics_that_there_are() {
    let world = World::with(&[MAYA]);
    world.run();
    let observing = watched(&world);
    let metrics = ask(observing.address(), "GET", "/metrics").1;
    for file in ["packaging/prometheus/alerts.yml", "packaging/grafana/earlypost.json"] {
        let text = std::fs::read_to_string(file).unwrap();
        let mut named = 0;
        for (at, _) in text.match_indices("earlypost_") {
            let name: String = text[at..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let there = metrics.contains(&format!("\n{name}")) || metrics.contains(&format!("TYPE {name} "));
            // A checkpoint is signed by the service; this world has none yet.
            assert!(there || name == "earlypost_checkpoint_age_seconds", "{file}: {name}");
            named += 1;
        }
        assert!(named > 5, "{file}");
    }
}

/// Opens a connection that begins a request and never ends it.
fn unfinished(address: SocketAddr) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX-").ok()?;
    Some(stream)
}

#[test]
fn requests_that_nobody_ends_take_no_watcher_its_answer() {
    let world = World::with(&[]);
    let observing = watched(&world);
    let mut held = Vec::new();
    for _ in 0..200 {
        held.extend(unfinished(observing.address()));
        if held.len() % 50 == 0 {
            assert_eq!(ask(observing.address(), "GET", "/healthz").0, 200);
        }
    }
    assert_eq!(ask(observing.address(), "GET", "/healthz").0, 200);
    // The oldest made room.
    let mut oldest = held.swap_remove(0);
    oldest.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let mut rest = Vec::new();
    let ended = oldest.read_to_end(&mut rest);
    assert!(ended.map_or_else(|e| e.kind() == std::io::ErrorKind::ConnectionReset, |_| true), "it is still open");
}

#[test]
fn a_head_that_does_not_end_in_time_or_is_too_large_ends_its_connection() {
    let world = World::with(&[]);
    let observing = watched(&world);
    let mut slow = unfinished(observing.address()).unwrap();
    let mut large = TcpStream::connect(observing.address()).unwrap();
    // It may be ended while we still write.
    let _ = large.write_all(format!("GET / HTTP/1.1\r\nX-A: {}", "a".repeat(200_000)).as_bytes());
    for stream in [&mut large, &mut slow] {
        stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        assert!(
            ended.map_or_else(|e| e.kind() == std::io::ErrorKind::ConnectionReset, |_| true),
            "it is still open after 20 seconds"
        );
        assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    }
    assert_eq!(ask(observing.address(), "GET", "/healthz").0, 200);
}

#[test]
fn sending_goes_on_while_strangers_take_every_connection_they_can_get() {
    let place = Place::with(&[MAYA]);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let settings = std::fs::read_to_string(place.path("earlypost.toml")).unwrap();
    let more = format!(
        "\n[observe]\nlisten = \"{address}\"\n[service]\npoll_seconds = 1\n[[schedule]]\nname = \"run\"\nwork = \"run\"\nat = \"* * \
         * * * *\"\n"
    );
    std::fs::write(place.path("earlypost.toml"), settings + &more).unwrap();
    let service = place.command(&["serve", "-v"]);
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -n 256; exec \"$@\"", "sh"]).arg(service.get_program()).args(service.get_args());
    for (name, value) in service.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
    let mut child = limited.spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap())).map(Result::unwrap);
    let mut until_a_run_ends = || {
        let mut said = Vec::new();
        for line in lines.by_ref() {
            said.push(line);
            if said.last().is_some_and(|line| line.contains("a run has ended")) {
                break;
            }
        }
        said
    };
    // Papers are made and sent beside the runs.
    let mut said = Vec::new();
    for _ in 0..30 {
        if !place.sent().is_empty() {
            break;
        }
        said.extend(until_a_run_ends());
    }
    let before = place.sent().len();
    assert!(before > 0, "{}", said.join("\n"));
    let held: Vec<TcpStream> = (0..400).filter_map(|_| unfinished(address)).collect();
    assert!(held.len() > 256, "{} connections", held.len());
    place.put("c-0398", &crate::commands::place::sample("c-0398"));
    for _ in 0..30 {
        said.extend(until_a_run_ends());
        if place.sent().len() > before {
            break;
        }
    }
    assert!(place.sent().len() > before, "{}", said.join("\n"));
    assert_eq!(ask(address, "GET", "/healthz").0, 200);
    assert!(!said.join("\n").to_lowercase().contains("too many open files"), "{}", said.join("\n"));
    drop(held);
    // Its reader ends first, so that what it still says stops nothing.
    drop(lines);
    crate::commands::place::told_to_stop(child);
}
