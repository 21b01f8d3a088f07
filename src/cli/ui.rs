//! What people see: tables, the progress bar, JSON.

use std::{fmt, io::IsTerminal};

use comfy_table::{ContentArrangement, presets::UTF8_FULL_CONDENSED};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Global, hints};
use crate::{
    case::import::Problem,
    pipeline::{DispatchLine, ImportReport, PULL, Progress, RunReport, StoppedLine, WaitingLine},
    shown::acts,
};

/// A table. Its cells name commands before it is laid out.
pub(super) struct Table(comfy_table::Table);

impl Table {
    pub(super) fn add_row(&mut self, cells: impl IntoIterator<Item = impl fmt::Display>) {
        self.0.add_row(cells.into_iter().map(|cell| hints::words(&cell.to_string())));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A table with a header.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = comfy_table::Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.to_vec());
    if !std::io::stdout().is_terminal() {
        // A file or a pipe gets whole lines, not lines cut to an imagined width.
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    Table(table)
}

/// One JSON object on standard output.
pub(super) fn print_json(value: &Value) -> anyhow::Result<()> {
    println!("{}", escaped(&serde_json::to_string_pretty(&hints::in_json(value.clone()))?));
    Ok(())
}

/// JSON in which no character moves a terminal. Those below a blank are escaped already, and the others stand only within
/// strings, where an escape means the same.
pub(super) fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if acts(c) && c != '\n' {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

/// A bar on a terminal; nothing where the output is none.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(super) fn new(global: &Global) -> Self {
        let wanted = std::io::stderr().is_terminal() && !global.quiet;
        Self(wanted.then(|| {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template("{msg:<9} {bar:40} {pos}/{len}").expect("the template is ours");
            bar.set_style(style);
            bar
        }))
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn stage(&self, name: &'static str, steps: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message(name);
            bar.set_length(steps);
            bar.set_position(0);
        }
    }

    fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }
}

/// Every problem of every refused record, every blank of a plan that is not final for it, and whatever is odd, one a line.
pub(super) fn say_refused(report: &ImportReport) {
    for line in &report.on_its_way {
        eprintln!("earlypost: {}", on_its_way(line));
    }
    for problem in report.not_final.iter().chain(&report.to_check) {
        eprintln!("{problem}");
    }
    for refused in &report.refused {
        for problem in &refused.problems {
            eprintln!("{problem}");
        }
        if let (Some(child), true) = (&refused.child_id, refused.holds) {
            eprintln!("  child {child} is held until a good record comes or somebody releases it");
        }
    }
}

pub(super) fn import_json(report: &ImportReport) -> Value {
    let listed = |problems: &[Problem]| -> Vec<Value> {
        problems.iter().map(|p| json!({"file": p.file, "row": p.row, "field": p.field, "says": p.says})).collect()
    };
    let refused: Vec<Value> = report
        .refused
        .iter()
        .map(|r| {
            let child = r.child_id.as_ref().map(ToString::to_string);
            json!({"child": child, "holds": r.holds, "problems": listed(&r.problems)})
        })
        .collect();
    json!({
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "refused": refused,
        "not_final": listed(&report.not_final),
        "on_its_way": report.on_its_way,
        "to_check": listed(&report.to_check),
    })
}

pub(super) fn run_json(report: &RunReport) -> Value {
    let mut value = json!({
        "as_of": report.as_of,
        "balance": report.balance,
        "dispatches": report.dispatches,
        "waiting": report.waiting,
        "paused": report.paused.iter().map(|(channel, says)| json!({"channel": channel, "says": says})).collect::<Vec<_>>(),
    });
    if let (Some(import), Some(object)) = (&report.import, value.as_object_mut()) {
        object.insert("import".into(), import_json(import));
    }
    value
}

