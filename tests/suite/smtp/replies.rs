//! Replies as bytes: the code decides, whatever else stands in them.

use serde_json::json;

use super::{MESSAGE, TO, accepted, permanent, relay, relay_with, submit, transient, unknown, unreached};
use crate::smtp_server::{At, Do, Script, Server};

/// `AUTH PLAIN` for the name `user` and, as the password, the name of this package.
const LOGIN: &str = "AHVzZXIAZWFybHlwb3N0";

/// What may follow a code without changing what it says.
fn decorations() -> Vec<Vec<u8>> {
    vec![
        b" accept\xe9".to_vec(),
        b" \xff\xfe\x80".to_vec(),
        " angenommen, danke schön 📬".as_bytes().to_vec(),
        b" \x1b[2J\x07\x00".to_vec(),
        [b" ".to_vec(), vec![b'y'; 1_001]].concat(),
        [b" ".to_vec(), vec![b'y'; 5_000]].concat(),
        [b" ".to_vec(), vec![0xe9; 200_000]].concat(),
        b"".to_vec(),
        b" ".to_vec(),
        b"\tok".to_vec(),
    ]
}

fn leaked(bytes: Vec<u8>) -> &'static [u8] {
    Vec::leak(bytes)
}

/// A reply with this code, as one line and as the middle of several.
fn replies(code: &str) -> Vec<&'static [u8]> {
    let code = code.as_bytes();
    let one = decorations().into_iter().map(|said| [code, &said, b"\r\n"].concat());
    let several = decorations().into_iter().map(|said| {
        let said = said.strip_prefix(b" ").map(<[u8]>::to_vec).unwrap_or(said);
        [code, b"-first\r\n", code, b"-", &said, b"\r\n", code, b" last\r\n"].concat()
    });
    let lone_line_feed = [[code, b" fine\n"].concat(), [code, b"-fine\n", code, b" and well\n"].concat()];
    one.chain(several).chain(lone_line_feed).map(leaked).collect()
}

#[tokio::test]
async fn a_positive_code_counts_at_every_step_whatever_follows_it() {
    let steps = [
        (At::Connect, "220"),
        (At::Starttls, "220"),
        (At::Auth, "235"),
        (At::Mail, "250"),
        (At::rcpt(TO), "250"),
        (At::Data, "354"),
        (At::Body, "250"),
    ];
    for (at, code) in steps {
        for reply in replies(code) {
            let script = Script::starttls().login(LOGIN).always(at.clone(), Do::Bytes(reply));
            let server = Server::start(script).await;
            let relay = relay_with(
                &server,
                json!({
                    "security": "starttls", "ca_file": server.authority_file(),
                    "username": "user", "password_env": "CARGO_PKG_NAME", "limits": { "command": 5, "final_reply": 5 },
                }),
            );

            accepted(submit(&relay).await);

            let shown = String::from_utf8_lossy(&reply[..reply.len().min(40)]);
            assert_eq!(server.taken(), 1, "{at:?} {shown:?}");
            assert_eq!(server.messages()[0].bytes, MESSAGE);
            assert_eq!(server.connections(), 1, "{at:?} {shown:?}");
        }
    }
}

#[tokio::test]
async fn what_a_server_offers_is_read_between_letters_that_are_not_ascii() {
    let offers = b"250-r\xe9lais.example\r\n250-X-\xff\xfe\r\n250-STARTTLS\r\n250-size 10\r\n250 8BITMIME\r\n";
    let server = Server::start(Script::starttls().always(At::Ehlo, Do::Bytes(offers))).await;
    let relay = relay_with(&server, json!({ "security": "starttls", "ca_file": server.authority_file() }));

    let evidence = permanent(submit(&relay).await);

    assert!(evidence.reply.contains("takes at most 10"), "{}", evidence.reply);
    assert_eq!(evidence.tls, Some(true));
}

#[tokio::test]
async fn a_refusal_counts_whatever_follows_its_code() {
    for (at, later, never) in [(At::rcpt(TO), "450", "550"), (At::Data, "451", "500"), (At::Body, "452", "552")] {
        for reply in replies(later) {
            let server = Server::start(Script::plaintext().always(at.clone(), Do::Bytes(reply))).await;
            let evidence = transient(submit(&relay(&server)).await);
            assert!(evidence.reply.starts_with(later), "{at:?}: {}", evidence.reply);
        }
        for reply in replies(never) {
            let server = Server::start(Script::plaintext().always(at.clone(), Do::Bytes(reply))).await;
            let evidence = permanent(submit(&relay(&server)).await);
            assert!(evidence.reply.starts_with(never), "{at:?}: {}", evidence.reply);
        }
    }
}

#[tokio::test]
async fn a_code_that_no_list_names_counts_by_its_first_digit() {
    for (reply, is_permanent) in [("571 ask the desk", true), ("599 no", true), ("499 later", false)] {
        let server = Server::start(Script::plaintext().always(At::rcpt(TO), Do::Reply(reply))).await;
        let outcome = submit(&relay(&server)).await;
        let evidence = if is_permanent { permanent(outcome) } else { transient(outcome) };
        assert_eq!(evidence.reply, reply);
    }
}

