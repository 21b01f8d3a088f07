//! `earlypost test-server`: what is sent to it is shown and goes nowhere.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use earlypost::dispatch::{email::smtp::Relay, test_server::Sink};
use serde_json::json;

use super::place::{earlypost, program};

#[test]
fn it_takes_a_message_shows_it_writes_it_and_stops_when_it_has_enough() {
    let out = tempfile::tempdir().unwrap();
    let mut server = program()
        .args(["test-server", "--listen", "127.0.0.1:0", "--messages", "2", "--json", "--out"])
        .arg(out.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(server.stderr.take().unwrap()).read_line(&mut said).unwrap();
    let port: u16 = said.split("127.0.0.1:").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
    let bytes = b"Subject: Plan\r\nMessage-ID: <1@ei.example>\r\n\r\n.hidden\r\n\r\n..\r\n";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let settings = json!({"host": "127.0.0.1", "port": port, "security": "plaintext", "hello_name": "x.example"});
        let relay = Relay::new(serde_json::from_value(settings).unwrap()).unwrap();
        for _ in 0..2 {
            let submission = earlypost::dispatch::email::smtp::Submission {
                from: "program@ei.example".parse().unwrap(),
                to: "doctor@clinic.example".parse().unwrap(),
                envelope_id: Some("abc"),
                bytes,
            };
            let outcome = relay.submit(&submission).await;
            assert!(outcome.evidence().reply.contains("relayed to nobody"), "{outcome:?}");
        }
    });
    let output = server.wait_with_output().unwrap();
    assert!(output.status.success());
    let lines: Vec<serde_json::Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["head"]["subject"], "Plan");
    assert!(lines[0]["to"][0].as_str().unwrap().starts_with("<doctor@clinic.example> NOTIFY=SUCCESS"));
    assert_eq!(std::fs::read(out.path().join("2.eml")).unwrap(), bytes, "byte for byte, dots and all");
}

#[test]
fn it_listens_on_this_machine_only() {
    let said = earlypost(&["test-server", "--listen", "0.0.0.0:0"]);
    said.fails(1, "from this machine only");
}

#[test]
fn it_takes_few_connections_at_a_time_and_few_recipients_and_others_wait_for_their_turn() {
    use std::{
        io::{Read, Write},
        net::TcpStream,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (taken, _messages) = tokio::sync::mpsc::channel(1);
    let sink = runtime.block_on(Sink::listen("127.0.0.1:0".parse().unwrap())).unwrap();
    let address = sink.address().unwrap();
    runtime.spawn(sink.serve(taken));
    let greeted = |stream: &TcpStream| {
        let mut line = String::new();
        BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).map(|_| line)
    };
    let mut open: Vec<TcpStream> = (0..32).map(|_| TcpStream::connect(address).unwrap()).collect();
    for stream in &open {
        assert!(greeted(stream).unwrap().starts_with("220 "));
    }
    let next = TcpStream::connect(address).unwrap();
    next.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
    assert!(greeted(&next).is_err(), "the 33rd waits");
    let mut first = open.remove(0);
    first.write_all(b"MAIL FROM:<a@example.org>\r\n").unwrap();
    for _ in 0..1001 {
        first.write_all(b"RCPT TO:<b@example.org>\r\n").unwrap();
    }
    first.write_all(b"QUIT\r\n").unwrap();
    let mut said = String::new();
    first.read_to_string(&mut said).unwrap();
    assert_eq!(said.matches("250 2.1.5 ok").count(), 1000);
    assert_eq!(said.matches("452 4.5.3").count(), 1);
    next.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    assert!(greeted(&next).unwrap().starts_with("220 "), "its turn came");
}
