//! `earlypost template`: the templates of the program, for the person who edits them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::{
    cli::{Exit, Global, ui},
    document::{
        TemplateSet, WrittenFor, built_in_templates, pictures, read_own_templates,
        specimen::specimens,
        typst::worker::{RenderSettings, Renderer},
        written_for,
    },
    due::DocumentKind,
    files::write,
    pipeline::try_templates,
};

/// Lists, exports, checks and compares templates.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A folder of your own, named by templates_dir in the settings, stands before the built-in templates, \
file by file: ifsp/main.typ, lang/en.toml (only the labels that you change), state/procedural-safeguards.txt (your \
state's own text; as .pdf a file of your state's goes along in the place of ours), letterhead/logo.svg (named by logo in program.toml).\n\
Example: earlypost template export my-templates physician-letter"
)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List every kind of paper, for whom it is, and which files of your own it uses.
    List,
    /// Write built-in templates to a folder, to begin your own from. Nothing there is overwritten.
    Export {
        /// The folder.
        folder: PathBuf,
        /// Kinds of papers; without one, all of them with labels and shared parts.
        kinds: Vec<DocumentKind>,
    },
    /// Render a made-up paper of every kind with your templates, and say what is wrong.
    Check {
        /// The folder; without it, the one that the settings name.
        folder: Option<PathBuf>,
    },
    /// Write a page that shows each paper before and after your changes, side by side.
    Diff {
        /// The folder of pictures to write; open its index.html.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Kinds of papers; without one, every kind.
        kinds: Vec<DocumentKind>,
    },
}

pub(in crate::cli) async fn act(args: &Args, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        What::List => list(global),
        What::Export { folder, kinds } => export(folder, kinds, global).await,
        What::Check { folder } => check(folder.as_deref(), global).await,
        What::Diff { out, kinds } => diff(out, kinds, global).await,
    }
}

fn own_folder(folder: Option<&Path>, global: &Global) -> anyhow::Result<PathBuf> {
    if let Some(folder) = folder {
        return Ok(folder.to_path_buf());
    }
    global
        .load()?
        .templates_dir
        .context("the settings name no templates_dir; add it, or give the folder: earlypost template check FOLDER")
}

fn list(global: &Global) -> anyhow::Result<Exit> {
    let own = match global.load()?.templates_dir {
        Some(folder) => read_own_templates(&folder)?,
        None => Vec::new(),
    };
    let uses = |kind: &DocumentKind| -> Vec<&str> {
        own.iter().map(|file| file.path.as_str()).filter(|path| path.starts_with(&format!("{kind}/"))).collect()
    };
    let for_whom = |kind: &DocumentKind| match written_for(*kind) {
        WrittenFor::Parents => "parents",
        WrittenFor::Offices => "offices",
        WrittenFor::Both => "parents and offices",
    };
    if global.json {
        let rows: Vec<_> = DocumentKind::ALL
            .iter()
            .map(|kind| serde_json::json!({ "kind": kind, "title": kind.title(), "for": for_whom(kind), "own": uses(kind) }))
            .collect();
        ui::print_json(&rows.into())?;
        return Ok(Exit::Done);
    }
    for kind in DocumentKind::ALL {
        println!("{:<26} {:<40} {}", kind.as_str(), kind.title(), for_whom(kind));
        for path in uses(kind) {
            println!("{:<26} your own {path}", "");
        }
    }
    let shared: Vec<&str> = own
        .iter()
        .map(|file| file.path.as_str())
        .filter(|path| !DocumentKind::ALL.iter().any(|kind| path.starts_with(&format!("{kind}/"))))
        .collect();
    if !shared.is_empty() {
        println!("\nYour own for all papers: {}", shared.join(", "));
    }
    Ok(Exit::Done)
}

async fn export(folder: &Path, kinds: &[DocumentKind], global: &Global) -> anyhow::Result<Exit> {
    let wanted = |path: &str| kinds.is_empty() || kinds.iter().any(|kind| path.starts_with(&format!("{kind}/")));
    let (mut written, mut kept) = (0, 0);
    for (path, contents) in built_in_templates().into_iter().filter(|(path, _)| wanted(path)) {
        let to = folder.join(path);
        if to.exists() {
            kept += 1;
            continue;
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).with_context(|| format!("the folder {} cannot be made", parent.display()))?;
        }
        write(&to, contents).await.with_context(|| format!("{} cannot be written", to.display()))?;
        written += 1;
    }
    if !global.quiet {
        println!("{written} files written to {}; {kept} were there already and were left alone.", folder.display());
        println!("Name the folder in the settings: templates_dir = \"{}\"", folder.display());
        println!("A file that you do not change can be deleted: ours then stands in for it, also after an update.");
    }
    Ok(Exit::Done)
}

