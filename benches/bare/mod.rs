//! A bare loop: Typst compiles and exports the same template and data with nothing else around it.

use std::{collections::HashMap, path::Path};

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub struct Bare {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    faces: Vec<Font>,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    main: FileId,
    data: FileId,
    view: Bytes,
}

fn id(path: &str) -> FileId {
    FileId::new(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).unwrap()))
}

impl Bare {
    pub fn new() -> Self {
        let mut faces = Vec::new();
        for entry in std::fs::read_dir("templates/fonts").unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "ttf") {
                faces.extend(Font::iter(Bytes::new(std::fs::read(path).unwrap())));
            }
        }
        let (mut sources, mut files) = (HashMap::new(), HashMap::new());
        collect(Path::new("templates/documents"), &mut sources, &mut files);
        Self {
            library: LazyHash::new(Library::builder().build()),
            book: LazyHash::new(FontBook::from_fonts(&faces)),
            faces,
            sources,
            files,
            main: id("/ifsp/main.typ"),
            data: id("/data.json"),
            view: Bytes::new(Vec::<u8>::new()),
        }
    }

    pub fn render(&mut self, kind: &str, view: Vec<u8>) -> Vec<u8> {
        self.main = id(&format!("/{kind}/main.typ"));
        self.view = Bytes::new(view);
        let document = typst::compile::<PagedDocument>(&*self).output.unwrap();
        let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]).unwrap();
        let pdf = typst_pdf::pdf(&document, &PdfOptions { standards, ..PdfOptions::default() }).unwrap();
        comemo::evict(0);
        pdf
    }
}

fn collect(folder: &Path, sources: &mut HashMap<FileId, Source>, files: &mut HashMap<FileId, Bytes>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, sources, files);
            continue;
        }
        let id = id(&format!("/{}", path.strip_prefix("templates/documents").unwrap().display()));
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|e| e == "typ") {
            sources.insert(id, Source::new(id, String::from_utf8(bytes.clone()).unwrap()));
        }
        files.insert(id, Bytes::new(bytes));
    }
}

impl World for Bare {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data {
            Ok(self.view.clone())
        } else {
            self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
