//! A whole installation in a temporary folder: a real store, real rendering processes, a clock that stands
//! still, and channels that do as they are told.

mod channel;
mod database;

use std::{
    collections::BTreeSet,
    ops::Deref,
    path::{Path, PathBuf},
    sync::Arc,
};

use earlypost::{
    actor::{Actor, Face, Role},
    case::{CaseRecord, ChildId, Directory, EndpointKind, Fact, PersonId, import::read_program},
    clock::ManualClock,
    dispatch::{Channel, DeliverySettings, StateName},
    document::{
        TemplateSet,
        typst::worker::{RenderSettings, Renderer},
    },
    due::Profile,
    pipeline::{AllOut, Channels, ImportReport, Mailed, Mailing, Pipeline, RunReport, Silent, Stop},
    store::{DispatchRow, LeaseClock, ProgramKey, Store, StoreSettings},
    telemetry::Measures,
};
use tokio::runtime::Runtime;

use crate::outbox::Outbox;

pub use channel::{Does, RecordingChannel};
pub use database::{Database, as_owner, cluster, on_postgres, passes, postgres_is_here, skipped};

/// An installation for one test. Dropping it fails the test when a dispatch is left in a state that is
/// neither settled nor expected.
pub struct World {
    pub runtime: Runtime,
    pub pipeline: Arc<Pipeline>,
    pub clock: Arc<ManualClock>,
    pub mail: Arc<RecordingChannel>,
    pub post: Arc<RecordingChannel>,
    pub folder: tempfile::TempDir,
    pub database: Database,
    left_open: BTreeSet<StateName>,
}

/// A person of the directory with these roles.
pub fn somebody(id: &str, roles: &[Role]) -> Actor {
    Actor::person(PersonId::parse(id).unwrap(), id, roles.iter().copied(), Face::CommandLine)
}

/// Somebody of this name who may do everything.
pub fn by(name: &str) -> &'static Actor {
    let id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    // A future that takes it outlives the expression that made it.
    Box::leak(Box::new(Actor::person(PersonId::parse(id).unwrap(), name, Role::ALL, Face::CommandLine)))
}

/// The child of the day that the samples describe.
pub const MAYA: &str = "c-0417";

pub fn child(id: &str) -> ChildId {
    ChildId::parse(id).unwrap()
}

impl World {
    /// An installation whose caseload holds these children of the samples.
    pub fn with(children: &[&str]) -> Self {
        Self::with_delivery(children, DeliverySettings { lease_seconds: 60, ..DeliverySettings::default() })
    }

    pub fn with_delivery(children: &[&str], delivery: DeliverySettings) -> Self {
        Self::assembled(children, delivery, Database::for_test)
    }

    /// An installation on a file, whatever the suite runs on.
    pub fn on_sqlite(children: &[&str], delivery: DeliverySettings) -> Self {
        Self::assembled(children, delivery, Database::file)
    }

    /// An installation on PostgreSQL, whatever the suite runs on.
    pub fn on_postgres(children: &[&str]) -> Self {
        let delivery = DeliverySettings { lease_seconds: 60, ..DeliverySettings::default() };
        Self::assembled(children, delivery, |_| Database::postgres())
    }

    fn assembled(children: &[&str], delivery: DeliverySettings, database: impl FnOnce(&Path) -> Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let caseload = folder.path().join("caseload");
        std::fs::create_dir_all(caseload.join("children")).unwrap();
        for file in ["program.toml", "directory.json"] {
            std::fs::copy(format!("samples/caseload/{file}"), caseload.join(file)).unwrap();
        }
        for id in children {
            std::fs::copy(format!("samples/caseload/children/{id}.json"), caseload.join(format!("children/{id}.json")))
                .unwrap();
        }
        let runtime = Runtime::new().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-20T17:00:00Z".parse().unwrap()));
        let (mail, post) = (RecordingChannel::mail(), RecordingChannel::post());
        let database = database(&folder.path().join("data"));
        let assembled = assemble(folder.path().to_owned(), database.url(), &clock, &mail, &post, delivery, "worker-1");
        let pipeline = runtime.block_on(assembled);
        Self { runtime, pipeline, clock, mail, post, folder, database, left_open: BTreeSet::new() }
    }

    /// Another machine on the same database, with the same ways out.
    pub fn another_machine(&self, worker: &str) -> Arc<Pipeline> {
        let (folder, url) = (self.folder.path().to_owned(), self.database.url());
        let delivery = self.pipeline.delivery.clone();
        self.runtime.block_on(assemble(folder, url, &self.clock, &self.mail, &self.post, delivery, worker))
    }