async fn check(folder: Option<&Path>, global: &Global) -> anyhow::Result<Exit> {
    let folder = own_folder(folder, global)?;
    let set = Arc::new(TemplateSet::of(read_own_templates(&folder)?));
    let program = std::env::current_exe().context("this program's own file could not be found")?;
    let renderer = Renderer::new(program, RenderSettings::default());
    let faults = try_templates(&renderer, &set).await;
    let forms = state_forms(&renderer, &set).await;
    if global.json {
        ui::print_json(&serde_json::json!({ "faults": faults, "state_forms": forms }))?;
    } else if faults.is_empty() {
        println!("Every made-up paper renders with the templates of {}.", folder.display());
        for form in &forms {
            println!("{}: goes along in the place of our {}, {} pages", form.file, form.in_place_of, form.pages);
            println!("  the copy that goes    SHA-256 {}", form.sha256);
            if !form.taken_out.is_empty() {
                println!("  not in the copy       {}", form.taken_out.join(", "));
            }
        }
    } else {
        for fault in &faults {
            println!("{fault}");
        }
    }
    Ok(if faults.is_empty() { Exit::Done } else { Exit::FaultFound })
}

/// A file of the state's as it goes out.
#[derive(Debug, serde::Serialize)]
struct StateFormLine {
    file: String,
    in_place_of: DocumentKind,
    pages: usize,
    sha256: String,
    taken_out: Vec<String>,
}

async fn state_forms(renderer: &Renderer, set: &TemplateSet) -> Vec<StateFormLine> {
    let mut lines = Vec::new();
    for (form, language) in set.state_forms() {
        // What is wrong with a file stands among the faults.
        if let Ok(Some(found)) = renderer.state_form(set, form, &language).await {
            lines.push(StateFormLine {
                file: form.file(&language),
                in_place_of: form.in_place_of(),
                pages: found.words.pages.len(),
                sha256: hex::encode(Sha256::digest(&found.copy)),
                taken_out: found.taken_out.clone(),
            });
        }
    }
    lines
}

async fn diff(out: &Path, kinds: &[DocumentKind], global: &Global) -> anyhow::Result<Exit> {
    let own = read_own_templates(&own_folder(None, global)?)?;
    for (name, set) in [("before", TemplateSet::built_in()), ("after", Arc::new(TemplateSet::of(own)))] {
        write_pictures(&out.join(name), &set, kinds)
            .with_context(|| format!("the pictures {name} could not be made"))?;
    }
    let (page, changed) = side_by_side(out)?;
    write(&out.join("index.html"), page).await.context("index.html cannot be written")?;
    if !global.quiet {
        println!("{changed} pages differ; open {}.", out.join("index.html").display());
    }
    Ok(Exit::Done)
}

/// Pictures of the made-up papers.
fn write_pictures(out: &Path, set: &TemplateSet, kinds: &[DocumentKind]) -> anyhow::Result<()> {
    if out.exists() {
        // Pictures of an earlier look would stand beside the new ones.
        for entry in fs::read_dir(out)?.flatten().filter(|e| e.path().extension().is_some_and(|end| end == "svg")) {
            fs::remove_file(entry.path())?;
        }
    }
    fs::create_dir_all(out).with_context(|| format!("the folder {} cannot be made", out.display()))?;
    for specimen in specimens(set.languages()).into_iter().filter(|s| kinds.is_empty() || kinds.contains(&s.kind)) {
        let pages = pictures(set, specimen.kind, specimen.view).with_context(|| specimen.name.clone())?;
        for (n, page) in pages.iter().enumerate() {
            fs::write(out.join(format!("{}-{:02}.svg", specimen.name, n + 1)), page)?;
        }
    }
    Ok(())
}

/// A page of pairs; pages that differ come with a mark, pages that are there once with an empty side.
fn side_by_side(out: &Path) -> anyhow::Result<(String, usize)> {
    let names = |side: &str| -> anyhow::Result<std::collections::BTreeSet<String>> {
        let entries = fs::read_dir(out.join(side))?.collect::<Result<Vec<_>, _>>()?;
        Ok(entries.into_iter().map(|e| e.file_name().to_string_lossy().into_owned()).collect())
    };
    let all: std::collections::BTreeSet<String> = names("before")?.union(&names("after")?).cloned().collect();
    let mut rows = String::new();
    let mut changed = 0;
    for name in &all {
        let [before, after] = ["before", "after"].map(|side| fs::read(out.join(side).join(name)).ok());
        if before == after {
            continue;
        }
        changed += 1;
        let picture = |side: &str, there: bool| {
            if there {
                format!("<img src=\"{side}/{name}\" alt=\"{name} {side}\">")
            } else {
                "<p>no such page</p>".to_owned()
            }
        };
        let pair = [
            format!("<h2>{}</h2>", name.trim_end_matches(".svg")),
            format!("<div>{}{}</div>\n", picture("before", before.is_some()), picture("after", after.is_some())),
        ];
        rows.extend(pair);
    }
    if rows.is_empty() {
        rows.push_str("<p>No page differs.</p>");
    }
    let style =
        "body{font-family:sans-serif;margin:2em}div{display:flex;gap:1em}img,p{width:48%;border:1px solid #888}";
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Templates before and after</title>\
<style>{style}</style><h1>Before and after: {changed} of {} pages differ</h1>\n{rows}</html>\n",
        all.len()
    );
    Ok((page, changed))
}
