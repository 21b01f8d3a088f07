//! A program's own templates, letterhead and texts: a folder whose files stand before ours.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use super::world;
use crate::document::own_file::OwnFile;
use crate::{document::language, due::StateForm, hint::Hint};

/// No file of a template folder is larger.
const MOST_BYTES: u64 = 1024 * 1024;
/// No form of a state's is larger.
const MOST_FORM_BYTES: u64 = 10 * 1024 * 1024;
/// No template folder has more files.
const MOST_FILES: usize = 500;

/// What is wrong with a template folder.
#[derive(Debug, thiserror::Error)]
pub enum TemplateFault {
    /// The folder or a file in it cannot be read.
    #[error("{path}: cannot be read ({kind})")]
    Unreadable { path: PathBuf, kind: io::ErrorKind },
    /// A file that no template can use.
    #[error("{path}: {says}")]
    Unusable {
        /// Its path in the folder.
        path: String,
        /// Why, and what to do.
        says: String,
    },
}

fn unusable(path: &str, says: impl Into<String>) -> TemplateFault {
    TemplateFault::Unusable { path: path.to_owned(), says: says.into() }
}

/// Reads a folder of the program's own. Every file is looked at: a file that would be passed over in silence is a
/// mistake that somebody finds on paper.
///
/// # Errors
/// With the first file that cannot be used, and what to do.
pub fn read_own_templates(folder: &Path) -> Result<Vec<OwnFile>, TemplateFault> {
    let mut files = Vec::new();
    read_folder(folder, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for file in &mut files {
        look_at(file)?;
    }
    for file in &files {
        states_own(&file.path, &files)?;
    }
    Ok(files)
}

/// A text or form of the state's stands in the place of a paper of ours, once, in a language that there are papers in.
fn states_own(path: &str, files: &[OwnFile]) -> Result<(), TemplateFault> {
    if !path.starts_with("state/") {
        return Ok(());
    }
    let Some((form, language)) = StateForm::of_file(path) else {
        let places: Vec<String> = StateForm::ALL.iter().map(|form| form.file("en")).collect();
        return Err(unusable(
            path,
            format!(
                "is no text or form of a state's; there can be {}, each also as .txt, and in another language with its tag \
                 before the ending (procedural-safeguards.es.pdf)",
                places.join(", ")
            ),
        ));
    };
    let spoken = format!("lang/{language}.toml");
    if world::built_in(&spoken).is_none() && !files.iter().any(|file| file.path == spoken) {
        return Err(unusable(path, format!("is in {language}, in which there are no papers ({spoken} is missing)")));
    }
    if path.contains(".en.") {
        return Err(unusable(path, "carries the tag of English; what is in English carries none"));
    }
    let pdf = form.file(language);
    let text = format!("{}.txt", pdf.trim_end_matches(".pdf"));
    if path == text && files.iter().any(|file| file.path == pdf) {
        return Err(unusable(&pdf, format!("and {text} stand in the same place; keep one of the two")));
    }
    Ok(())
}

fn read_folder(folder: &Path, under: &str, files: &mut Vec<OwnFile>) -> Result<(), TemplateFault> {
    let unreadable =
        |path: &Path, error: &io::Error| TemplateFault::Unreadable { path: path.into(), kind: error.kind() };
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
        let entry = entry.map_err(|e| unreadable(folder, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Editors leave such files behind.
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let path = if under.is_empty() { name } else { format!("{under}/{name}") };
        let kind = entry.file_type().map_err(|e| unreadable(&entry.path(), &e))?;
        if kind.is_symlink() {
            return Err(unusable(
                &path,
                "is a link; templates are read from this folder only, so put the file itself here",
            ));
        }
        if kind.is_dir() {
            read_folder(&entry.path(), &path, files)?;
            continue;
        }
        if !kind.is_file() {
            return Err(unusable(&path, "is a pipe or a device; put a file in its place"));
        }
        let size = entry.metadata().map_err(|e| unreadable(&entry.path(), &e))?.len();
        let most = if path.ends_with(".pdf") { MOST_FORM_BYTES } else { MOST_BYTES };
        if size > most {
            return Err(unusable(&path, format!("is larger than {} KB; make it smaller", most / 1024)));
        }
        if files.len() == MOST_FILES {
            return Err(unusable(&path, format!("is one of more than {MOST_FILES} files; is this the right folder?")));
        }
        let bytes = fs::read(entry.path()).map_err(|e| unreadable(&entry.path(), &e))?;
        files.push(OwnFile { path, bytes });
    }
    Ok(())
}

fn look_at(file: &mut OwnFile) -> Result<(), TemplateFault> {
    let path = file.path.clone();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if !path.chars().all(plain) {
        return Err(unusable(&path, "has a name with other signs than letters, digits, - and _; rename it"));
    }
    let extension = path.rsplit_once('.').map_or("", |(_, end)| end);
    match extension {
        "typ" | "txt" => {
            text(file)?;
        }
        "toml" => {
            let merged = labels(&path, text(file)?)?;
            if let Some(name) = path.strip_prefix("lang/") {
                language::readable(name, &merged).map_err(|says| unusable(&path, says))?;
            }
            file.bytes = merged.into_bytes();
        }
        "svg" => {
            if !text(file)?.contains("<svg") {
                return Err(unusable(&path, "is no SVG picture; save it as SVG or PNG"));
            }
        }
        "png" => {
            if !file.bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
                return Err(unusable(&path, "is no PNG picture; save it as PNG or SVG"));
            }
        }
        "pdf" => {
            if StateForm::of_file(&path).is_none() {
                return Err(unusable(&path, "is no form of a state's; such files lie in state/"));
            }
            if !file.bytes.starts_with(b"%PDF-") {
                return Err(unusable(&path, "is no PDF; save it as PDF"));
            }
        }
        _ => {
            return Err(unusable(
                &path,
                "is no file that a template can use (.typ, .toml, .txt, .svg, .png; a state's form as .pdf); remove it",
            ));
        }
    }
    Ok(())
}

fn text(file: &OwnFile) -> Result<&str, TemplateFault> {
    std::str::from_utf8(&file.bytes).map_err(|_| unusable(&file.path, "is not UTF-8; save it as UTF-8"))
}

/// The labels of a language with the program's own put over ours: its file holds only what it changes.
fn labels(path: &str, own: &str) -> Result<String, TemplateFault> {
    let own: Table = toml::from_str(own).map_err(|error| {
        let line = error.span().map_or(1, |span| own[..span.start].lines().count().max(1));
        unusable(path, format!("line {line}: {}", error.message()))
    })?;
    let Some(ours) = world::built_in(path) else {
        return Ok(toml::to_string(&own).expect("a table that was read can be written"));
    };
    let ours = std::str::from_utf8(ours).expect("the labels that the program carries are UTF-8");
    let mut whole: Table = toml::from_str(ours).expect("the labels that the program carries are TOML");
    put_over(&mut whole, own, "").map_err(|says| unusable(path, says))?;
    Ok(toml::to_string(&whole).expect("a table that was read can be written"))
}

fn put_over(whole: &mut Table, own: Table, at: &str) -> Result<(), String> {
    for (name, value) in own {
        let key = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        match (whole.get_mut(&name), value) {
            // Who answers for a translation stands in the file of the program that had it read.
            (None, value @ Value::String(_))
                if matches!(key.as_str(), "language.reviewer" | "language.reviewed_on") =>
            {
                whole.insert(name, value);
            }
            (None, _) => {
                return Err(format!(
                    "{key} is no text of ours; {} writes the file with all of them",
                    Hint::ExportTemplates
                ));
            }
            (Some(Value::Table(inner)), Value::Table(own)) => put_over(inner, own, &key)?,
            (Some(Value::String(ours)), Value::String(own)) => {
                let (known, used) = (places(ours), places(&own));
                if let Some(strange) = used.iter().find(|place| !known.contains(*place)) {
                    return Err(format!("{key} has {{{strange}}}, but only {} can be filled there", listed(&known)));
                }
                *ours = own;
            }
            (Some(Value::Array(ours)), Value::Array(own)) => *ours = own,
            (Some(ours), own) => {
                return Err(format!("{key} must be a {} as in ours, and is a {}", ours.type_str(), own.type_str()));
            }
        }
    }
    Ok(())
}

fn places(text: &str) -> Vec<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(place, _)| place.to_owned())).collect()
}