    /// The same machine, as whoever destroys records comes to the database.
    pub fn as_keeper(&self) -> Arc<Pipeline> {
        let (folder, url) = (self.folder.path().to_owned(), self.database.keeper_url());
        let delivery = self.pipeline.delivery.clone();
        self.runtime.block_on(assemble(folder, url, &self.clock, &self.mail, &self.post, delivery, "worker-1"))
    }

    /// The test ends with dispatches in this state on purpose.
    pub fn leaves_open(&mut self, state: StateName) {
        self.left_open.insert(state);
    }

    /// Another channel for a kind of endpoint, before anything was sent.
    pub fn replace_channel(&mut self, kind: EndpointKind, channel: Arc<dyn Channel>) {
        Arc::get_mut(&mut self.pipeline).expect("nobody else holds the pipeline yet").channels.insert(kind, channel);
    }

    pub fn caseload(&self) -> PathBuf {
        self.folder.path().join("caseload")
    }

    pub fn import(&self) -> ImportReport {
        self.runtime.block_on(self.pipeline.intake().import(&self.caseload(), &Silent, by("the tester"))).unwrap()
    }

    pub fn prepare(&self) {
        self.runtime.block_on(self.pipeline.preparation().prepare_all("run", &Silent)).unwrap();
    }

    pub fn deliver(&self) -> u64 {
        self.runtime
            .block_on(self.pipeline.delivery().deliver_all(&Silent, &Stop::default(), by("the tester")))
            .unwrap()
            .attempts
    }

    pub fn recover(&self) -> usize {
        self.runtime.block_on(self.pipeline.delivery().recover()).unwrap()
    }

    pub fn run(&self) -> RunReport {
        self.runtime
            .block_on(self.pipeline.operations().run(
                Some(&self.caseload()),
                &Silent,
                &Stop::default(),
                by("the tester"),
            ))
            .unwrap()
    }

    pub fn record(&self, id: &str, fact: &Fact) {
        let now = self.pipeline.now();
        self.runtime.block_on(self.pipeline.store.children().record_fact(&child(id), fact, "a test", now)).unwrap();
    }

    /// Changes the directory of the caseload.
    pub fn edit_directory(&self, change: impl FnOnce(&mut Directory)) {
        let path = self.caseload().join("directory.json");
        let mut directory: Directory = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut directory);
        std::fs::write(path, serde_json::to_vec(&directory).unwrap()).unwrap();
    }

    /// Changes a child's record in the caseload.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut CaseRecord)) {
        let path = self.caseload().join(format!("children/{id}.json"));
        let mut record: CaseRecord = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut record);
        std::fs::write(path, serde_json::to_vec(&record).unwrap()).unwrap();
    }

    pub fn rows(&self, id: &str) -> Vec<DispatchRow> {
        self.runtime.block_on(self.pipeline.store.outbox().dispatches_of(&child(id))).unwrap()
    }

    /// The one envelope of a child to a recipient, by the recipient's written form.
    pub fn row(&self, id: &str, recipient: &str) -> DispatchRow {
        let mut rows: Vec<_> = self
            .rows(id)
            .into_iter()
            .filter(|r| {
                r.envelope.recipient.to_string() == recipient && r.envelope.obligation.as_str().starts_with("plan-")
            })
            .collect();
        assert_eq!(rows.len(), 1, "one plan envelope to {recipient}");
        rows.remove(0)
    }

    pub fn disclosures(&self, id: &str) -> Vec<earlypost::ledger::Entry> {
        let rows = self.runtime.block_on(self.pipeline.store.ledger().ledger_of(&child(id))).unwrap();
        rows.into_iter().map(|r| r.entry).filter(|e| e.event == earlypost::ledger::Event::Disclosure).collect()
    }

    /// A clerk says that a letter is in the mail, just now.
    pub fn marks_mailed(&self, dispatch_id: &str) -> anyhow::Result<Mailed> {
        self.says_mailed(dispatch_id, Mailing::default())
    }

    /// A clerk says this of a letter.
    pub fn says_mailed(&self, dispatch_id: &str, mailing: Mailing) -> anyhow::Result<Mailed> {
        self.runtime.block_on(self.pipeline.print_room().mark_mailed(dispatch_id, mailing, by("a clerk")))
    }

    /// A clerk puts a printed letter into the mail: nothing speaks against it, it counts once, and nothing goes again.
    pub fn mails(&self, row: &DispatchRow) {
        let against = self.runtime.block_on(self.pipeline.print_room().review_printed()).unwrap();
        assert_eq!(against, 0, "nothing speaks against it");
        let before = self.disclosures(row.envelope.child_id.as_str());
        self.marks_mailed(&row.dispatch_id).unwrap();
        let after = self.disclosures(row.envelope.child_id.as_str());
        assert_eq!(after.len(), before.len() + 1);
        assert_eq!(after.last().unwrap().endpoint, row.packet.as_ref().map(|packet| packet.endpoint_id.clone()));
        let (printed, sent) = (self.post.given().len(), self.mail.given().len());
        self.run();
        let now = self.runtime.block_on(self.pipeline.store.outbox().dispatch(&row.dispatch_id)).unwrap();
        assert_eq!(now.state, StateName::Confirmed);
        assert_eq!((self.post.given().len(), self.mail.given().len()), (printed, sent), "nothing goes again");
    }

    pub fn verify(&self) {
        self.runtime.block_on(self.pipeline.store.verification().verify_ledger(true)).unwrap().unwrap();
    }
}

