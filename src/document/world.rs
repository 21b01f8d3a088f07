//! The world a template lives in: the template set, the fonts, one JSON file, and nothing else.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock, RwLock},
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

use super::{
    fonts::{Fonts, fonts},
    language::{Language, LanguageSet},
    templates::OwnFile,
};
use crate::due::StateForm;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/documents");

/// A template set: ours, with a program's own files before them.
pub(super) struct TemplateSet {
    libraries: Mutex<HashMap<String, Arc<LazyHash<Library>>>>,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    languages: Vec<(String, String)>,
    /// Texts and forms that the state publishes, and the language of each.
    state: Vec<StatesOwn>,
    read: OnceLock<LanguageSet>,
    version: String,
}

/// A text or form of the state's in the template folder.
struct StatesOwn {
    form: StateForm,
    language: String,
    path: String,
}

impl StatesOwn {
    /// None for a text that is empty, as those are that come with the program. Of a form only the name counts here: a
    /// rendering process has no more of it.
    fn of(file: &OwnFile) -> Option<Self> {
        let (form, language) = StateForm::of_file(&file.path)?;
        let own = Self { form, language: language.to_owned(), path: file.path.clone() };
        let blank = file.bytes.iter().all(u8::is_ascii_whitespace);
        (!own.is_text() || !blank).then_some(own)
    }

    fn is_text(&self) -> bool {
        self.path.ends_with(".txt")
    }
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
    /// Ours, with these before them.
    pub(super) fn of(own: &[OwnFile]) -> Self {
        let mut found: BTreeMap<&str, &[u8]> = built_in_files().into_iter().collect();
        found.extend(own.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())));
        let mut hash = Sha256::new();
        let (mut sources, mut files, mut languages) = (HashMap::new(), HashMap::new(), Vec::new());
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
                languages.push((name.to_owned(), text.to_owned()));
            }
            files.insert(id, Bytes::new(contents.to_vec()));
        }
        let version = hex::encode(&hash.finalize()[..8]);
        let state = own.iter().filter_map(StatesOwn::of).collect();
        Self { libraries: Mutex::default(), sources, files, languages, state, read: OnceLock::new(), version }
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The state's own that goes to readers of this language: in it, or in English where the state has no other.
    fn states_own(&self, form: StateForm, language: &str) -> Option<&StatesOwn> {
        let of = |tag: &str| self.state.iter().find(|own| own.form == form && own.language == tag);
        of(language).or_else(|| of("en"))
    }

    /// What templates in this language can call, with its labels as `sys.inputs.labels`: read once a process, where
    /// a template that reads the file itself reads it for every paper.
    fn library(&'static self, language: &str, cover: Option<&str>) -> Arc<LazyHash<Library>> {
        let key = format!("{language}+{}", cover.unwrap_or_default());
        let mut libraries = self.libraries.lock().expect("no holder of the libraries panics");
        let made = libraries.entry(key).or_insert_with(|| {
            let mut inputs = Dict::new();
            let (mut forms, mut texts) = (Array::new(), Dict::new());
            for form in StateForm::ALL {
                let Some(own) = self.states_own(*form, language) else { continue };
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
            let (_, text) = self.languages.iter().find(|(name, _)| *name == file)?;
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

/// A set that was in use stays in memory: papers may hang on its words while the next one is taken into use, and a
/// person changes templates a few times a day.
static IN_USE: RwLock<Option<&'static TemplateSet>> = RwLock::new(None);

const UNBROKEN: &str = "no holder of the template set panics";

/// The set in use: what was taken into use last, or ours.
fn template_set() -> &'static TemplateSet {
    if let Some(set) = *IN_USE.read().expect(UNBROKEN) {
        return set;
    }
    IN_USE.write().expect(UNBROKEN).get_or_insert_with(|| Box::leak(Box::new(TemplateSet::of(&[]))))
}

/// Takes a set into use; refused where another is in use.
pub(super) fn install(set: TemplateSet) -> Result<(), ()> {
    let mut place = IN_USE.write().expect(UNBROKEN);
    match *place {
        Some(now) if now.version != set.version => Err(()),
        Some(_) => Ok(()),
        None => {
            *place = Some(Box::leak(Box::new(set)));
            Ok(())
        }
    }
}

/// Takes a set into use in the place of another.
pub(super) fn replace(set: TemplateSet) {
    let mut place = IN_USE.write().expect(UNBROKEN);
    if place.is_none_or(|now| now.version != set.version) {
        *place = Some(Box::leak(Box::new(set)));
    }
}

/// The files of `lang/` with their texts, in order of name, and the place of what was read from them.
pub(super) fn language_files() -> (&'static [(String, String)], &'static OnceLock<LanguageSet>) {
    let set = template_set();
    (&set.languages, &set.read)
}

/// The language of the text or form of the state's that readers of `said` get in the place of ours; none where ours goes.
#[must_use]
pub fn language_of_the_states(form: StateForm, said: &Language) -> Option<&'static str> {
    template_set().states_own(form, said.tag()).map(|own| own.language.as_str())
}

/// The version of the template set: it changes with any byte of any template, label or shared part.
#[must_use]
pub fn template_version() -> &'static str {
    &template_set().version
}

/// One document's world. It has no network, no clock and no file outside the set.
pub(super) struct DocumentWorld {
    set: &'static TemplateSet,
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

impl DocumentWorld {
    pub(super) fn new(template: &str, view: Vec<u8>) -> Self {
        let marks: Marks = serde_json::from_slice(&view).unwrap_or_default();
        let mark = marks.trial.then(|| marked(template));
        let set = template_set();
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

impl World for DocumentWorld {
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
