//! Assembly: settings become a pipeline.

mod account;
mod key;
mod run_lock;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::{
    actor::Actor,
    case::{Program, import::read_program},
    clock::{Clock, SystemClock},
    config::Config,
    dispatch::{
        Channel, ChannelSettings, FolderChannel, IppChannel, OperatorMail, OperatorMessage, PrintChannel, SftpChannel,
        SmtpChannel,
        fax::{GatewayChannel, HylafaxChannel},
    },
    document::{TemplateSet, typst::worker::Renderer},
    due::Profile,
    hint::{Field, Hint, Words, coded},
    pipeline::{AllOut, Channels, Finding, Pipeline, Receiver, Trial, own_templates, try_templates},
    store::{KeyError, Store, StoreError, StoreSettings, new_id},
    telemetry::Measures,
};

use key::finish_rotation;
pub use key::{FoundKey, KeySource, Rotated, key_is_there, program_key, rotate_key};
pub use run_lock::{OnlyRun, RunElsewhere};

/// A false date where it may not be used.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub enum DateRefused {
    /// The program has real people.
    #[error(
        "{as_of} is for synthetic programs only: with real people no false date is written down or sent. Commands that write \
         nothing take it",
        as_of = Field::AsOf
    )]
    RealPeople,
}

/// An assembled installation.
#[derive(Debug)]
pub struct App {
    pub pipeline: Arc<Pipeline>,
    /// Who runs this command.
    pub actor: Actor,
    pub config: Config,
    /// The caseload folder.
    pub caseload: PathBuf,
    /// Where answers come in.
    pub receiver: Receiver,
    /// Where a key was made at this start, so that the user can be told to keep it.
    pub new_key: Option<PathBuf>,
    /// Where the program's key came from.
    pub key_source: KeySource,
    /// Who is told when a proof fails.
    pub operator: Option<Operator>,
}

/// Who is told when a proof fails, and how.
#[derive(Debug)]
pub struct Operator {
    /// The operator's address.
    pub to: lettre::Address,
    pub from: lettre::Address,
    pub mail: OperatorMail,
    /// How the next steps are worded: the operator works with the face that sent the message.
    pub words: Words,
}

impl Operator {
    /// Tells what needs somebody. The message holds ids and counts only.
    ///
    /// # Errors
    /// Why it could not be sent, in words.
    pub async fn tell(&self, faults: &[&Finding], pipeline: &Pipeline) -> Result<(), String> {
        let now = pipeline.now();
        let mut text = String::from("Earlypost found that somebody has to do something:\r\n");
        for fault in faults {
            text.push_str(&format!("\r\n- {}\r\n  {}\r\n  What to do: {}\r\n", fault.what, fault.why, fault.next_step));
        }
        text.push_str(&format!("\r\n{} shows how things stand now.\r\n", Hint::RunDoctor));
        let text = (self.words)(&text);
        let subject = format!("Earlypost: {} things need somebody", faults.len());
        let id = new_id(now);
        let message =
            OperatorMessage { id: &id, from: &self.from, to: &self.to, subject: &subject, text: &text, at: now };
        self.mail.send(&message).await
    }
}

impl App {
    /// Makes a new program key, and notes who had it made.
    ///
    /// # Errors
    /// As [`rotate_key`].
    pub async fn rotate_key(&self, out: Option<&Path>) -> anyhow::Result<Rotated> {
        self.pipeline.authority().may_operate(&self.actor)?;
        let rotated = rotate_key(&self.pipeline.store, &self.key_source, out).await?;
        let says = format!("{} {}", crate::clock::instant_text(self.pipeline.now()), self.actor.recorded());
        self.pipeline.store.service().keep_note("key-rotated", Some(&says)).await?;
        Ok(rotated)
    }
}

/// What the key is for that marks return paths.
const RETURN_PATHS: &str = "return paths, version 1";

/// What the command line adds to the settings.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Another date than today.
    pub as_of: Option<NaiveDate>,
    /// Whether the command sends: a false date is refused for programs with real people.
    pub sends: bool,
    /// The program that renders, where it is not this one.
    pub render_program: Option<PathBuf>,
    /// Whether the command makes no paper: then it works also while a program's own templates do not.
    pub makes_no_paper: bool,
    /// How messages word a next step; by its code where no face says it.
    pub words: Option<Words>,
}