/// An outbox full of messages, on a database that goes with it.
pub struct Filled {
    outbox: Outbox,
    pub database: Database,
}

impl Filled {
    /// On the database that this run of the suite is for.
    pub fn with(messages: usize, port: u16, settings: &str) -> Self {
        Self::on(Database::for_test(Path::new("")), messages, port, settings)
    }

    /// On PostgreSQL, whatever the suite runs on.
    pub fn on_postgres(messages: usize, port: u16, settings: &str) -> Self {
        Self::on(Database::postgres(), messages, port, settings)
    }

    fn on(database: Database, messages: usize, port: u16, settings: &str) -> Self {
        let outbox = match database.on_a_server() {
            Some(url) => Outbox::fill_on(Some(url), messages, port, settings),
            // In a folder of its own.
            None => Outbox::fill(messages, port, settings),
        };
        Self { outbox, database }
    }
}

impl Deref for Filled {
    type Target = Outbox;

    fn deref(&self) -> &Outbox {
        &self.outbox
    }
}

async fn assemble(
    folder: PathBuf,
    url: &str,
    clock: &Arc<ManualClock>,
    mail: &Arc<RecordingChannel>,
    post: &Arc<RecordingChannel>,
    delivery: DeliverySettings,
    worker: &str,
) -> Arc<Pipeline> {
    let data = folder.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let program = read_program(&folder.join("caseload")).unwrap();
    let store = Store::open(StoreSettings {
        url: url.to_owned(),
        bodies: data.join("papers").into(),
        key: ProgramKey::parse(&"07".repeat(32)).unwrap(),
        connections: 8,
    })
    .await
    .unwrap()
    .with_lease_clock(LeaseClock::Caller);
    let mut channels = Channels::new();
    channels.insert(EndpointKind::Email, Arc::clone(mail) as Arc<dyn Channel>);
    channels.insert(EndpointKind::Postal, Arc::clone(post) as Arc<dyn Channel>);
    let pipeline = Arc::new(Pipeline {
        store,
        renderer: Renderer::new(
            env!("CARGO_BIN_EXE_earlypost").into(),
            RenderSettings { workers: 2, ..RenderSettings::default() },
        ),
        templates: TemplateSet::built_in().into(),
        channels,
        clock: Arc::clone(clock) as Arc<dyn earlypost::clock::Clock>,
        profile: Profile::named(&program.state_profile).unwrap(),
        as_of: program.as_of.map(|d| *d),
        program,
        release: earlypost::pipeline::ReleasePolicy::default(),
        delivery,
        trial: earlypost::pipeline::Trial::default(),
        worker: worker.to_owned(),
        mark: data.join("ledger.mark"),
        program_hash: "program".to_owned(),
        out: AllOut::default(),
        measures: Measures::default(),
    });
    pipeline.renew_mark().await.unwrap();
    pipeline
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let counts = self.runtime.block_on(self.pipeline.store.monitoring().state_counts()).unwrap();
        for count in counts {
            let state = StateName::from_word(&count.state).unwrap();
            let unsettled = matches!(state, StateName::Queued | StateName::Sending | StateName::Unknown);
            assert!(!unsettled || self.left_open.contains(&state), "{} dispatches are left {state}", count.count);
        }
    }
}
