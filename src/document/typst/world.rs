//! The world a template lives in: the template set, the fonts, one JSON file, and nothing else.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, LazyLock, Mutex, OnceLock},
};

use include_dir::{Dir, DirEntry, include_dir};
use sha2::{Digest, Sha256};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Array, Bytes, Datetime, Dict, Duration, Value},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use super::fonts::{Fonts, fonts};
use crate::document::own_file::OwnFile;
use crate::{
    document::{
        external::Examined,
        language::{Languages, StatesOwn, states_own},
    },
    due::StateForm,
};

/// Harmless to share: bytes of the program.
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/documents");

/// A template set: ours, with a program's own files before them. It is a value: whoever works with it holds it, and another
/// set beside it changes nothing of it.
pub struct TemplateSet {
    libraries: Mutex<HashMap<String, Arc<LazyHash<Library>>>>,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    own: Vec<OwnFile>,
    language_files: Vec<(String, String)>,
    languages: OnceLock<Languages>,
    /// Texts and forms that the state publishes, and the language of each.
    state: Arc<[StatesOwn]>,
    /// Forms of the state's that were looked at.
    forms: Mutex<HashMap<String, Arc<Examined>>>,
    version: String,
}

impl std::fmt::Debug for TemplateSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TemplateSet").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Harmless to share: what the program carries, read once, and no file of a program's own gets into it.
static BUILT_IN: LazyLock<Arc<TemplateSet>> = LazyLock::new(|| Arc::new(TemplateSet::of(Vec::new())));

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

/// Every file that the program carries, in order of its path.
pub(super) fn built_in_files() -> Vec<(&'static str, &'static [u8])> {
    let mut found = Vec::new();
    walk(&TEMPLATES, &mut found);
    found.sort_unstable();
    found
}

/// One file that the program carries.
pub(super) fn built_in(path: &str) -> Option<&'static [u8]> {
    TEMPLATES.get_file(path).map(include_dir::File::contents)
}

impl TemplateSet {
    #[must_use]
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// Ours, with these before them.
    #[must_use]
    pub fn of(own: Vec<OwnFile>) -> Self {
        let mut found: BTreeMap<&str, &[u8]> = built_in_files().into_iter().collect();
        found.extend(own.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())));
        let mut hash = Sha256::new();
        let (mut sources, mut files, mut language_files) = (HashMap::new(), HashMap::new(), Vec::new());
        for (path, contents) in found {
            hash.update((path.len() as u64).to_be_bytes());
            hash.update(path);
            hash.update((contents.len() as u64).to_be_bytes());
            hash.update(contents);
            let id = file_id(&format!("/{path}"));
            let text = std::str::from_utf8(contents);
            if let (true, Ok(text)) = (path.ends_with(".typ"), text) {
                sources.insert(id, Source::new(id, text.to_owned()));
            }
            let language = path.strip_prefix("lang/").filter(|name| name.ends_with(".toml"));
            if let (Some(name), Ok(text)) = (language, text) {
                language_files.push((name.to_owned(), text.to_owned()));
            }
            files.insert(id, Bytes::new(contents.to_vec()));
        }
        let version = hex::encode(&hash.finalize()[..8]);
        Self {
            libraries: Mutex::default(),
            sources,
            files,
            language_files,
            languages: OnceLock::new(),
            state: own.iter().filter_map(StatesOwn::of).collect(),
            forms: Mutex::default(),
            own,
            version,
        }
    }

    /// Its version: it changes with any byte of any template, label or shared part.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The languages of its papers, read when they are first asked for.
    #[must_use]
    pub fn languages(&self) -> &Languages {
        self.languages.get_or_init(|| Languages::read(&self.language_files, Arc::clone(&self.state)))
    }

    /// The program's own files in it.
    pub(super) fn own(&self) -> &[OwnFile] {
        &self.own
    }

    /// The forms that the state publishes, each with its language, as they lie in the template folder.
    #[must_use]
    pub fn state_forms(&self) -> Vec<(StateForm, String)> {
        let pdfs = self.own.iter().filter(|file| file.path.ends_with(".pdf"));
        pdfs.filter_map(|file| StateForm::of_file(&file.path)).map(|(form, tag)| (form, tag.to_owned())).collect()
    }

    /// A form of the state's that was looked at before.
    pub(super) fn looked_at(&self, path: &str) -> Option<Arc<Examined>> {
        self.forms.lock().expect("no holder of the forms panics").get(path).map(Arc::clone)
    }

    /// Keeps a form of the state's that was looked at.
    pub(super) fn keep_looked_at(&self, path: String, form: Arc<Examined>) {
        self.forms.lock().expect("no holder of the forms panics").insert(path, form);
    }

    /// What templates in this language can call, with its labels as `sys.inputs.labels`: read once a set, where
    /// a template that reads the file itself reads it for every paper.
    fn library(&self, language: &str, cover: Option<&str>) -> Arc<LazyHash<Library>> {
        let key = format!("{language}+{}", cover.unwrap_or_default());
        let mut libraries = self.libraries.lock().expect("no holder of the libraries panics");
        let made = libraries.entry(key).or_insert_with(|| {
            let mut inputs = Dict::new();
            let (mut forms, mut texts) = (Array::new(), Dict::new());
            for form in StateForm::ALL {
                let Some(own) = states_own(&self.state, *form, language) else { continue };
                let kind = form.in_place_of().as_str();
                if own.is_text() {
                    let mut text = Dict::new();
                    text.insert("path".into(), Value::Str(format!("/{}", own.path).into()));
                    text.insert("language".into(), Value::Str(own.language.as_str().into()));
                    texts.insert(kind.into(), Value::Dict(text));
                } else {
                    forms.push(Value::Str(kind.into()));
                }
            }
            inputs.insert("forms".into(), Value::Array(forms));
            inputs.insert("texts".into(), Value::Dict(texts));
            for (input, tag) in [("labels", Some(language)), ("cover_labels", cover)] {
                // Labels that cannot be read are left to the template, which says where they are wrong.
                if let Some(labels) = tag.and_then(|tag| self.labels(tag)) {
                    inputs.insert(input.into(), labels);
                }
            }
            Arc::new(LazyHash::new(Library::builder().with_inputs(inputs).build()))
        });
        Arc::clone(made)
    }

    /// The labels of a language; what it does not say stands in English.
    fn labels(&self, tag: &str) -> Option<Value> {
        let table = |tag: &str| -> Option<toml::Table> {
            let file = format!("{tag}.toml");
            let (_, text) = self.language_files.iter().find(|(name, _)| *name == file)?;
            toml::from_str(text).ok()
        };
        let mut whole = table("en")?;
        if tag != "en" {
            lay_over(&mut whole, table(tag)?);
        }
        whole.try_into().ok()
    }
}