/// Puts everything together. Connects to the database; starts nothing.
///
/// # Errors
/// When the program file, the key, the database or a channel cannot be opened, each with its reason.
pub async fn assemble(config: &Config, overrides: &Overrides) -> anyhow::Result<App> {
    let program = read_program(&config.caseload)?;
    // A command that makes no paper works whatever the templates are.
    let folder = config.templates_dir.as_deref().filter(|_| !overrides.makes_no_paper);
    let logo = program.logo.as_ref().map(ToString::to_string).filter(|_| !overrides.makes_no_paper);
    let own = own_templates(folder, logo.as_deref())?;
    let templates = if own.is_empty() { TemplateSet::built_in() } else { Arc::new(TemplateSet::of(own)) };
    let profile = Profile::of_caseload(&config.caseload, &program.state_profile)?;
    let as_of = other_day(overrides, &program)?;
    std::fs::create_dir_all(&config.data_dir).map_err(|error| {
        anyhow::anyhow!(
            "the data folder {} cannot be made ({}); check its permissions or give another with {}",
            config.data_dir.display(),
            error.kind(),
            Field::DataDir
        )
    })?;
    keep_private(&config.data_dir)?;
    let _turn = turn_to_open(&config.data_dir)?;
    let FoundKey { key, source: key_source, made: new_key } = program_key(config).await?;
    let mut return_key = key.derived(RETURN_PATHS);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let settings = |key| StoreSettings {
        url: config.store_url(),
        bodies: config.papers_place(),
        key,
        connections: u32::try_from(config.delivery.at_once).unwrap_or(8) + 4,
    };
    let opened = match Store::open(settings(key)).await {
        Err(StoreError::Key(KeyError::Wrong)) if new_key.is_none() => match finish_rotation(&key_source).await {
            Some(new) => {
                return_key = new.derived(RETURN_PATHS);
                Store::open(settings(new)).await
            }
            None => Err(StoreError::Key(KeyError::Wrong)),
        },
        other => other,
    };
    let store = opened.map_err(|error| match (&new_key, error) {
        // A key that was made just now and does not fit is no key: the right one is missing.
        (Some(path), StoreError::Key(KeyError::Wrong)) => {
            drop(std::fs::remove_file(path));
            anyhow::anyhow!(
                "the key file {} is missing, and this data folder was written with it; put your copy of it back",
                path.display()
            )
        }
        (_, error) => error.into(),
    })?;
    let operator = operator(config, &program, overrides.words.unwrap_or(coded))?;
    let batch = clock.now().with_timezone(&program.time_zone.0).format("%Y-%m-%d-%H%M%S").to_string();
    let channels = channels(config, &batch, return_key, &clock)?;
    let return_path = match &config.channels.email {
        Some(ChannelSettings::Smtp(smtp)) => smtp.return_path(return_key),
        _ => None,
    };
    let mut receiver = Receiver::new(&config.receive, return_path)?;
    if let Some(fax) = &config.channels.fax {
        receiver = receiver.with_fax(fax, return_key);
    }
    let render_program = match &overrides.render_program {
        Some(program) => program.clone(),
        None => std::env::current_exe().context("this program's own file could not be found")?,
    };
    let renderer = Renderer::new(render_program, config.render.clone()).with_limits(config.file_in);
    if folder.is_some() {
        let faults = try_templates(&renderer, &templates).await;
        anyhow::ensure!(
            faults.is_empty(),
            "nothing was started, because your own templates do not work:\n{}\nCorrect them ({}), \
or take the file away: ours then stands in for it",
            faults.join("\n"),
            Hint::CheckTemplates
        );
    }
    let pipeline = Arc::new(Pipeline {
        store,
        renderer,
        templates: templates.into(),
        channels,
        worker: format!("{}-{}", std::process::id(), &new_id(clock.now())[24..]),
        clock,
        program_hash: hash_of(&program, &profile),
        program,
        profile,
        as_of,
        release: config.release.clone(),
        delivery: config.delivery.clone(),
        trial: Trial::new(config.trial.clone()),
        mark: config.mark_path(),
        out: AllOut::default(),
        measures: Measures::default(),
    });
    // The mark stands from the first start on, so that a copy without it is known to be one.
    pipeline.renew_mark().await?;
    pipeline.look_at_trial().await?;
    let (actor, caseload) = (whoever_runs_this(config, &pipeline).await, config.caseload.clone());
    Ok(App { pipeline, actor, config: config.clone(), caseload, receiver, new_key, key_source, operator })
}

/// The day that counts, where it is not today.
fn other_day(overrides: &Overrides, program: &Program) -> Result<Option<NaiveDate>, DateRefused> {
    match (overrides.as_of, program.as_of) {
        (Some(_), _) if overrides.sends && !program.synthetic => Err(DateRefused::RealPeople),
        (Some(day), _) => Ok(Some(day)),
        (None, day) => Ok(day.map(|day| *day)),
    }
}

