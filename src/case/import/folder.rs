//! A caseload folder: `program.toml`, `directory.json`, and the children's records.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use super::{
    Rules, check,
    lines::RecordLines,
    problem::{Problem, Problems},
    record::{Refused, Source, Taken, read_json, read_record},
    toml_file::read_toml,
};
use crate::{
    case::{CaseRecord, ChildId, Directory, Program, folding::spelled, mail_address},
    files::{NotRead, open_plain, read_plain},
};

/// No file of a caseload but one of many records is larger, in megabytes.
const MOST_MEGABYTES: u64 = 64;

/// An opened caseload. Records are read one at a time, so that its size does not matter.
#[derive(Debug)]
pub struct Caseload {
    pub program: Program,
    /// Organisations and professionals.
    pub directory: Directory,
    files: Vec<PathBuf>,
    folder: PathBuf,
}

fn read_file(folder: &Path, name: &str) -> Result<Vec<u8>, Problems> {
    read_plain(&folder.join(name), MOST_MEGABYTES).map_err(|error| {
        let says = match error {
            NotRead::Refused(_) => {
                format!("{error}; a caseload folder holds program.toml, directory.json and children/")
            }
            other => other.to_string(),
        };
        Problem::of_file(name, says).into()
    })
}

/// Reads `program.toml` of a caseload folder.
///
/// # Errors
/// Every mistake, with its line.
pub fn read_program(folder: &Path) -> Result<Program, Problems> {
    let bytes = read_file(folder, "program.toml")?;
    let text =
        String::from_utf8(bytes).map_err(|_| Problem::of_file("program.toml", "is not UTF-8; save it as UTF-8"))?;
    let program: Program = read_toml("program.toml", &text)?;
    if program.as_of.is_some() && !program.synthetic {
        return Err(Problem {
            field: "as_of".into(),
            ..Problem::of_file(
                "program.toml",
                "a program with real people uses the real date; only `synthetic = true` may set another",
            )
        }
        .into());
    }
    if let Err(error) = mail_address(&program.email) {
        return Err(Problem { field: "email".into(), ..Problem::of_file("program.toml", error.to_string()) }.into());
    }
    if let Some(wrong) = program.calendar.iter().flat_map(|c| &c.closed).position(|c| c.to.is_some_and(|to| to < c.on))
    {
        let says = "lies before the first day of the closure";
        let field = format!("calendar.closed[{wrong}].to");
        return Err(Problem { field, ..Problem::of_file("program.toml", says) }.into());
    }
    Ok(program)
}

impl Caseload {
    /// Opens a folder: reads the program and the directory, lists the record files.
    ///
    /// # Errors
    /// When a file is missing or wrong, or there is no record at all.
    pub fn open(folder: &Path, printable: fn(char) -> bool) -> Result<Self, Problems> {
        let program = read_program(folder)?;
        let bytes = read_file(folder, "directory.json")?;
        let directory: Directory = read_json("directory.json", &bytes, printable).map_err(Problems)?;
        let found = check::directory(&directory);
        if !found.is_empty() {
            return Err(Problems(
                found
                    .into_iter()
                    .map(|(field, says)| Problem { field, ..Problem::of_file("directory.json", says) })
                    .collect(),
            ));
        }
        let files = record_files(folder)?;
        Ok(Self { program, directory, files, folder: folder.to_owned() })
    }

    /// The children's records, one at a time, in the order of file names.
    /// The second record of a child is refused, and of a program number: which of the two is right is not known.
    pub fn records<'a>(
        &'a self,
        rules: &'a Rules<'a>,
    ) -> impl Iterator<Item = (Source, Result<Taken, Box<Refused>>)> + 'a {
        let mut seen: HashSet<ChildId> = HashSet::new();
        let mut numbers: HashMap<String, ChildId> = HashMap::new();
        self.files.iter().flat_map(move |path| self.one_file(path)).map(move |(source, bytes)| {
            let read = bytes.map_err(|says| {
                Box::new(Refused {
                    child_id: None,
                    problems: vec![Problem { row: source.row, ..Problem::of_file(&source.file, says) }],
                })
            });
            let read = read.and_then(|bytes| read_record(&source, &bytes, rules));
            // A refused record counts too: a good one after it must not settle what it may have said.
            let child_id = match &read {
                Ok(taken) => Some(&taken.record.child_id),
                Err(refused) => refused.child_id.as_ref(),
            };
            let second = child_id.is_some_and(|id| !seen.insert(id.clone()));
            let read = read.and_then(|taken| {
                let refuse = |problem| {
                    Err(Box::new(Refused { child_id: Some(taken.record.child_id.clone()), problems: vec![problem] }))
                };
                if second {
                    let says = "another record of this caseload has the same child; keep one of them";
                    return refuse(source.problem("child_id", says));
                }
                let number = spelled(&taken.record.program_number);
                if let Some(other) = numbers.get(&number) {
                    return refuse(number_taken(&source, &taken.record, other));
                }
                numbers.insert(number, taken.record.child_id.clone());
                Ok(taken)
            });
            (source, read)
        })
    }

    fn one_file(&self, path: &Path) -> Box<dyn Iterator<Item = (Source, Result<Vec<u8>, String>)>> {
        let file = path.strip_prefix(&self.folder).unwrap_or(path).to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "ndjson") {
            match open_plain(path) {
                Ok(opened) => Box::new(
                    RecordLines::of(opened)
                        .map(move |(row, line)| (Source { file: file.clone(), row: Some(row) }, line)),
                ),
                Err(error) => Box::new(std::iter::once((Source { file, row: None }, Err(error.to_string())))),
            }
        } else {
            let read = read_plain(path, MOST_MEGABYTES).map_err(|error| error.to_string());
            Box::new(std::iter::once((Source { file, row: None }, read)))
        }
    }
}

/// Two children with one program number: a page of the one would be taken for the other's, and no search could tell.
#[must_use]
pub fn number_taken(source: &Source, record: &CaseRecord, other: &ChildId) -> Problem {
    let number = &record.program_number;
    let says =
        format!("{number} is the program number of child {other} too; give each child its own, and import both again");
    source.problem("program_number", says)
}

fn record_files(folder: &Path) -> Result<Vec<PathBuf>, Problems> {
    let mut files: Vec<PathBuf> = Vec::new();
    let ndjson = folder.join("children.ndjson");
    if ndjson.exists() {
        files.push(ndjson);
    }
    if let Ok(entries) = std::fs::read_dir(folder.join("children")) {
        files.extend(
            entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|e| e == "json" || e == "ndjson")),
        );
    }
    files.sort();
    if files.is_empty() {
        return Err(Problem::of_file(
            "children",
            "holds no record: put one JSON file a child there, or one children.ndjson beside program.toml",
        )
        .into());
    }
    Ok(files)
}
