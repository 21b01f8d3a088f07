//! The world a template lives in: the template set, the fonts, one JSON file, and nothing else.

use std::{collections::HashMap, sync::OnceLock};

use include_dir::{Dir, DirEntry, include_dir};
use sha2::{Digest, Sha256};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use super::fonts::{Fonts, fonts};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/documents");

/// The template set, parsed once a process.
pub(super) struct TemplateSet {
    library: LazyHash<Library>,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    version: String,
}

fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("paths of the template set are relative and plain");
    FileId::new(RootedPath::new(VirtualRoot::Project, path))
}

fn walk<'a>(dir: &'a Dir<'a>, found: &mut Vec<(&'a str, &'a [u8])>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => walk(dir, found),
            DirEntry::File(file) => {
                let path = file.path().to_str().expect("names of the template set are ASCII");
                found.push((path, file.contents()));
            }
        }
    }
}

/// The set that the program carries.
pub(super) fn template_set() -> &'static TemplateSet {
    static SET: OnceLock<TemplateSet> = OnceLock::new();
    SET.get_or_init(|| {
        let mut found = Vec::new();
        walk(&TEMPLATES, &mut found);
        found.sort_unstable();
        let mut hash = Sha256::new();
        let (mut sources, mut files) = (HashMap::new(), HashMap::new());
        for (path, contents) in found {
            hash.update((path.len() as u64).to_be_bytes());
            hash.update(path);
            hash.update((contents.len() as u64).to_be_bytes());
            hash.update(contents);
            let id = file_id(&format!("/{path}"));
            if path.ends_with(".typ") {
                let text = std::str::from_utf8(contents).expect("templates are UTF-8");
                sources.insert(id, Source::new(id, text.to_owned()));
            }
            files.insert(id, Bytes::new(contents));
        }
        let library = LazyHash::new(Library::builder().build());
        TemplateSet { library, sources, files, version: hex::encode(&hash.finalize()[..8]) }
    })
}

/// The files of `lang/` with their texts, in order of name.
pub(super) fn language_files() -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    walk(&TEMPLATES, &mut found);
    let mut files: Vec<(String, &'static str)> = found
        .into_iter()
        .filter_map(|(path, contents)| {
            let name = path.strip_prefix("lang/").filter(|name| name.ends_with(".toml"))?;
            Some((name.to_owned(), std::str::from_utf8(contents).ok()?))
        })
        .collect();
    files.sort_unstable();
    files
}

/// The version of the template set: it changes with any byte of any template, label or shared part.
#[must_use]
pub fn template_version() -> &'static str {
    &template_set().version
}

/// One document's world. It has no network, no clock and no file outside the set.
pub(super) struct DocumentWorld {
    set: &'static TemplateSet,
    fonts: &'static Fonts,
    main: FileId,
    data: (FileId, Bytes),
}

impl DocumentWorld {
    pub(super) fn new(template: &str, view: Vec<u8>) -> Self {
        Self {
            set: template_set(),
            fonts: fonts(),
            main: file_id(&format!("/{template}/main.typ")),
            data: (file_id("/data.json"), Bytes::new(view)),
        }
    }

    /// Where a source stands, for messages.
    pub(super) fn line_of(&self, id: FileId, offset: usize) -> Option<(String, usize)> {
        let source = self.set.sources.get(&id)?;
        let line = source.lines().byte_to_line(offset)? + 1;
        Some((id.vpath().get_without_slash().to_owned(), line))
    }
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.set.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.set.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 {
            return Ok(self.data.1.clone());
        }
        self.set.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