/// Who runs this command, by the name that the directory has as it was last imported.
async fn whoever_runs_this(config: &Config, pipeline: &Pipeline) -> Actor {
    let directory = pipeline.store.children().directory().await.ok();
    account::actor(config, directory.as_ref().map(|(directory, _)| &**directory), pipeline.is_synthetic())
}

/// Case records and outgoing papers are for this account only.
fn keep_private(data_dir: &std::path::Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(data_dir, permissions)
        .with_context(|| format!("the data folder {} cannot be made private", data_dir.display()))
}

/// Of two starts at the same moment one waits for the other: key, tables and mark are made once. The lock goes with
/// the file's handle, also when the process is killed.
fn turn_to_open(data_dir: &std::path::Path) -> anyhow::Result<std::fs::File> {
    let open = || -> std::io::Result<std::fs::File> {
        let file =
            std::fs::File::options().create(true).truncate(false).write(true).open(data_dir.join("opening.lock"))?;
        match file.lock() {
            // Some network folders know no locks; nobody waits there.
            Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {}
            locked => locked?,
        }
        Ok(file)
    };
    open().map_err(|error| {
        anyhow::anyhow!(
            "the data folder {} may not be written to ({}); check its permissions or give another with {}",
            data_dir.display(),
            error.kind(),
            Field::DataDir
        )
    })
}

fn hash_of(program: &Program, profile: &Profile) -> String {
    // The date of a synthetic program is not a fact that papers are made from: a new day makes no new paper.
    let program = Program { as_of: None, ..program.clone() };
    let bytes = serde_json::to_vec(&(program, profile)).expect("settings are plain data");
    hex::encode(Sha256::digest(bytes))
}

fn channels(config: &Config, batch: &str, return_key: [u8; 32], clock: &Arc<dyn Clock>) -> anyhow::Result<Channels> {
    let mut channels = Channels::new();
    for (kind, settings) in config.channels.iter() {
        let channel: Arc<dyn Channel> = match settings {
            ChannelSettings::Folder { path } => {
                let folder = config.outgoing(path.as_deref(), "mail");
                Arc::new(
                    FolderChannel::open(folder.clone())
                        .with_context(|| format!("the mail folder {} cannot be made", folder.display()))?,
                )
            }
            ChannelSettings::Print { path, both_sides, .. } => {
                let folder = config.outgoing(path.as_deref(), "print");
                Arc::new(
                    PrintChannel::open(folder.clone(), batch.to_owned(), *both_sides)
                        .with_context(|| format!("the print folder {} cannot be made", folder.display()))?,
                )
            }
            ChannelSettings::Ipp(printer) => Arc::new(IppChannel::open(printer.clone())?),
            ChannelSettings::Sftp(sftp) => Arc::new(SftpChannel::open(sftp.clone())?),
            ChannelSettings::FaxGateway(gateway) => {
                Arc::new(GatewayChannel::open(gateway.as_ref().clone(), return_key)?)
            }
            ChannelSettings::Hylafax(server) => {
                let folder = config.outgoing(None, "fax");
                Arc::new(
                    HylafaxChannel::open(server.clone(), folder.clone())
                        .with_context(|| format!("the fax folder {} cannot be made", folder.display()))?,
                )
            }
            ChannelSettings::Smtp(smtp) => {
                let channel = SmtpChannel::open(smtp.as_ref().clone(), Arc::clone(clock))?;
                Arc::new(channel.with_return_path(return_key))
            }
        };
        channels.insert(kind, channel);
    }
    Ok(channels)
}

/// By the same kind of channel as the program's e-mail; nobody where no address or no such channel is set.
fn operator(config: &Config, program: &Program, words: Words) -> anyhow::Result<Option<Operator>> {
    let (Some(to), Some(channel)) = (&config.operator_email, &config.channels.email) else { return Ok(None) };
    let mail = match channel {
        ChannelSettings::Smtp(smtp) => {
            OperatorMail::Relay(Box::new(crate::dispatch::email::smtp::Relay::new(smtp.as_ref().clone())?))
        }
        ChannelSettings::Folder { path } => OperatorMail::Folder(config.outgoing(path.as_deref(), "operator")),
        // The settings' check lets no other kind carry e-mail.
        _ => return Ok(None),
    };
    Ok(Some(Operator {
        to: to.parse().context("operator_email is no e-mail address")?,
        from: program.email.parse().context("program.toml: email is no e-mail address")?,
        mail,
        words,
    }))
}
