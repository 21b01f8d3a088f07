//! A module imports only modules that stand above it: in `lib.rs`, and between rooms wherever one has rooms in it. Files
//! of one room may know each other.

mod crate_map;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate_map::{CrateMap, ModulePath};
use regex::Regex;

/// Every Rust file below a folder.
pub fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// What is wrong with the order of a crate's modules, a line each: who imports what from below.
fn against_the_order(map: &CrateMap) -> Vec<String> {
    let mut wrong = BTreeSet::new();
    for (module, imported) in map.imports() {
        let shared = module.iter().zip(&imported).take_while(|(a, b)| a == b).count();
        // What stands in its own parent, or in a part of its own, is no neighbor.
        let (Some(own), Some(other)) = (module.get(shared), imported.get(shared)) else { continue };
        let parent = &module[..shared];
        let children = map.children(parent);
        let place = |name: &String| children.iter().position(|child| child == name);
        let is_room = |name: &String| {
            let path: ModulePath = parent.iter().chain([name]).cloned().collect();
            !map.children(&path).is_empty()
        };
        let ordered = shared == 0 || is_room(own) || is_room(other);
        if ordered && place(other) > place(own) {
            wrong.insert(format!("{} imports {}, which stands below it", module.join("/"), imported.join("/")));
        }
    }
    wrong.into_iter().collect()
}

#[test]
fn a_module_imports_only_modules_above_it_and_so_does_a_room() {
    let map = CrateMap::read(Path::new("src"));
    assert!(map.imports().count() > 1000, "the imports are read");
    let wrong = against_the_order(&map);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_place_that_architecture_names_is_there() {
    let map = CrateMap::read(Path::new("src"));
    let text = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let places = Regex::new(r"`((?:[a-z_]+::)+\w+)").unwrap();
    let named: BTreeSet<&str> = places.captures_iter(&text).map(|found| found.get(1).unwrap().as_str()).collect();
    assert!(named.len() > 20, "{named:?}");
    let path = |name: &str| name.split("::").map(ToOwned::to_owned).collect::<ModulePath>();
    let gone: Vec<_> = named.into_iter().filter(|name| !map.has(&path(name))).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn no_folder_of_the_source_is_a_flat_heap() {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let mut folders: BTreeMap<&Path, usize> = BTreeMap::new();
    for file in &files {
        *folders.entry(file.parent().unwrap()).or_default() += 1;
    }
    let heaps: Vec<_> = folders.into_iter().filter(|(_, count)| *count > 30).collect();
    assert!(heaps.is_empty(), "make rooms: {heaps:?}");
}

/// Rooms of the pipeline in order, each with the names under which the pipeline hands out what they offer.
fn rooms_of_the_pipeline(map: &CrateMap) -> Vec<(String, Vec<String>)> {
    let hands_out = Regex::new(r"pub fn (\w+)\(self: &Arc<Self>\)").unwrap();
    let children = map.children(&["pipeline".to_owned()]);
    let rooms = children.iter().filter(|child| Path::new("src/pipeline").join(child).is_dir());
    rooms
        .map(|room| {
            let text = fs::read_to_string(format!("src/pipeline/{room}/mod.rs")).unwrap();
            (room.clone(), hands_out.captures_iter(&text).map(|found| found[1].to_owned()).collect())
        })
        .collect()
}

#[test]
fn a_room_of_the_pipeline_asks_only_rooms_above_it() {
    let rooms = rooms_of_the_pipeline(&CrateMap::read(Path::new("src")));
    // What comes back is read by receivers that the last room makes; it is asked by nobody.
    assert!(rooms.iter().filter(|(_, offered)| !offered.is_empty()).count() > 6, "{rooms:?}");
    let mut wrong = Vec::new();
    for (place, (room, _)) in rooms.iter().enumerate() {
        let mut files = Vec::new();
        rust_files(&Path::new("src/pipeline").join(room), &mut files);
        for file in files {
            let text: String = fs::read_to_string(&file).unwrap().split_whitespace().collect();
            let later = rooms[place + 1..].iter().flat_map(|(_, offered)| offered);
            wrong.extend(
                later
                    .filter(|name| text.contains(&format!(".{name}().")))
                    .map(|name| format!("{}: {name}", file.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A type that can do more than this is taken apart.
const MOST_METHODS: usize = 40;

/// Methods of each type, over all its `impl` blocks.
fn methods() -> BTreeMap<String, usize> {
    let begins = Regex::new(r"^impl(?:<[^>]*>)? (\w+)(?:<[^>]*>)? \{$").unwrap();
    let method = Regex::new(r"^    (?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?fn ").unwrap();
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    let mut counts = BTreeMap::new();
    for file in files {
        let mut of = None;
        for line in fs::read_to_string(file).unwrap().lines() {
            match begins.captures(line) {
                Some(found) => of = Some(found[1].to_owned()),
                None if line == "}" => of = None,
                None => {}
            }
            if let Some(name) = of.as_ref().filter(|_| method.is_match(line)) {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
    }
    counts
}

#[test]
fn no_type_can_do_everything() {
    let heaps: Vec<_> = methods().into_iter().filter(|(_, count)| *count > MOST_METHODS).collect();
    assert!(heaps.is_empty(), "take apart: {heaps:?}");
}

/// A crate of two rooms in order, and what this test changes in it.
fn small_crate(change: (&str, &str)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("lib.rs", "pub mod case;\npub mod store;\n"),
        ("case.rs", "pub struct Child;\n"),
        ("store/mod.rs", "mod keys;\nmod outbox;\npub use keys::seal::Seal;\npub use outbox::claim::Claim;\n"),
        ("store/keys/mod.rs", "pub(super) mod seal;\nmod rotate;\n"),
        ("store/keys/seal.rs", "use super::rotate::again;\nuse crate::case::Child;\npub struct Seal(Child);\n"),
        ("store/keys/rotate.rs", "use super::seal::Seal;\npub(super) fn again(_: Seal) {}\n"),
        ("store/outbox/mod.rs", "pub(super) mod claim;\n"),
        (
            "store/outbox/claim.rs",
            "use crate::{\n    case::Child,\n    store::Seal,\n};\npub struct Claim(Child, Seal);\n",
        ),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = if name == change.0 { format!("{text}{}", change.1) } else { text.to_owned() };
        fs::write(path, text).unwrap();
    }
    against_the_order(&CrateMap::read(folder.path()))
}

#[test]
fn files_of_one_room_may_know_each_other_and_later_rooms_know_earlier_ones() {
    assert_eq!(small_crate(("", "")), Vec::<String>::new());
}

#[test]
fn an_import_from_below_is_found_however_it_is_written() {
    let rooms = ["store/keys/seal imports store/outbox/claim, which stands below it"];
    for import in [
        "use crate::store::outbox::claim::Claim;\n",
        "use super::super::outbox::claim::Claim;\n",
        "use crate::{\n    case,\n    store::{outbox::claim::{self, Claim}},\n};\n",
        "fn f(_: crate::store::outbox::claim::Claim) {}\n",
        // Also under the name by which the parent hands it on.
        "use crate::store::Claim;\n",
        "fn f() {\n    use crate::store::Claim;\n}\n",
    ] {
        assert_eq!(small_crate(("store/keys/seal.rs", import)), rooms, "{import}");
    }
    let modules = ["case imports store/keys/seal, which stands below it"];
    assert_eq!(small_crate(("case.rs", "use crate::store::Seal;\n")), modules);
    let comment = "// crate::store::outbox::claim::Claim in a comment\n";
    assert_eq!(small_crate(("store/keys/seal.rs", comment)), Vec::<String>::new());
}
