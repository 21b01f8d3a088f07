//! The modules of a crate and what each imports, read from its source.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use regex::Regex;

/// The names from the crate's root to a module; the root itself is empty.
pub type ModulePath = Vec<String>;

/// Modules by path, with their children in the order in which they are declared.
pub struct CrateMap {
    children: BTreeMap<ModulePath, Vec<String>>,
    paths: BTreeMap<ModulePath, BTreeSet<ModulePath>>,
    /// What a module hands on under its own name, and where that comes from.
    handed_on: BTreeMap<ModulePath, ModulePath>,
    /// Public items where they are declared.
    items: BTreeSet<ModulePath>,
}

impl CrateMap {
    /// Reads the crate whose `lib.rs` stands in a folder. Tests within files are left out.
    pub fn read(root: &Path) -> Self {
        let mut files = Vec::new();
        super::rust_files(root, &mut files);
        let code: BTreeMap<ModulePath, String> = files
            .iter()
            .filter_map(|file| {
                let module = module_of(file.strip_prefix(root).unwrap())?;
                if module.iter().any(|name| name == "tests") {
                    return None;
                }
                Some((module, without_comments_and_tests(&fs::read_to_string(file).unwrap())))
            })
            .collect();
        let declares = Regex::new(r"(?m)^(?:pub(?:\([^)]*\))? )?mod (\w+);").unwrap();
        let children = code
            .iter()
            .map(|(module, text)| (module.clone(), declares.captures_iter(text).map(|c| c[1].to_owned()).collect()))
            .collect();
        let item =
            Regex::new(r"(?m)^pub (?:(?:const|async) )*(?:fn|struct|enum|trait|type|const|static) (\w+)").unwrap();
        let items = code
            .iter()
            .flat_map(|(module, text)| item.captures_iter(text).map(|c| [&module[..], &[c[1].to_owned()]].concat()))
            .collect();
        let mut map = Self { children, paths: BTreeMap::new(), handed_on: BTreeMap::new(), items };
        let uses = Regex::new(r"(?m)^\s*(pub(?:\([^)]*\))? )?use ([^;]+);").unwrap();
        let names = Regex::new(r"\b(?:crate|super)(?:::\w+)+").unwrap();
        for (module, text) in &code {
            let mut paths = BTreeSet::new();
            for found in uses.captures_iter(text) {
                for leaf in leaves(&found[2]) {
                    let Some(path) = map.absolute(module, &leaf) else { continue };
                    if let (Some(_), Some(name)) = (found.get(1), path.last()) {
                        map.handed_on.insert([&module[..], std::slice::from_ref(name)].concat(), path.clone());
                    }
                    paths.insert(path);
                }
            }
            for found in names.find_iter(&uses.replace_all(text, "")) {
                let path: Vec<String> = found.as_str().split("::").map(ToOwned::to_owned).collect();
                paths.extend(map.absolute(module, &path));
            }
            map.paths.insert(module.clone(), paths);
        }
        map
    }

    /// The modules declared in a module, in order; none where it has no parts.
    pub fn children(&self, module: &[String]) -> &[String] {
        self.children.get(module).map_or(&[], Vec::as_slice)
    }

    /// Whether a path names a module, or something public that stands in one or that it hands on.
    pub fn has(&self, path: &[String]) -> bool {
        self.children.contains_key(path) || self.handed_on.contains_key(path) || self.items.contains(path)
    }

    /// Who imports from which module.
    pub fn imports(&self) -> impl Iterator<Item = (&ModulePath, ModulePath)> {
        self.paths.iter().flat_map(move |(module, paths)| paths.iter().map(move |path| (module, self.home_of(path))))
    }

    /// A path as written in a module, from the crate's root; nothing for another crate's.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<ModulePath> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                Some([&module[..module.len().checked_sub(ups)?], &path[ups..]].concat())
            }
            name if self.children(module).iter().any(|child| child == name) => Some([module, path].concat()),
            _ => None,
        }
    }

    /// The module in which a path's item stands, wherever it is handed on.
    fn home_of(&self, path: &[String]) -> ModulePath {
        let mut path = path.to_vec();
        loop {
            let depth = (0..=path.len()).rev().find(|n| self.children.contains_key(&path[..*n])).unwrap_or_default();
            match path.get(..=depth).and_then(|name| self.handed_on.get(name)) {
                Some(from) if !from.starts_with(&path) => path = [from, &path[depth + 1..]].concat(),
                _ => return path[..depth].to_vec(),
            }
        }
    }
}

fn module_of(file: &Path) -> Option<ModulePath> {
    let mut names: Vec<String> =
        file.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    match names.last()?.as_str() {
        "mod" | "lib" => {
            names.pop();
        }
        "main" => return None,
        _ => {}
    }
    Some(names)
}

fn without_comments_and_tests(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\n").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The single paths of a `use` with groups.
fn leaves(tree: &str) -> Vec<Vec<String>> {
    let tokens = Regex::new(r"\w+|::|[{},*]").unwrap();
    let tokens: Vec<&str> = tokens.find_iter(tree).map(|token| token.as_str()).collect();
    let (mut found, mut place) = (Vec::new(), 0);
    while place < tokens.len() {
        place = branch(&tokens, place, &[], &mut found) + 1;
    }
    found
}

fn branch(tokens: &[&str], mut place: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(place) {
        match *token {
            "{" => {
                place += 1;
                while tokens.get(place).is_some_and(|token| *token != "}") {
                    place = branch(tokens, place, &path, found);
                    if tokens.get(place) == Some(&",") {
                        place += 1;
                    }
                }
                return place + 1;
            }
            "::" => {}
            "*" | "self" if !path.is_empty() => {}
            "as" => {
                place += 1;
            }
            "," | "}" => break,
            name => path.push(name.to_owned()),
        }
        place += 1;
    }
    found.push(path);
    place
}
