//! `earlypost test-server`: what is sent to it is shown and goes nowhere.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use earlypost::dispatch::email::smtp::Relay;
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
