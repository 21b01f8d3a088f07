//! The text around the papers.

use chrono::TimeDelta;
use earlypost::dispatch::email::message::{MessageHead, MessageKind, MessageView, compose};

use super::{DISPATCH, OTHER, head, instant, message, names_of_the_child, papers, view};
use crate::gate::physician;

fn composed(kind: MessageKind, view: &MessageView) -> String {
    String::from_utf8(compose(kind, &head(DISPATCH), view, &papers(&physician()), None).unwrap()).unwrap()
}

/// The headers of the message, unfolded.
fn headers(message: &str) -> Vec<String> {
    let (headers, _) = message.split_once("\r\n\r\n").unwrap();
    headers.replace("\r\n ", " ").replace("\r\n\t", " ").lines().map(ToOwned::to_owned).collect()
}

fn header(message: &str, name: &str) -> String {
    let start = format!("{name}: ");
    let line = headers(message).into_iter().find(|line| line.starts_with(&start));
    line.unwrap_or_else(|| panic!("no {name}"))[start.len()..].to_owned()
}

/// The parts of a kind, decoded.
fn parts(message: &str, content_type: &str) -> Vec<Vec<u8>> {
    let head = format!("Content-Type: {content_type}");
    message
        .split("\r\n--")
        .filter(|part| part.contains(&head) && !part.contains("multipart/"))
        .map(|part| base64(part.split_once("\r\n\r\n").unwrap().1))
        .collect()
}

fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits).to_le_bytes()[0]);
            held &= (1 << bits) - 1;
        }
    }
    bytes
}

fn words(message: &str, content_type: &str) -> String {
    String::from_utf8(parts(message, content_type).remove(0)).unwrap()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(message(&physician()), message(&physician()));
}

#[test]
fn message_id_and_date_are_those_of_the_dispatch() {
    let message = composed(MessageKind::OFFICE, &view(2));

    assert_eq!(header(&message, "Message-ID"), format!("<{DISPATCH}@earlysteps.example.org>"));
    assert_eq!(header(&message, "Date"), "Fri, 20 Nov 2026 15:04:05 +0000");
}

#[test]
fn another_dispatch_or_day_is_another_message() {
    let papers = papers(&physician());
    let with = |head| compose(MessageKind::OFFICE, &head, &view(2), &papers, None).unwrap();
    let mut later = head(DISPATCH);
    later.date = instant() + TimeDelta::seconds(1);

    assert_ne!(with(head(DISPATCH)), with(head(OTHER)));
    assert_ne!(with(head(DISPATCH)), with(later));
}

#[test]
fn sender_recipient_and_answers_are_as_given_and_the_recipient_has_no_display_name() {
    let message = composed(MessageKind::OFFICE, &view(2));

    assert!(header(&message, "From").contains("<papers@earlysteps.example.org>"));
    assert_eq!(header(&message, "To"), "records@direct.ghent-pediatrics.example.org");
    assert_eq!(header(&message, "Reply-To"), "jenni.alvarez@earlysteps.example.org");
}

#[test]
fn subject_sender_body_and_file_names_name_no_child() {
    for kind in MessageKind::all() {
        let message = composed(kind, &view(2));
        let shown = [
            header(&message, "Subject"),
            header(&message, "From"),
            words(&message, "text/plain"),
            words(&message, "text/html"),
            message.lines().filter(|line| line.contains("filename")).collect(),
        ];
        for name in names_of_the_child() {
            for text in &shown {
                assert!(!text.contains(&name), "{kind:?}: {name} stands in {text}");
            }
        }
        for word in ["IFSP", "early intervention plan", "diagnos", "disab"] {
            assert!(!shown[0].contains(word), "{kind:?}: {}", shown[0]);
        }
    }
}

#[test]
fn attachments_are_the_papers_byte_for_byte_under_names_that_say_what_they_are() {
    let message = composed(MessageKind::OFFICE, &view(2));
    let sent: Vec<Vec<u8>> = papers(&physician()).iter().map(|paper| paper.pdf.to_vec()).collect();

    assert_eq!(parts(&message, "application/pdf"), sent);
    for name in ["1-letter.pdf", "2-plan.pdf"] {
        assert!(message.contains(&format!("filename=\"{name}\"")), "{name}");
    }
}

#[test]
fn the_words_say_how_many_papers_and_whom_to_call() {
    for kind in [MessageKind::FAMILY, MessageKind::OFFICE] {
        for content_type in ["text/plain", "text/html"] {
            let two = words(&composed(kind, &view(2)), content_type);
            assert!(two.contains("2 papers from Tidewater Early Steps are attached"), "{two}");
            for word in ["Jenni Alvarez", "(757) 555-0142", "(757) 555-0140", "Weekdays 8:00 to 5:00"] {
                assert!(two.contains(word), "{word}: {two}");
            }
            let one = words(&composed(kind, &view(1)), content_type);
            assert!(one.contains("A paper from Tidewater Early Steps is attached"), "{one}");
        }
    }
}

#[test]
fn html_escapes_what_is_typed_and_plain_text_leaves_it() {
    let mut view = view(2);
    view.caller = "Ann <script>alert(1)</script> & \"Bo\"".to_owned();
    view.hours = None;
    for kind in MessageKind::all() {
        let message = composed(kind, &view);
        let html = words(&message, "text/html");
        assert!(html.contains("Ann &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Bo&quot;"), "{html}");
        assert!(!html.contains("<script>"), "{html}");
        assert!(words(&message, "text/plain").contains("Ann <script>alert(1)</script> & \"Bo\""));
    }
}

#[test]
fn a_line_break_in_a_programs_name_makes_no_header() {
    let mut view = view(2);
    view.program = "Tidewater\r\nBcc: thief@evil.example".to_owned();
    let message = composed(MessageKind::OFFICE, &view);

    assert!(!headers(&message).iter().any(|line| line.starts_with("Bcc")), "{:?}", headers(&message));
}

#[test]
fn every_line_ends_as_servers_agree_and_is_short_enough() {
    let message = composed(MessageKind::FAMILY, &view(2));

    assert_eq!(message.matches('\n').count(), message.matches("\r\n").count());
    assert!(message.is_ascii());
    assert!(message.lines().all(|line| line.len() <= 998));
}

#[test]
fn what_goes_by_itself_says_so_to_machines_that_would_answer() {
    let with = |by_itself: bool| {
        let head = MessageHead { by_itself, ..head(DISPATCH) };
        let bytes = compose(MessageKind::OFFICE, &head, &view(2), &papers(&physician()), None).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(header(&with(true), "Auto-Submitted"), "auto-generated");
    assert!(!with(false).contains("Auto-Submitted"), "words that were fixed before stay the same bytes");
}