#[tokio::test]
async fn of_several_codes_of_one_kind_the_last_counts() {
    let lines = "550-5.1.1 no such user\r\n553 5.1.1 ask the desk";
    let server = Server::start(Script::plaintext().always(At::rcpt(TO), Do::Reply(lines))).await;

    let evidence = permanent(submit(&relay(&server)).await);

    assert_eq!(evidence.reply, "553 5.1.1 no such user ask the desk");
}

#[tokio::test]
async fn what_bears_no_code_or_two_kinds_of_code_says_nothing() {
    let unreadable: [&[u8]; 14] = [
        b"abc\r\n",
        b"\r\n",
        b"25 ok\r\n",
        b"2500 ok\r\n",
        b"2.0.0 ok\r\n",
        b" 250 ok\r\n",
        b"150 on its way\r\n",
        b"650 what\r\n",
        b"\xff\xfe250 ok\r\n",
        b"\xd9\xa2\xd9\xa5\xd9\xa0 ok\r\n",
        b"250-ok\r\n550 no\r\n",
        b"550-no\r\n250 ok\r\n",
        b"250-ok\r\nand on\r\n250 ok\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
    ];
    for bytes in unreadable {
        let shown = String::from_utf8_lossy(bytes);
        for at in [At::Connect, At::Mail, At::rcpt(TO), At::Data] {
            let server = Server::start(Script::plaintext().always(at.clone(), Do::Bytes(bytes))).await;
            let outcome = submit(&relay_with(&server, json!({ "limits": { "command": 5 } }))).await;
            let _ = if at == At::Connect { unreached(outcome) } else { transient(outcome) };
            assert_eq!(server.taken(), 0, "{at:?} {shown:?}");
        }
        let server = Server::start(Script::plaintext().always(At::Body, Do::Bytes(bytes))).await;
        let evidence = unknown(submit(&relay_with(&server, json!({ "limits": { "final_reply": 5 } }))).await);
        assert!(evidence.reply.contains("cannot be read"), "{shown:?}: {}", evidence.reply);
    }
}

#[tokio::test]
async fn a_last_line_whose_end_is_cut_off_still_says_what_its_code_says() {
    for bytes in [&b"250 2.0.0 queued"[..], b"250 ", b"250-2.0.0 all\r\n250 is we"] {
        let server = Server::start(Script::plaintext().always(At::Body, Do::BytesThenDrop(bytes))).await;
        accepted(submit(&relay(&server)).await);
    }
    let server = Server::start(Script::plaintext().always(At::Body, Do::BytesThenDrop(b"552 too mu"))).await;
    permanent(submit(&relay(&server)).await);
    // Here more was to come: another digit, or another line.
    for bytes in [&b"250"[..], b"25", b"250-2.0.0 almost", b"250-2.0.0 all\r\n250"] {
        let server = Server::start(Script::plaintext().always(At::Body, Do::BytesThenDrop(bytes))).await;
        unknown(submit(&relay(&server)).await);
    }
}

#[tokio::test]
async fn a_server_that_does_not_stop_talking_is_left() {
    for bytes in [&b"250-yes and\r\n"[..], b"yyyyyyyyyyyyyyyy"] {
        for at in [At::Connect, At::Mail] {
            let server = Server::start(Script::plaintext().always(at.clone(), Do::Flood(bytes))).await;
            let outcome = submit(&relay(&server)).await;
            let evidence = if at == At::Connect { unreached(outcome) } else { transient(outcome) };
            assert!(evidence.reply.contains("cannot be read"), "{}", evidence.reply);
        }
        let server = Server::start(Script::plaintext().always(At::Body, Do::Flood(bytes))).await;
        let evidence = unknown(submit(&relay(&server)).await);
        assert!(evidence.reply.len() < 20_000);
    }
}

#[tokio::test]
async fn a_final_answer_that_came_before_the_message_is_not_one() {
    let server = Server::start(Script::plaintext().always(At::Data, Do::Reply("354 go\r\n250 2.0.0 queued"))).await;

    transient(submit(&relay(&server)).await);

    assert_eq!(server.taken(), 0);
}

#[tokio::test]
async fn what_was_said_is_kept_as_text_that_moves_no_terminal() {
    let said = b"250-2.0.0 accept\xe9\x1b[31m\r\n250 2.0.0 \x7f\x00\xc2\x9b31m sch\xc3\xb6n\xe2\x80\xaegnp\r\n";
    let server = Server::start(Script::plaintext().always(At::Body, Do::Bytes(said))).await;

    let evidence = accepted(submit(&relay(&server)).await);

    assert_eq!(evidence.reply, "250-2.0.0 accept\u{fffd}^[[31m\n250 2.0.0 ^?^@\u{fffd}31m schön\u{fffd}gnp");
    assert_eq!(evidence.enhanced_code.as_deref(), Some("2.0.0"));
}

#[tokio::test]
async fn a_long_reply_is_kept_in_part_and_says_so() {
    let said = leaked([b"250 2.0.0 ".to_vec(), vec![b'y'; 90_000], b"\r\n".to_vec()].concat());
    let server = Server::start(Script::plaintext().always(At::Body, Do::Bytes(said))).await;

    let evidence = accepted(submit(&relay(&server)).await);

    assert!(evidence.reply.len() < 20_000, "{}", evidence.reply.len());
    assert!(evidence.reply.starts_with("250 2.0.0 yyyy") && evidence.reply.ends_with("..."));
}
