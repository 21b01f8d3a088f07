//! The settings file: read, overlaid with the environment, checked, every mistake named with its line.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{ChannelsConfig, Config, environment};
use crate::{
    case::import::{Lines, Problem, Problems, from_value, parse_toml, read_program},
    dispatch::ChannelSettings,
    hint::Hint,
};

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: cannot be read ({kind}); make one with {init}", init = Hint::MakeProgram)]
    Unreadable { file: String, kind: std::io::ErrorKind },
    /// Mistakes in it.
    #[error(transparent)]
    Wrong(#[from] Problems),
}

/// Reads the settings. `data_dir` from the command line stands above file and environment. A schedule that never comes
/// after `now` is a mistake.
///
/// # Errors
/// Every mistake at once, with its line; for a setting from the environment, with the variable's name.
pub fn load(
    path: &Path,
    data_dir: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<String>,
    now: DateTime<Utc>,
) -> Result<Config, ConfigError> {
    let file = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|error| ConfigError::Unreadable { file: file.clone(), kind: error.kind() })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Problems::from(Problem::of_file(&file, "is not UTF-8; save it as UTF-8")))?;
    let (mut document, lines) = parse_toml(&file, &text)?;
    let schema = serde_json::to_value(schemars::schema_for!(Config)).expect("a generated schema is JSON");
    let set = environment::apply(&mut document, &environment::settings(&schema), variable);
    let mut config: Config = from_value(&file, &document, &lines).map_err(|problems| name_variables(problems, &set))?;
    let home = path.parent().unwrap_or(Path::new(".")).to_path_buf();
    let at_home = |path: &mut PathBuf| {
        if path.is_relative() {
            *path = home.join(&*path);
        }
    };
    at_home(&mut config.caseload);
    at_home(&mut config.data_dir);
    if let Some(data_dir) = data_dir {
        data_dir.clone_into(&mut config.data_dir);
    }
    [&mut config.key_file, &mut config.templates_dir].into_iter().flatten().for_each(at_home);
    for (_, settings) in with_names(&mut config.channels) {
        match settings {
            ChannelSettings::Folder { path: Some(path) } | ChannelSettings::Print { path: Some(path), .. } => {
                at_home(path);
            }
            settings => settings.files().into_iter().for_each(|(_, path)| at_home(path)),
        }
    }
    [&mut config.receive.maildir].into_iter().flatten().for_each(at_home);
    if let Some(imap) = &mut config.receive.imap {
        [&mut imap.ca_file, &mut imap.password_file].into_iter().flatten().for_each(at_home);
    }
    let found = mistakes(&config, &file, &lines, now);
    if found.is_empty() { Ok(config) } else { Err(Problems(found).into()) }
}

/// The channels that are set up, by their names in the file.
fn with_names(channels: &mut ChannelsConfig) -> impl Iterator<Item = (&'static str, &mut ChannelSettings)> {
    [
        ("email", &mut channels.email),
        ("postal", &mut channels.postal),
        ("fax", &mut channels.fax),
        ("sftp", &mut channels.sftp),
    ]
    .into_iter()
    .filter_map(|(name, settings)| settings.as_mut().map(|settings| (name, settings)))
}

/// A wrong value that came from the environment is blamed on its variable.
fn name_variables(Problems(problems): Problems, set: &[String]) -> Problems {
    Problems(
        problems
            .into_iter()
            .map(|problem| {
                let variable = format!("EARLYPOST_{}", problem.field.replace('.', "_").to_uppercase());
                if set.contains(&variable) { Problem { file: variable, row: None, ..problem } } else { problem }
            })
            .collect(),
    )
}