/// What a language says, in the place of what stands there; whole tables are gone through.
fn lay_over(whole: &mut toml::Table, own: toml::Table) {
    for (key, value) in own {
        match (whole.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(own)) if key != "language" => lay_over(inner, own),
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
}

/// One document's world. It has no network, no clock and no file outside the set.
pub(super) struct DocumentWorld<'a> {
    set: &'a TemplateSet,
    library: Arc<LazyHash<Library>>,
    fonts: &'static Fonts,
    main: FileId,
    data: (FileId, Bytes),
    files: HashMap<FileId, Bytes>,
    /// The source that marks every page and then holds the template, in trial mode.
    mark: Option<Source>,
}

/// What the world itself looks for in a view.
#[derive(Default, serde::Deserialize)]
struct Marks {
    #[serde(default)]
    trial: bool,
    page: Option<MarksOfPage>,
    /// On papers without a page of ours.
    language: Option<String>,
}

#[derive(serde::Deserialize)]
struct MarksOfPage {
    language: String,
    #[serde(default)]
    cover_language: Option<String>,
}

impl Marks {
    fn cover_language(&self) -> Option<&str> {
        self.page.as_ref().and_then(|page| page.cover_language.as_deref())
    }

    fn language(&self) -> &str {
        self.page.as_ref().map(|page| page.language.as_str()).or(self.language.as_deref()).unwrap_or("en")
    }
}

/// The template with a mark on every page. Only the name of a template stands in it, never case data.
fn marked(template: &str) -> Source {
    let text = format!(
        "#set page(background: rotate(-40deg, text(size: 110pt, weight: \"bold\", fill: rgb(0, 0, 0, 32))[TRIAL]))\n\
         #include \"/{template}/main.typ\"\n"
    );
    Source::new(file_id("/trial.typ"), text)
}

impl<'a> DocumentWorld<'a> {
    pub(super) fn new(set: &'a TemplateSet, template: &str, view: Vec<u8>) -> Self {
        let marks: Marks = serde_json::from_slice(&view).unwrap_or_default();
        let mark = marks.trial.then(|| marked(template));
        Self {
            set,
            library: set.library(marks.language(), marks.cover_language()),
            fonts: fonts(),
            main: mark.as_ref().map_or_else(|| file_id(&format!("/{template}/main.typ")), Source::id),
            data: (file_id("/data.json"), Bytes::new(view)),
            mark,
            files: HashMap::new(),
        }
    }

    /// The same world with files of this document alone.
    pub(super) fn with_files(self, files: Vec<(String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (file_id(&path), Bytes::new(bytes))).collect();
        Self { files, ..self }
    }

    /// Where a source stands, for messages.
    pub(super) fn line_of(&self, id: FileId, offset: usize) -> Option<(String, usize)> {
        let source = self.set.sources.get(&id)?;
        let line = source.lines().byte_to_line(offset)? + 1;
        Some((id.vpath().get_without_slash().to_owned(), line))
    }
}

impl World for DocumentWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if let Some(mark) = self.mark.as_ref().filter(|mark| mark.id() == id) {
            return Ok(mark.clone());
        }
        self.set.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 {
            return Ok(self.data.1.clone());
        }
        self.files.get(&id).or_else(|| self.set.files.get(&id)).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
