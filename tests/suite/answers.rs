//! What comes back: failure notices, receipts, and mail that nobody can match.

mod bursts;
mod causes;
mod dovecot;
mod notices;
mod not_read;
mod postfix;
mod public;
mod reports;
mod shapes;
mod sorts;

use std::{fs, path::PathBuf};

use earlypost::{
    dispatch::{ReturnPath, email::mailbox::ReceiveSettings},
    pipeline::{Received, Receiver},
    store::{DispatchRow, ReceiptRow},
};

use crate::harness::{MAYA, World, by};

const KEY: [u8; 32] = [9; 32];
const TEMPLATE: &str = "bounces+{token}@earlysteps.example.org";

fn return_path() -> ReturnPath {
    ReturnPath::parse(TEMPLATE, KEY).unwrap()
}

/// A world whose plan is sent, and a Maildir to which answers come.
struct Answered {
    world: World,
    maildir: PathBuf,
    receiver: Receiver,
}

impl Answered {
    fn new() -> Self {
        Self::of(World::with(&[MAYA]), Some(return_path()))
    }

    fn of(world: World, return_path: Option<ReturnPath>) -> Self {
        let maildir = world.folder.path().join("answers");
        for folder in ["new", "cur", "tmp"] {
            fs::create_dir_all(maildir.join(folder)).unwrap();
        }
        let settings = ReceiveSettings { maildir: Some(maildir.clone()), ..ReceiveSettings::default() };
        let receiver = Receiver::new(&settings, return_path).unwrap();
        Self { world, maildir, receiver }
    }

    /// A message comes in.
    fn comes(&self, bytes: &[u8]) {
        let number = fs::read_dir(self.maildir.join("new")).unwrap().count()
            + fs::read_dir(self.maildir.join("cur")).unwrap().count();
        fs::write(self.maildir.join(format!("new/17952952{number:02}.V1.relay")), bytes).unwrap();
    }

    fn receive(&self) -> Received {
        self.world.runtime.block_on(self.receiver.receive(&self.world.pipeline)).unwrap()
    }

    fn receipts(&self) -> Vec<ReceiptRow> {
        self.world.runtime.block_on(self.world.pipeline.store.outcomes().receipts(true)).unwrap()
    }

    /// The physician's plan: its first edition, as it went.
    fn physician(&self) -> DispatchRow {
        self.editions().remove(0)
    }

    /// The editions of the physician's plan, oldest first.
    fn editions(&self) -> Vec<DispatchRow> {
        let of_the_plan = |row: &DispatchRow| {
            row.envelope.recipient.to_string() == PHYSICIAN && row.envelope.obligation.as_str().starts_with("plan-")
        };
        let mut rows: Vec<_> = self.world.rows(MAYA).into_iter().filter(of_the_plan).collect();
        rows.sort_by_key(|row| row.envelope.edition);
        rows
    }

    /// The token of the last attempt of a dispatch.
    fn token(&self, row: &DispatchRow) -> String {
        let row = self.world.runtime.block_on(self.world.pipeline.store.outbox().dispatch(&row.dispatch_id)).unwrap();
        return_path().token(&row.dispatch_id, row.attempt).unwrap()
    }

    fn address(&self, row: &DispatchRow) -> String {
        TEMPLATE.replace("{token}", &self.token(row))
    }

    /// Where a dispatch went, by the record of access.
    fn went_to(&self, row: &DispatchRow) -> String {
        let ledger = self.world.pipeline.store.ledger();
        let rows = self.world.runtime.block_on(ledger.ledger_of(&row.envelope.child_id)).unwrap();
        let of_row = rows.into_iter().rev().find(|r| r.entry.dispatch.as_deref() == Some(&row.dispatch_id));
        of_row.and_then(|r| r.detail).expect("what left is in the record").address
    }

    /// Where a dispatch goes, by the records.
    fn goes_to(&self, row: &DispatchRow) -> String {
        let endpoint_id = &row.packet.as_ref().unwrap().endpoint_id;
        let children = self.world.pipeline.store.children();
        let record = self.world.runtime.block_on(children.child(&row.envelope.child_id)).unwrap().record;
        let (directory, _) = self.world.runtime.block_on(children.directory()).unwrap();
        let mut endpoints = (record.family.iter().flat_map(|member| &member.endpoints))
            .chain(directory.organisations.iter().flat_map(|office| &office.endpoints));
        endpoints.find(|e| &e.endpoint_id == endpoint_id).unwrap().address.in_one_line()
    }

