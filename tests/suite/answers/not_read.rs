//! What cannot be read is not read: a refusal is no empty mailbox, and nothing is passed over for it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use earlypost::{dispatch::email::mailbox::ReceiveSettings, pipeline::Receiver};
use serde_json::json;

use super::{Answered, message_id, postfix_notice, return_path};

/// What the server has, and what it refuses.
#[derive(Default)]
struct Has {
    messages: BTreeMap<u32, Vec<u8>>,
    /// Messages that it does not give.
    keeps: BTreeSet<u32>,
    /// Commands that it answers with these words in place of its own.
    answers: BTreeMap<&'static str, &'static str>,
    /// The messages that it was asked for.
    asked: Vec<u32>,
}

/// An IMAP server that gives what it is told to give.
struct Server {
    has: Arc<Mutex<Has>>,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (has, port) = (Arc::new(Mutex::new(Has::default())), listener.local_addr().unwrap().port());
        let shared = Arc::clone(&has);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || talk(stream, &shared));
            }
        });
        Self { has, port }
    }

    fn comes(&self, uid: u32, bytes: &[u8]) {
        self.has.lock().unwrap().messages.insert(uid, bytes.to_vec());
    }
}

/// Ends where the other side or an order ends it.
fn talk(mut stream: TcpStream, has: &Mutex<Has>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    stream.write_all(b"* OK ready\r\n").ok()?;
    loop {
        let line = lines.next()?.ok()?;
        let (tag, command) = line.split_once(' ')?;
        let mut has = has.lock().unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        let name = if words[0] == "UID" { words[1] } else { words[0] };
        if let Some(says) = has.answers.get(name) {
            if says.is_empty() {
                return None;
            }
            stream.write_all(format!("{tag} {says}\r\n").as_bytes()).ok()?;
            continue;
        }
        match name {
            "SELECT" => stream.write_all(b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n").ok()?,
            "SEARCH" => {
                let all: Vec<String> = has.messages.keys().map(ToString::to_string).collect();
                stream.write_all(format!("* SEARCH {}\r\n", all.join(" ")).as_bytes()).ok()?;
            }
            "FETCH" => {
                let uid: u32 = words[2].parse().ok()?;
                has.asked.push(uid);
                if has.keeps.contains(&uid) {
                    stream.write_all(format!("{tag} NO [UNAVAILABLE] not now\r\n").as_bytes()).ok()?;
                    continue;
                }
                let bytes = has.messages.get(&uid)?;
                stream.write_all(format!("* 1 FETCH (UID {uid} BODY[] {{{}}}\r\n", bytes.len()).as_bytes()).ok()?;
                stream.write_all(bytes).ok()?;
                stream.write_all(b")\r\n").ok()?;
            }
            _ => {}
        }
        stream.write_all(format!("{tag} OK done\r\n").as_bytes()).ok()?;
    }
}

fn by_imap() -> (Answered, Server) {
    let (mut answered, server) = (Answered::new(), Server::start());
    answered.world.run();
    let password = answered.world.folder.path().join("password");
    fs::write(&password, "synthetic\n").unwrap();
    let imap = json!({"host": "127.0.0.1", "port": server.port, "security": "plaintext", "username": "b",
                      "password_file": password});
    let settings = ReceiveSettings { imap: Some(serde_json::from_value(imap).unwrap()), ..ReceiveSettings::default() };
    answered.receiver = Receiver::new(&settings, Some(return_path())).unwrap();
    (answered, server)
}

const LETTER: &[u8] = b"From: a@example.org\r\nTo: papers@earlysteps.example.org\r\n\r\nhello\r\n";

fn notice(answered: &Answered) -> Vec<u8> {
    let row = answered.physician();
    postfix_notice(&answered.address(&row), None, &message_id(&row), "failed", "5.1.1")
}

#[test]
fn a_message_that_the_server_does_not_give_is_read_when_it_gives_it_and_the_others_are_read_now() {
    let (answered, server) = by_imap();
    server.comes(1, LETTER);
    server.comes(2, &notice(&answered));
    server.comes(3, LETTER);
    server.has.lock().unwrap().keeps.insert(2);
    for look in 1..=3 {
        let done = answered.receive();
        assert_eq!(done.messages, if look == 1 { 2 } else { 0 }, "what was read is not read again");
        assert!(done.not_read[0].contains("refused (reading a message)"), "{:?}", done.not_read);
        assert_eq!(answered.waiting().contains(&"answers-not-read".to_owned()), look == 3, "at look {look}");
    }
    server.comes(4, LETTER);
    assert_eq!(answered.receive().messages, 1);
    let proof = answered.world.runtime.block_on(answered.world.pipeline.operations().prove()).unwrap();
    assert!(proof.iter().any(|finding| finding.check == "answers"), "the operator is told too");

    server.has.lock().unwrap().keeps.clear();
    let done = answered.receive();
    assert_eq!((done.messages, done.returned, done.not_read.len()), (1, 1, 0));
    assert!(!answered.waiting().contains(&"answers-not-read".to_owned()), "all is read");
    assert_eq!(answered.receive().messages, 0);
    assert_eq!(server.has.lock().unwrap().asked, [1, 2, 3, 2, 2, 2, 4, 2], "each is asked for until it was given");
}

#[test]
fn a_server_that_refuses_or_hangs_up_is_no_empty_mailbox() {
    let (answered, server) = by_imap();
    server.comes(1, &notice(&answered));
    for command in ["LOGIN", "SELECT", "SEARCH", "FETCH"] {
        for says in ["NO [SERVERBUG] not now", "BAD what?", ""] {
            server.has.lock().unwrap().answers.insert(command, says);
            let done = answered.receive();
            assert_eq!((done.messages, done.not_read.len()), (0, 1), "{command} answered with {says:?}");
        }
        server.has.lock().unwrap().answers.clear();
    }
    assert_eq!(answered.receive().returned, 1);
}

#[test]
fn a_folder_that_may_only_be_read_is_read() {
    let (answered, server) = by_imap();
    server.comes(1, &notice(&answered));
    server.has.lock().unwrap().answers.insert("STORE", "NO [READ-ONLY] the folder may not be written to");
    let done = answered.receive();
    assert_eq!((done.returned, done.not_read.len()), (1, 0));
}

#[test]
fn a_file_of_a_maildir_that_cannot_be_read_keeps_no_other_from_being_read() {
    let answered = Answered::new();
    answered.world.run();
    // Whoever runs the tests, a folder cannot be read as a file.
    std::os::unix::fs::symlink(answered.world.folder.path(), answered.maildir.join("new/1.a")).unwrap();
    answered.comes(&notice(&answered));
    let done = answered.receive();
    assert_eq!((done.returned, done.not_read.len()), (1, 1), "{:?}", done.not_read);
    fs::remove_dir_all(answered.maildir.join("new")).unwrap();
    answered.receive();
    answered.receive();
    assert!(answered.waiting().contains(&"answers-not-read".to_owned()));
    fs::create_dir(answered.maildir.join("new")).unwrap();
    assert!(answered.receive().not_read.is_empty());
    assert!(!answered.waiting().contains(&"answers-not-read".to_owned()));
}
