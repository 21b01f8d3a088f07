//! A file that a program has of its own, in place of one of ours or beside them.

/// One file of the program's own: its path inside the template set, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Such as `ifsp/main.typ`, `lang/en.toml`, `state/procedural-safeguards.txt` or `.es.pdf`, `letterhead/logo.svg`.
    pub path: String,
    pub bytes: Vec<u8>,
}
