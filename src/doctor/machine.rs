//! The machine: disk, files, clock, fonts and templates, backups.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use chrono::{DateTime, Duration, Utc};

use crate::{
    config::Config,
    document::{RenderError, can_print},
    due::DocumentKind,
    hint::Hint,
    pipeline::{Finding, Pipeline},
    shown::with_causes,
};

/// Less room than this and a run of a few thousand papers may fill the disk.
const LEAST_MEGABYTES: u64 = 1024;

/// A backup older than this is too old to start again from.
const BACKUP_AFTER: Duration = Duration::days(2);

/// Room where the data are.
pub(super) fn disk(config: &Config) -> Option<Finding> {
    let place = existing(&config.data_dir)?;
    let output = Command::new("df").arg("-Pk").arg(&place).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let free: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    let megabytes = free / 1024;
    Some(if megabytes < LEAST_MEGABYTES {
        Finding::fault(
            "disk",
            format!("{megabytes} MB are free where the data are."),
            "A full disk stops every run; nothing is lost, and nothing goes out.",
            "Make room, or give the installation another disk with data_dir.",
        )
    } else {
        Finding::good("disk", format!("{megabytes} MB are free where the data are."))
    })
}

/// The folder itself, or the nearest one above it that exists.
fn existing(path: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(path).ok()?;
    whole.ancestors().find(|p| p.exists()).map(Path::to_path_buf)
}

/// Keys and data are for this account only.
pub(super) fn private_files(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (what, path) in [("the data folder", config.data_dir.clone()), ("the program's key", config.key_path())] {
        let Ok(meta) = std::fs::metadata(&path) else { continue };
        let mode = meta.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            findings.push(Finding::fault(
                "files",
                format!("{} ({}) may be read by other accounts (mode {mode:o}).", what, path.display()),
                "Case records and the key that opens them are for this account only.",
                format!("Run `chmod go= {}`.", path.display()),
            ));
        }
    }
    if std::env::var_os("EARLYPOST_KEY").is_none() && !config.key_path().exists() && config.mark_path().exists() {
        findings.push(Finding::fault(
            "files",
            format!("The program's key {} is missing.", config.key_path().display()),
            "No stored paper can be read without it.",
            "Put your copy of it back.",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::good("files", "Data and key are for this account only."));
    }
    findings
}

/// The time, the zone, and whether the clock moved against what was seen before.
pub(super) async fn clock(config: &Config, pipeline: &Pipeline) -> Finding {
    let now = pipeline.now();
    let here = now.with_timezone(&pipeline.program.time_zone.0).format("%A %Y-%m-%d %H:%M");
    let zone = pipeline.program.time_zone.0.name();
    match crate::schedule::clock_doubt_seen(pipeline, &config.service).await {
        Ok(Some(doubt)) => Finding::fault(
            "clock",
            format!("Nothing runs: {doubt}."),
            "Deadlines and cadences count from the clock.",
            format!("Set the clock; if it is right, run {}.", Hint::BelieveClock),
        ),
        Ok(None) => Finding::good("clock", format!("It is {here} in {zone}. Compare it with a clock that you trust.")),
        Err(error) => Finding::fault(
            "clock",
            with_causes(&error),
            "Whether the clock has moved is not known.",
            "See that the database can be read.",
        ),
    }
}

/// Fonts and templates: a rendering process starts and makes a page.
pub(super) async fn papers(pipeline: &Pipeline) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !['é', 'ñ', 'ł'].into_iter().all(can_print) {
        findings.push(Finding::fault(
            "papers",
            "The fonts lack letters of common names.",
            "Names would be printed wrong.",
            "Install this program anew.",
        ));
    }
    let templates = pipeline.templates.now();
    match answers(pipeline).await {
        Ok(()) => findings.push(Finding::good(
            "papers",
            format!(
                "A rendering process starts and answers; templates {}.",
                &templates.version()[..12.min(templates.version().len())]
            ),
        )),
        Err(says) => findings.push(Finding::fault(
            "papers",
            says,
            "No paper can be made.",
            format!(
                "See that this program's file may be run and that memory is free; {} tries every template.",
                Hint::CheckCaseload
            ),
        )),
    }
    findings
}

/// A rendering process is asked for a paper without data: a template that refuses it is an answer.
async fn answers(pipeline: &Pipeline) -> Result<(), String> {
    match pipeline.renderer.render(&pipeline.templates.now(), DocumentKind::MonthlyReminder, b"{}".to_vec()).await {
        Ok(_) | Err(RenderError::Template { .. }) => Ok(()),
        Err(error) => Err(format!("No rendering process answers: {error}.")),
    }
}

/// When the last backup was made.
pub(super) fn backup(config: &Config, pipeline: &Pipeline) -> Finding {
    let now = pipeline.now();
    let newest = newest_backup(&config.data_dir.join("backups"));
    let missing = |what: String| {
        Finding::note(
            "backup",
            what,
            "A broken disk loses the record of access and every stored paper.",
            "Make one, and keep it on another machine together with a copy of the key.",
        )
    };
    match newest {
        None => missing("No backup lies in the data folder's `backups`.".to_owned()),
        Some(at) if now - at > BACKUP_AFTER => {
            missing(format!("The last backup is of {}.", at.format("%Y-%m-%d %H:%M UTC")))
        }
        Some(at) => Finding::good("backup", format!("The last backup is of {}.", at.format("%Y-%m-%d %H:%M UTC"))),
    }
}

fn newest_backup(folder: &Path) -> Option<DateTime<Utc>> {
    let entries = std::fs::read_dir(folder).ok()?;
    entries.filter_map(|entry| entry.ok()?.metadata().ok()?.modified().ok()).max().map(DateTime::<Utc>::from)
}