/// What the shape cannot say.
fn mistakes(config: &Config, file: &str, lines: &Lines, now: DateTime<Utc>) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut add = |pointer: &str, says: String| {
        let row =
            std::iter::successors(Some(pointer), |p| p.rfind('/').map(|i| &p[..i])).find_map(|p| lines.get(p)).copied();
        let field = pointer.trim_start_matches('/').replace('/', ".");
        found.push(Problem { file: file.to_owned(), row, field, says });
    };
    if !config.caseload.is_dir() {
        add("/caseload", "there is no such folder; name the folder that holds program.toml".into());
    }
    if config.templates_dir.as_ref().is_some_and(|dir| !dir.is_dir()) {
        add("/templates_dir", format!("there is no such folder; make one with {}", Hint::ExportTemplates));
    }
    if let Some(key) = &config.key_file
        && !key.is_file()
    {
        add("/key_file", "there is no such file".into());
    }
    if let Some(store) = &config.store
        && !(store.starts_with("sqlite:") || store.starts_with("postgres:") || store.starts_with("postgresql:"))
    {
        add("/store", "must begin with sqlite: or postgres:".into());
    }
    if let Some(papers) = &config.papers
        && papers.strip_prefix("s3://").is_none_or(|bucket| bucket.is_empty() || bucket.starts_with('/'))
    {
        add("/papers", "must be s3://BUCKET/FOLDER; without the line, papers stand in the data folder".into());
    }
    for (account, person) in &config.people {
        if person.roles.is_empty() {
            add(&format!("/people/{account}/roles"), "must name a role, such as coordinator or supervisor".into());
        }
    }
    if config.service.roles.is_empty() {
        add("/service/roles", "must name plan, render, deliver or receive; without the line, all of them".into());
    }
    for (name, settings) in with_names(&mut config.channels.clone()) {
        let (what, fits): (_, &[&str]) = match name {
            "email" => ("e-mail", &["folder", "smtp"]),
            "postal" => ("postal mail", &["print", "ipp"]),
            "fax" => ("fax", &["fax_gateway", "hylafax"]),
            _ => ("SFTP", &["sftp"]),
        };
        if !fits.contains(&settings.kind()) {
            let kinds: Vec<String> = fits.iter().map(|kind| format!("`{kind}`")).collect();
            add(&format!("/channels/{name}"), format!("{what} needs {}", kinds.join(" or ")));
        }
        for says in settings.check() {
            add(&format!("/channels/{name}"), says);
        }
        for (file, path) in settings.files() {
            if !path.is_file() {
                add(&format!("/channels/{name}/{}", file.replace('.', "/")), "there is no such file".into());
            }
        }
    }
    if config
        .receive
        .maildir
        .as_ref()
        .is_some_and(|folder| !folder.join("new").is_dir() || !folder.join("cur").is_dir())
    {
        add("/receive/maildir", "there is no Maildir; name a folder that holds `new` and `cur`".into());
    }
    if let Some(imap) = &config.receive.imap {
        for says in imap.check() {
            add("/receive/imap", says);
        }
        for (name, path) in [("ca_file", &imap.ca_file), ("password_file", &imap.password_file)] {
            if path.as_ref().is_some_and(|p| !p.is_file()) {
                add(&format!("/receive/imap/{name}"), "there is no such file".into());
            }
        }
    }
    for (place, entry) in config.schedule.iter().enumerate() {
        if let Some(says) = entry.mistake(now) {
            add(&format!("/schedule/{place}/at"), says);
        }
        if config.schedule[..place].iter().any(|other| other.name == entry.name) {
            add(&format!("/schedule/{place}/name"), "another schedule has this name".into());
        }
    }
    if config.operator_email.as_ref().is_some_and(|to| to.parse::<lettre::Address>().is_err()) {
        add("/operator_email", "is no e-mail address".into());
    }
    if let Some(says) = config.observe.check() {
        add("/observe/listen", says);
    }
    // A false date and real channels do not go together: somebody would get papers of a day that is not.
    if let Ok(program) = read_program(&config.caseload)
        && program.synthetic
    {
        for (name, settings) in with_names(&mut config.channels.clone()) {
            if !settings.stays_here() {
                let says = "a synthetic program sends to folders only; use `folder` and `print`";
                add(&format!("/channels/{name}"), says.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("caseload")).unwrap();
        let path = dir.path().join("earlypost.toml");
        std::fs::write(&path, text).unwrap();
        let found = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        let now = "2026-11-20T17:00:00Z".parse().unwrap();
        load(&path, None, &found, now).map_err(|e| e.to_string().replace(&path.display().to_string(), "earlypost.toml"))
    }

    const GOOD: &str = "caseload = \"caseload\"\ndata_dir = \"data\"\n[channels.email]\nkind = \"folder\"\n";

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let wrong = "caseload = \"nowhere\"\ndata_dir = \"data\"\n[channels.email]\nkind = \"folder\"\n[[schedule]]\nname = \"run\"\nwork = \"run\"\nat = \"sometimes\"\n[delivery]\nat_once = 4\n";
        let says = load_text(wrong, &[]).unwrap_err();
        assert!(says.contains("earlypost.toml:1: caseload: there is no such folder"), "{says}");
        assert!(says.contains("earlypost.toml:8: schedule.0.at: is no cron expression"), "{says}");
        let says = load_text("caseload = 3\ncolour = \"red\"\n[channels]\n", &[]).unwrap_err();
        assert!(says.contains("earlypost.toml:1: caseload: must be of type string"), "{says}");
        assert!(says.contains("earlypost.toml:2: colour: unknown field"), "{says}");
        assert!(says.contains("data_dir: missing"), "{says}");
    }

    #[test]
    fn a_time_that_never_comes_and_a_zone_that_is_none_are_named_with_their_line() {
        let entry =
            |lines: &str| load_text(&format!("{GOOD}[[schedule]]\nname = \"night\"\nwork = \"run\"\n{lines}\n"), &[]);
        let says = entry("at = \"0 5 30 2 *\"").unwrap_err();
        assert!(says.contains("earlypost.toml:8: schedule.0.at: can never come"), "{says}");
        let says = entry("at = \"0 5 * * *\"\nzone = \"America/Nowhere\"").unwrap_err();
        assert!(says.contains("earlypost.toml:9: schedule[0].zone") && says.contains("IANA"), "{says}");
        let config = entry("at = \"0 5 29 2 *\"").unwrap();
        let names: Vec<_> = config.schedules().iter().map(|s| s.name.to_string()).collect();
        assert_eq!(
            names,
            ["run", "proof", "week", "checkpoint", "night"],
            "the 29th of February comes, and the built-in stay"
        );
    }

    #[test]
    fn a_setting_from_the_environment_stands_above_the_file() {
        let config =
            load_text(GOOD, &[("EARLYPOST_DELIVERY_AT_ONCE", "7"), ("EARLYPOST_DATA_DIR", "/elsewhere")]).unwrap();
        assert_eq!(config.delivery.at_once, 7);
        assert_eq!(config.data_dir, Path::new("/elsewhere"));
    }

    #[test]
    fn a_wrong_variable_is_named_by_its_own_name() {
        let says = load_text(GOOD, &[("EARLYPOST_DELIVERY_AT_ONCE", "many")]).unwrap_err();
        assert!(says.starts_with("EARLYPOST_DELIVERY_AT_ONCE: delivery.at_once: must be of type integer"), "{says}");
    }
}