fn listed(places: &[String]) -> String {
    if places.is_empty() {
        return "nothing".to_owned();
    }
    places.iter().map(|place| format!("{{{place}}}")).collect::<Vec<_>>().join(", ")
}

/// Every file of the template set that the program carries, with its contents.
#[must_use]
pub fn built_in_templates() -> Vec<(&'static str, &'static [u8])> {
    world::built_in_files()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(path: &str, bytes: &[u8]) -> Result<OwnFile, TemplateFault> {
        let mut file = OwnFile { path: path.to_owned(), bytes: bytes.to_vec() };
        look_at(&mut file).map(|()| file)
    }

    #[test]
    fn a_label_of_ones_own_stands_before_ours_and_the_others_stay() {
        let file = own("lang/en.toml", b"[family]\nclosing = \"Warmly,\"\n").unwrap();
        let whole: Table = toml::from_str(std::str::from_utf8(&file.bytes).unwrap()).unwrap();

        assert_eq!(whole["family"]["closing"].as_str(), Some("Warmly,"));
        assert_eq!(whole["family"]["greeting"].as_str(), Some("Dear {name},"));
    }

    #[test]
    fn a_label_that_nobody_reads_and_a_place_that_nothing_fills_are_named() {
        for (text, says) in [
            ("[family]\nclosng = \"Warmly,\"\n", "family.closng is no text of ours"),
            (
                "[family]\ngreeting = \"Dear {nam},\"\n",
                "family.greeting has {nam}, but only {name} can be filled there",
            ),
            ("[family]\ngreeting = 3\n", "family.greeting must be a string as in ours, and is a integer"),
            ("[family]\ngreeting = \"Dear\n", "line 2"),
        ] {
            let fault = own("lang/en.toml", text.as_bytes()).unwrap_err().to_string();
            assert!(fault.starts_with("lang/en.toml: ") && fault.contains(says), "{fault}");
        }
    }

    #[test]
    fn a_file_that_no_template_can_use_is_refused_with_what_to_do() {
        for (path, bytes, says) in [
            ("ifsp/main.typ", &b"\xff\xfe"[..], "save it as UTF-8"),
            (
                "lang/en.toml",
                b"[language]\nstatus = \"perfect\"\n",
                "[language] cannot be read: unknown variant `perfect`",
            ),
            ("lang/en.toml", b"[language]\ncode = \"fr\"\n", "says that its language is fr; name it lang/fr.toml"),
            ("lang/pt.toml", b"[page]\nand = \" e \"\n", "has no section [language]"),
            ("letterhead/logo.png", b"GIF89a", "is no PNG picture"),
            ("letterhead/logo.svg", b"<html></html>", "is no SVG picture"),
            ("notes.docx", b"PK", "is no file that a template can use"),
            ("my logo.svg", b"<svg/>", "rename it"),
        ] {
            let fault = own(path, bytes).unwrap_err().to_string();
            assert!(fault.contains(says), "{fault}");
        }
    }
}
