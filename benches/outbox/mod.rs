//! An installation whose outbox holds any number of messages that are rendered already. All of them are the same
//! paper of a made-up child to the same parent, asked for by hand once for each: one rendering serves them all.

use std::{path::PathBuf, process::Command, sync::Arc};

use earlypost::{
    actor::Actor,
    app::{Overrides, assemble},
    clock::{Clock, SystemClock, day_in},
    config::load,
    dispatch::{DispatchState, Envelope, StateName},
    due::ObligationKind,
    pipeline::{Pipeline, Silent},
    simulate::{Plan, write_caseload},
    store::NewDispatch,
};
use tokio::runtime::Runtime;

/// The installation, in a folder of its own.
pub struct Outbox {
    folder: tempfile::TempDir,
    /// Where it works.
    pub runtime: Runtime,
    /// The same installation, opened in this process.
    pub pipeline: Arc<Pipeline>,
    /// The dispatches.
    pub ids: Vec<String>,
}

impl Outbox {
    /// So many messages for a relay on this port, and further lines of settings.
    pub fn fill(messages: usize, port: u16, settings: &str) -> Self {
        Self::fill_on(None, messages, port, settings)
    }

    /// The same on another database than a file of its own.
    pub fn fill_on(store: Option<&str>, messages: usize, port: u16, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("program");
        // The program's own day: after midnight in Greenwich it is still the evening before.
        let day = day_in(chrono_tz::America::New_York, SystemClock.now());
        write_caseload(&Plan { children: 4, seed: 1, day, synthetic: false }, &out).unwrap();
        let store = store.map(|url| format!("store = \"{url}\"\n")).unwrap_or_default();
        let relay = format!(
            "{store}caseload = \"caseload\"\ndata_dir = \"data\"\n[channels.email]\nkind = \"smtp\"\nhost = \"localhost\"\nport = {port}\n\
             security = \"plaintext\"\nhello_name = \"ei.example\"\nenforces_tls_onward = true\nconnections = 4\n{settings}"
        );
        std::fs::write(out.join("earlypost.toml"), relay).unwrap();
        let runtime = Runtime::new().unwrap();
        let (pipeline, ids) = runtime.block_on(async {
            let config = load(&out.join("earlypost.toml"), None, &|_| None, SystemClock.now()).unwrap();
            let program = Some(env!("CARGO_BIN_EXE_earlypost").into());
            let overrides = Overrides { render_program: program, ..Overrides::default() };
            let app = assemble(&config, &overrides).await.unwrap();
            let ids = fill(&app.pipeline, &app.caseload, messages).await;
            (app.pipeline, ids)
        });
        Self { folder, runtime, pipeline, ids }
    }

    /// The program on this installation.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_earlypost"));
        command.arg("--config").arg(self.settings()).args(arguments);
        command
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("program/earlypost.toml")
    }

    /// How many of the messages are in each state.
    pub fn states(&self) -> Vec<(StateName, usize)> {
        let counts = self.runtime.block_on(self.pipeline.store.monitoring().state_counts()).unwrap();
        counts.iter().map(|c| (StateName::from_word(&c.state).unwrap(), usize::try_from(c.count).unwrap())).collect()
    }

    /// How many are in one of these states.
    pub fn count(&self, states: &[StateName]) -> usize {
        self.states().iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum()
    }
}

async fn fill(pipeline: &Arc<Pipeline>, caseload: &std::path::Path, messages: usize) -> Vec<String> {
    pipeline.intake().import(caseload, &Silent, &Actor::service("a measurement")).await.unwrap();
    pipeline.preparation().prepare_all("", &Silent).await.unwrap();
    let mut model = None;
    for child in pipeline.store.children().child_ids_after("", 10).await.unwrap() {
        for row in pipeline.store.outbox().dispatches_of(&child).await.unwrap() {
            if row.state == StateName::Queued {
                if row.channel.as_deref() == Some("smtp") && row.envelope.recipient.to_string().starts_with("family:") {
                    model.get_or_insert_with(|| row.clone());
                }
                pipeline
                    .dispatch_operations()
                    .cancel(&row.dispatch_id, &Actor::service("a measurement"))
                    .await
                    .unwrap();
            }
        }
    }
    let model = model.expect("one of four made-up families is reached by e-mail");
    let mut ids = Vec::with_capacity(messages);
    for n in 0..messages {
        let envelope =
            Envelope { obligation: ObligationKind::OnRequest, anchor: format!("copy-{n}"), ..model.envelope.clone() };
        let new = NewDispatch {
            envelope: &envelope,
            state: DispatchState::Queued,
            packet: model.packet.as_ref(),
            channel: Some("smtp"),
            due_on: model.due_on,
            run_id: "",
            not_before: None,
        };
        ids.push(
            pipeline
                .store
                .outbox()
                .enqueue(&new, pipeline.now())
                .await
                .unwrap()
                .expect("each copy is a paper of its own"),
        );
    }
    ids
}