    /// Addresses of a child that are used no more.
    fn out_of_use(&self, child: &str) -> usize {
        let child = crate::harness::child(child);
        let row = self.world.runtime.block_on(self.world.pipeline.store.children().child(&child)).unwrap();
        row.recorded.disabled.len()
    }

    fn is_paused(&self, channel: &str) -> bool {
        let paused = self.world.runtime.block_on(self.world.pipeline.store.service().paused_channels()).unwrap();
        paused.iter().any(|pause| pause.name == channel)
    }

    fn waiting(&self) -> Vec<String> {
        let lines = self.world.runtime.block_on(self.world.pipeline.operations().waiting(by("the tester"))).unwrap();
        lines.into_iter().map(|line| line.what).collect()
    }
}

/// Where the physician's plan goes.
const WRITTEN_TO: &str = "records@direct.ghent-pediatrics.example.org";
const PHYSICIAN: &str = "office:ghent-pediatrics/dr-osei";

/// A failure notice byte for byte as Postfix 3.7 writes one.
fn postfix_notice(to: &str, envelope_id: Option<&str>, about: &str, action: &str, status: &str) -> Vec<u8> {
    let envelope_id = envelope_id.map(|id| format!("Original-Envelope-Id: {id}\n")).unwrap_or_default();
    format!(
        "Return-Path: <>\nX-Original-To: {to}\nDelivered-To: {to}\nReceived: by relay.example.org (Postfix)\n\tid 4A2109A8336; \
Sat, 21 Nov 2026 21:07:15 +0000 (UTC)\nDate: Sat, 21 Nov 2026 21:07:15 +0000 (UTC)\nFrom: Mail Delivery System \
<MAILER-DAEMON@relay.example.org>\nSubject: Undelivered Mail Returned to Sender\nTo: {to}\nAuto-Submitted: \
auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"4295F9A8022.1795295235/relay.example.org\"\n\
Message-Id: <20261121210715.4A2109A8336@relay.example.org>\n\nThis is a MIME-encapsulated message.\n\n--4295F9A8022.1795295235/relay.example.org\n\
Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host relay.example.org.\n\n\
--4295F9A8022.1795295235/relay.example.org\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n\
Reporting-MTA: dns; relay.example.org\n{envelope_id}X-Postfix-Queue-ID: 4295F9A8022\nX-Postfix-Sender: rfc822; {to}\n\
Arrival-Date: Sat, 21 Nov 2026 21:07:15 +0000 (UTC)\n\nFinal-Recipient: rfc822; records@direct.ghent-pediatrics.example.org\n\
Original-Recipient: rfc822;records@direct.ghent-pediatrics.example.org\nAction: {action}\nStatus: {status}\nRemote-MTA: dns; 127.0.0.1\n\
Diagnostic-Code: smtp; 550 {status} the mailbox\n    of records@direct.ghent-pediatrics.example.org\n\n--4295F9A8022.1795295235/relay.example.org\n\
Content-Description: Undelivered Message Headers\nContent-Type: text/rfc822-headers\n\nReturn-Path: <{to}>\n\
From: \"Tidewater Early Steps\" <papers@earlysteps.example.org>\nTo: records@direct.ghent-pediatrics.example.org\nMessage-ID: <{about}>\n\
Subject: A paper\nMIME-Version: 1.0\n\n--4295F9A8022.1795295235/relay.example.org--\n"
    )
    .into_bytes()
}

fn message_id(row: &DispatchRow) -> String {
    format!("{}@earlysteps.example.org", row.dispatch_id)
}

/// A failure notice about one recipient with this status and these words of the refusing server.
fn notice(to: &str, recipient: &str, status: &str, words: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\nDelivered-To: {to}\nFrom: MAILER-DAEMON@relay.example.org\nTo: {to}\nSubject: Returned mail\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\nContent-Type: \
         text/plain\n\nIt did not go.\n\n--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; \
         relay.example.org\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\nDiagnostic-Code: \
         smtp; {words}\n\n--B--\n"
    )
    .into_bytes()
}
