//! What accidents make of a file, and what a reader repairs.

use super::{
    made,
    raw::{Raw, line, stream},
};

pub fn files() -> Vec<(String, Vec<u8>)> {
    let whole = || Raw::drawing(&line(700, "A line that a reader finds again")).written();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let changed = |from: &str, to: &str| text(whole()).replace(from, to).into_bytes();
    let raw = || Raw::drawing(&line(700, "A line that a reader finds again"));
    let later = {
        let mut file = whole();
        let place = file.len();
        file.extend(b"4 0 obj\n".iter());
        file.extend(stream("", line(700, "A later version of the line").as_bytes()));
        file.extend(
            format!("\nendobj\nxref\n4 1\n{place:010} 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev {}>>\n", 0).bytes(),
        );
        let (previous, table) = (text(whole()).find("xref\n0").unwrap(), text(file.clone()).rfind("xref\n4").unwrap());
        text(file)
            .replace("/Prev 0", &format!("/Prev {previous}"))
            .into_bytes()
            .into_iter()
            .chain(format!("startxref\n{table}\n%%EOF\n").bytes())
            .collect()
    };
    [
        ("something before its head", [b"From: scanner\r\n\r\n".to_vec(), whole()].concat()),
        ("something behind its end", [whole(), b"\n\0\0\0 and a line of a mail".to_vec()].concat()),
        ("its table elsewhere", changed("startxref\n", "startxref\n9")),
        ("its table nowhere", changed("startxref", "startxxxx")),
        ("its table counts wrong", changed("0000000", "0000001")),
        ("lines that end in CR LF", changed("\nendobj", "\r\nendobj")),
        ("a wrong length", changed("/Length ", "/Length 9")),
        ("a length of nothing", {
            let mut file = raw();
            let drawing = line(700, "A line that a reader finds again");
            file = file.with(4, format!("<</Length 0>>\nstream\n{drawing}\nendstream"));
            file.written()
        }),
        (
            "a length elsewhere",
            raw()
                .with(4, format!("<</Length 6 0 R>>\nstream\n{}\nendstream", line(700, "A line")))
                .with(6, "59")
                .written(),
        ),
        ("no end of an object", changed("endstream\nendobj", "endstream\n")),
        ("an earlier version inside", later),
        ("two roots", raw().trailer("/Info 99 0 R/ID[<00><00>]").written()),
        ("notes that are not there", raw().page("/Annots[88 0 R null 89 0 R]").written()),
        ("a font that is not there", raw().resources("/XObject<</X 88 0 R>>/ExtGState null").written()),
        ("numbers that are none", raw().page("/UserUnit (two)/Tabs 7").written()),
        ("locked with the newest lock", locked(&made::document(&["Maya Rivera, read by all"]))),
    ]
    .map(|(name, file)| (name.to_owned(), file))
    .to_vec()
}

/// What readers repair or not, each in its own way: the copy has the one page that is there.
pub fn repaired() -> Vec<(String, Vec<u8>)> {
    let raw = || Raw::drawing(&line(700, "A line that a reader finds again"));
    let whole = || raw().written();
    let place = |what: &str| String::from_utf8_lossy(&whole()).find(what).unwrap();
    [
        ("cut before its table", whole()[..place("xref\n0")].to_vec()),
        ("cut in its table", whole()[..place("trailer")].to_vec()),
        ("a page that is not there", Raw { pages: "/Kids[3 0 R 77 0 R]/Count 2".to_owned(), ..raw() }.written()),
        ("pages miscounted", Raw { pages: "/Kids[3 0 R]/Count 7".to_owned(), ..raw() }.written()),
        ("a count below nothing", Raw { pages: "/Kids[3 0 R]/Count -4".to_owned(), ..raw() }.written()),
        (
            "a tree that bites its tail",
            Raw { pages: "/Kids[3 0 R 6 0 R]/Count 2".to_owned(), ..raw() }
                .with(6, "<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>")
                .written(),
        ),
        ("a tree without leaves", Raw { pages: "/Kids[99 0 R]/Count 1".to_owned(), ..raw() }.written()),
    ]
    .map(|(name, file)| (name.to_owned(), file))
    .to_vec()
}

/// AES with 256 bits: anybody may read, only the owner change.
fn locked(document: &lopdf::Document) -> Vec<u8> {
    use lopdf::encryption::crypt_filters::{Aes256CryptFilter, CryptFilter};
    let mut document = document.clone();
    let filter: std::sync::Arc<dyn CryptFilter> = std::sync::Arc::new(Aes256CryptFilter);
    let version = lopdf::EncryptionVersion::V5 {
        encrypt_metadata: true,
        crypt_filters: std::collections::BTreeMap::from([(b"StdCF".to_vec(), filter)]),
        file_encryption_key: &[7; 32],
        stream_filter: b"StdCF".to_vec(),
        string_filter: b"StdCF".to_vec(),
        owner_password: "owner",
        user_password: "",
        permissions: lopdf::Permissions::PRINTABLE,
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    made::saved(document)
}
