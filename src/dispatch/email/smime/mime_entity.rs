//! A message taken apart: what stays readable outside, and the entity that is signed and encrypted.

/// The headers that stay outside, and the entity.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Every header that says nothing of the content, each with its line end.
    pub(super) outside: Vec<u8>,
    /// The content's own headers, an empty line and the body, without a line end after it: that one belongs to the
    /// boundary (RFC 2046, 5.1.1).
    pub(super) entity: Vec<u8>,
}

/// Takes a composed message apart. `None` for bytes that have no header.
pub(super) fn apart(message: &[u8]) -> Option<Parts> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (headers, body) = (&message[..end + 2], &message[end + 4..]);
    let (mut outside, mut entity) = (Vec::new(), Vec::new());
    let mut of_content = false;
    for line in headers.split_inclusive(|byte| *byte == b'\n') {
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        if !folded {
            of_content = line.len() >= 8 && line[..8].eq_ignore_ascii_case(b"content-");
        }
        if of_content { &mut entity } else { &mut outside }.extend_from_slice(line);
    }
    entity.extend_from_slice(b"\r\n");
    entity.extend_from_slice(body);
    while entity.ends_with(b"\r\n") {
        entity.truncate(entity.len() - 2);
    }
    Some(Parts { outside, entity })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_goes_inside_and_who_writes_to_whom_stays_outside() {
        let message =
            b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\
            Subject: Papers\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";
        let parts = apart(message).unwrap();
        assert_eq!(parts.outside, b"From: a@example.org\r\nMIME-Version: 1.0\r\nSubject: Papers\r\n");
        assert_eq!(parts.entity, b"Content-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\r\n--b\r\n\r\nx\r\n--b--");
        assert_eq!(apart(b"no header"), None);
    }
}
