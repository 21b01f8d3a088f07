//! One message for one recipient, and what can be said against it before any connection.

use std::fmt;

use lettre::Address;

use crate::dispatch::email::refusal::TOO_LARGE_HERE;

/// One message for one recipient.
///
/// Never more than one: each recipient gets an answer of their own, and none learns of another.
#[derive(Clone)]
pub struct Submission<'a> {
    /// Where a failure notice goes.
    pub from: Address,
    /// Who gets it.
    pub to: Address,
    /// What a notice repeats, so that it can be matched (ENVID of RFC 3461). With one, a notice of success is
    /// asked for too; without one, notices of failure and delay only.
    pub envelope_id: Option<&'a str>,
    /// The whole message with its headers, lines ended by CR LF. It is sent as it is.
    pub bytes: &'a [u8],
}

/// Shows the size only, so that no address and no page gets into a log.
impl fmt::Debug for Submission<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Submission").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl Submission<'_> {
    /// The reason why no relay may get this message, if there is one.
    pub(super) fn fault(&self, max_message_bytes: u64) -> Option<String> {
        if self.size() > max_message_bytes {
            return Some(format!("{TOO_LARGE_HERE}{} bytes and max_message_bytes is {max_message_bytes}", self.size()));
        }
        if [&self.from, &self.to].into_iter().any(|address| address.to_string().contains(char::is_control)) {
            return Some("not sent: an address holds a control character".to_owned());
        }
        // Some servers take a lone line feed for a line end. A lone dot between two of them would
        // then end the message, and the rest of it would be read as commands.
        has_lone_line_end(self.bytes)
            .then(|| "not sent: the message has a line that does not end with CR LF".to_owned())
    }

    /// Bytes on the wire, without the dots that SMTP adds.
    pub(super) fn size(&self) -> u64 {
        let missing_line_end = if self.bytes.ends_with(b"\r\n") { 0 } else { 2 };
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX).saturating_add(missing_line_end)
    }

    pub(super) fn needs_eight_bits(&self) -> bool {
        !self.bytes.is_ascii()
    }

    pub(super) fn needs_utf8_addresses(&self) -> bool {
        let ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        !(ascii(&self.from) && ascii(&self.to))
    }

    /// The message without its last line end, which the final dot brings in any case: so the server
    /// stores the bytes that we have on record, not one empty line more.
    pub(super) fn body(&self) -> &[u8] {
        self.bytes.strip_suffix(b"\r\n").unwrap_or(self.bytes)
    }
}

fn has_lone_line_end(bytes: &[u8]) -> bool {
    let mut previous = 0;
    for &byte in bytes {
        if (previous == b'\r') != (byte == b'\n') {
            return true;
        }
        previous = byte;
    }
    previous == b'\r'
}