fn documents(line: &DispatchLine) -> String {
    line.documents
        .iter()
        .map(|d| d.pages.map_or_else(|| d.kind.clone(), |pages| format!("{} ({pages} p.)", d.kind)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The table that ends a run; a very long one shows only what needs a look.
pub(super) fn say_dispatches(lines: &[DispatchLine]) {
    const MOST_ROWS: usize = 200;
    let attention = |line: &&DispatchLine| !matches!(line.state.as_str(), "accepted" | "confirmed" | "superseded");
    let shown: Vec<&DispatchLine> = if lines.len() > MOST_ROWS {
        lines.iter().filter(attention).take(MOST_ROWS).collect()
    } else {
        lines.iter().collect()
    };
    if shown.is_empty() {
        return;
    }
    let mut table = table(&["child", "documents", "recipient", "channel", "state", "reason"]);
    for line in &shown {
        table.add_row([
            line.child.as_str(),
            &documents(line),
            &line.recipient,
            line.channel.as_deref().unwrap_or("-"),
            &line.state,
            line.reason.as_deref().unwrap_or(""),
        ]);
    }
    println!("{table}");
    if shown.len() < lines.len() {
        println!("{} more went out as they should; `--json` lists all.", lines.len() - shown.len());
    }
}

/// What a recorded fact stops: everything of the child that has not left, and what the gate says to it now.
pub(super) fn say_stopped(lines: &[StoppedLine]) {
    if lines.is_empty() {
        println!("  It stops nothing that waits.");
    }
    for line in lines.iter().filter(|line| line.is_on_its_way()) {
        println!("  {}", on_its_way(line));
    }
    for line in lines.iter().filter(|line| !line.is_on_its_way()) {
        println!("  {} to {} does not go: {}", line.dispatch, line.recipient, line.why);
        if let Some(place) = &line.place {
            println!("    It lies {place}. {}", line.next_step);
        }
    }
}

/// What nobody can call back: the person who recorded the stop has to know.
pub(super) fn on_its_way(line: &StoppedLine) -> String {
    format!(
        "{} to {} is being sent at this moment and may still arrive: {} {}",
        line.dispatch, line.recipient, line.why, line.next_step
    )
}

/// Letters that must not be mailed come first, and loudly: a stack is mailed by somebody in a hurry.
fn say_pull(lines: &[&WaitingLine]) {
    println!("DO NOT MAIL {} of the printed letters. Take them out of the stack first:", lines.len());
    let mut table = table(&["child", "to", "why, and where it lies", "dispatch"]);
    for line in lines {
        let (child, to) = (line.child.as_deref().unwrap_or("-"), line.recipient.as_deref().unwrap_or("-"));
        table.add_row([child, to, &line.why, line.id.as_str()]);
    }
    println!("{table}");
    println!("Then run `earlypost mark pulled` with their ids.");
}

/// What waits for a person, with the one next step. Letters in the print folder are one line: they are one stack.
pub(super) fn say_waiting(lines: &[WaitingLine]) {
    const MOST_ROWS: usize = 60;
    let (pull, lines): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.what == PULL);
    if !pull.is_empty() {
        say_pull(&pull);
    }
    let (printed, others): (Vec<&WaitingLine>, Vec<_>) = lines.iter().partition(|line| line.what == "printed");
    if lines.is_empty() {
        if pull.is_empty() {
            println!("Nothing waits for a person.");
        }
        return;
    }
    if !printed.is_empty() {
        println!(
            "{} letters are printed and not yet mailed. Mail them, then run `earlypost mark mailed --all`.",
            printed.len()
        );
    }
    if others.is_empty() {
        return;
    }
    println!("Waiting for a person:");
    let mut table = table(&["child", "to", "what", "why", "next step", "dispatch or task"]);
    for line in others.iter().take(MOST_ROWS) {
        table.add_row([
            line.child.as_deref().unwrap_or("-"),
            line.recipient.as_deref().unwrap_or("-"),
            &line.what,
            &line.why,
            &line.next_step,
            line.id.as_str(),
        ]);
    }
    println!("{table}");
    if others.len() > MOST_ROWS {
        println!("{} more; `earlypost status --json` lists all.", others.len() - MOST_ROWS);
    }
}
