//! Ways out to partners: their SFTP folders, their fax, and a printer.

mod cups;
mod fax;
mod sftp;
mod sshd;

use earlypost::{case::Address, dispatch::Paper, due::DocumentKind};

use crate::gate::Case;

const DISPATCH: &str = "0199f2b1-7c00-7000-8000-000000000417";
const OTHER: &str = "0199f2b1-7c00-7000-8000-000000000427";

/// The physician's case, where the office is reached by this address only.
fn partner_case(address: Address) -> Case {
    let mut case = crate::gate::physician();
    let office = case.directory.organisations.iter_mut().find(|o| o.organisation_id.as_str() == "ghent-pediatrics");
    let office = office.unwrap();
    office.endpoints.truncate(1);
    case.channels.insert(address.kind());
    office.endpoints[0].address = address;
    case
}

/// A letter of one page and a plan of nine.
fn papers(case: &Case) -> Vec<Paper> {
    let paper = |document: DocumentKind, pages, pdf: &[u8]| Paper {
        child_id: case.record.child_id.clone(),
        document: document.into(),
        pdf: pdf.to_vec().into(),
        pages,
        text: None,
    };
    vec![
        paper(DocumentKind::PhysicianLetter, 1, b"%PDF-1.7\n%\xc3 the letter"),
        paper(DocumentKind::Ifsp, 9, &[b"%PDF-1.7 the plan\r\n\x00\xff".as_slice(), &[7; 300_000]].concat()),
    ]
}
