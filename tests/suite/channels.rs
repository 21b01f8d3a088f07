//! The ways out: what they write, what they find again, and what they refuse.

mod folder;
mod message;
pub mod print;
#[cfg(feature = "smime")]
mod smime;
mod smtp;
mod state;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use earlypost::{
    clock::{Clock, ManualClock},
    dispatch::{
        Channel, Message, Outcome, Paper, Parcel, Trace,
        email::message::{MessageHead, MessageKind, MessageView, compose},
    },
    due::DocumentKind,
};

use crate::gate::Case;

const DISPATCH: &str = "0199f2b1-7c00-7000-8000-000000000417";
const OTHER: &str = "0199f2b1-7c00-7000-8000-000000000427";

/// A plan of nine pages and a letter of one.
fn papers(case: &Case) -> Vec<Paper> {
    let paper = |document: DocumentKind, pages, end: &[u8]| Paper {
        child_id: case.record.child_id.clone(),
        document: document.into(),
        pdf: [bare_pdf(pages).as_bytes(), end].concat().into(),
        pages,
        text: None,
    };
    vec![
        paper(DocumentKind::PhysicianLetter, 1, b"%\xc3 the letter"),
        paper(DocumentKind::Ifsp, 9, b"% the plan\r\n%\xff"),
    ]
}

/// A PDF of so many pages, each with its number on it.
pub fn bare_pdf(pages: u32) -> String {
    let mut objects = vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned()];
    let kids: Vec<String> = (0..pages).map(|n| format!("{} 0 R", 4 + 2 * n)).collect();
    objects.push(format!("<</Type/Pages/Count {pages}/Kids[{}]>>", kids.join(" ")));
    objects.push("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned());
    for n in 0..pages {
        let (contents, text) = (5 + 2 * n, format!("BT /F 12 Tf 400 300 Td (page{n}) Tj ET"));
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>/Contents {contents} 0 R>>"
        ));
        objects.push(format!("<</Length {}>>stream\n{text}\nendstream", text.len()));
    }
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let start = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    file
}

fn head(dispatch: &str) -> MessageHead {
    MessageHead {
        by_itself: true,
        dispatch_id: dispatch.to_owned(),
        from: "Tidewater Early Steps <papers@earlysteps.example.org>".parse().unwrap(),
        reply_to: Some("jenni.alvarez@earlysteps.example.org".parse().unwrap()),
        to: "records@direct.ghent-pediatrics.example.org".parse().unwrap(),
        date: instant(),
    }
}

/// A clock that stands still.
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(ManualClock::at(instant()))
}

fn instant() -> DateTime<Utc> {
    "2026-11-20T15:04:05Z".parse().unwrap()
}

fn view(papers: usize) -> MessageView {
    MessageView {
        program: "Tidewater Early Steps".to_owned(),
        program_telephone: "(757) 555-0140".to_owned(),
        caller: "Jenni Alvarez".to_owned(),
        telephone: "(757) 555-0142".to_owned(),
        hours: Some("Weekdays 8:00 to 5:00".to_owned()),
        papers,
        one_paper: papers == 1,
        discreet: false,
        encrypted: false,
    }
}

fn message(case: &Case) -> Vec<u8> {
    compose(MessageKind::OFFICE, &head(DISPATCH), &view(2), &papers(case), None).unwrap()
}

/// A parcel under a fresh permission, with its message.
fn parcel_of(case: &Case, dispatch: &str) -> Parcel {
    let message = Message { from: "papers@earlysteps.example.org".parse().unwrap(), bytes: message(case).into() };
    Parcel::new(dispatch.to_owned(), case.permission(), papers(case), Some(message), case.templates.clone(), case.now)
        .unwrap()
}

fn parcel() -> Parcel {
    parcel_of(&crate::gate::physician(), DISPATCH)
}

#[track_caller]
fn misconfigured(outcome: Outcome) -> String {
    assert!(!outcome.bytes_may_have_left());
    match outcome {
        Outcome::Misconfigured(evidence) => evidence.reply,
        other => panic!("not misconfigured: {other:?}"),
    }
}

/// Where the channel finds a dispatch.
async fn found(channel: &dyn Channel, dispatch: &str) -> Option<String> {
    match channel.look_for(dispatch).await {
        Trace::Found(evidence) => Some(evidence.reply),
        Trace::Absent => None,
        Trace::CannotTell => panic!("it cannot tell"),
    }
}

/// Names of the files in a folder, in order.
fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// No file name and no line of a channel's own may hold any of these.
fn names_of_the_child() -> Vec<String> {
    let record = crate::gate::physician().record;
    let family = record.family.iter().flat_map(|m| [m.name.first.to_string(), m.name.last.to_string()]);
    let child = [&record.child.legal_name.first, &record.program_number].map(ToString::to_string);
    family.chain(child).chain([record.child_id.to_string()]).collect()
}

/// No full disk is needed to see what one does: the part that is renamed when it is whole leads to a device that
/// refuses every byte.
fn fill_the_disk_for(file: &std::path::Path) {
    std::os::unix::fs::symlink("/dev/full", earlypost::files::part_of(file).unwrap()).unwrap();
}
