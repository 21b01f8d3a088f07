//! Trial mode at work: what it lets go, the checklist that ends it, and what is owed again when it ends.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::Pipeline;
use crate::{
    actor::{Actor, Permission},
    disclosure::{Authorization, Reason, Refusal},
    dispatch::{DispatchState, Envelope, StateName, TrialSettings},
    hint::Field,
    store::NewDispatch,
};

/// The note that the checklist was done.
const FINISHED: &str = "trial-finished";

/// The note that this installation was on trial: only its checklist ends that, not a line taken out of the settings.
const BEGUN: &str = "trial-begun";

/// The trial of an installation, as last looked at.
#[derive(Debug)]
pub struct Trial {
    /// Whether the settings have a trial.
    configured: bool,
    /// Without a trial in the settings nobody may have anything while it is on.
    settings: TrialSettings,
    on: AtomicBool,
}

impl Default for Trial {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Trial {
    /// A trial by these settings; on until it is looked at.
    #[must_use]
    pub fn new(settings: Option<TrialSettings>) -> Self {
        let configured = settings.is_some();
        let nobody = || TrialSettings { addresses: Vec::new(), cap: 0 };
        Self { configured, settings: settings.unwrap_or_else(nobody), on: AtomicBool::new(configured) }
    }

    /// The settings, while it is on.
    #[must_use]
    pub fn on(&self) -> Option<&TrialSettings> {
        self.on.load(Ordering::SeqCst).then_some(&self.settings)
    }
}

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckLine {
    /// What has to be so.
    pub what: String,
    /// Whether it is.
    pub done: bool,
}

/// What a person says before a trial ends; the program cannot know it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vouched {
    /// Somebody has read the papers that arrived, page by page.
    pub papers_read: bool,
    /// A copy of the program's key lies in a safe place.
    pub key_copied: bool,
}

/// How a trial stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrialStanding {
    /// Whether it is on.
    pub on: bool,
    /// How many test addresses there are.
    pub addresses: usize,
    /// Most messages a day.
    pub cap: i64,
    /// When and by whom it was ended.
    pub finished: Option<String>,
    /// What ends it.
    pub checklist: Vec<CheckLine>,
}

impl Pipeline {
    /// How a trial stands, and its end.
    #[must_use]
    pub fn trial_end(&self) -> TrialEnd<'_> {
        TrialEnd { pipeline: self }
    }

    /// Looks whether the trial is still on: another process may have ended it.
    pub async fn look_at_trial(&self) -> anyhow::Result<()> {
        let note = |name| self.store.service().note_of_installation(name);
        let mut on = !self.program.synthetic && note(FINISHED).await?.is_none();
        if on {
            let begun = note(BEGUN).await?.is_some();
            if self.trial.configured && !begun {
                self.store.service().keep_note(BEGUN, Some(&crate::clock::instant_text(self.now()))).await?;
            }
            on = self.trial.configured || begun;
        }
        self.trial.on.store(on, Ordering::SeqCst);
        Ok(())
    }

    /// Why something does not go while the trial is on.
    pub(super) fn trial_refusal(&self, authorization: &Authorization) -> Option<Refusal> {
        let trial = self.trial.on()?;
        (!trial.allows(authorization.address())).then(|| Refusal::of(Reason::Trial))
    }
}

/// How a trial stands, and its end.
pub struct TrialEnd<'a> {
    pipeline: &'a Pipeline,
}

impl TrialEnd<'_> {
    /// How the trial stands, and what is left to do.
    pub async fn standing(&self, vouched: Vouched) -> anyhow::Result<TrialStanding> {
        self.pipeline.look_at_trial().await?;
        let counts = self.pipeline.store.monitoring().state_counts().await?;
        let went = ["accepted", "confirmed"];
        let line = |what: &str, done| CheckLine { what: what.to_owned(), done };
        let checklist = vec![
            line(
                "a test address has taken a message",
                counts.iter().any(|c| c.count > 0 && went.contains(&c.state.as_str())),
            ),
            line(
                "the record of access is clean",
                self.pipeline.store.verification().verify_ledger(false).await?.is_ok(),
            ),
            line("no channel is paused", self.pipeline.store.service().paused_channels().await?.is_empty()),
            line(&format!("somebody has read the papers that arrived ({})", Field::PapersRead), vouched.papers_read),
            line(
                &format!("a copy of the program's key lies in a safe place ({})", Field::KeyCopied),
                vouched.key_copied,
            ),
        ];
        Ok(TrialStanding {
            on: self.pipeline.trial.on().is_some(),
            addresses: self.pipeline.trial.settings.addresses.len(),
            cap: self.pipeline.trial.settings.cap,
            finished: self.pipeline.store.service().note_of_installation(FINISHED).await?,
            checklist,
        })
    }

    /// Ends the trial. Papers that went out marked are owed again, without the mark. Gives how many.
    ///
    /// # Errors
    /// When it is not on, something of the checklist is not done, or the database refuses.
    pub async fn finish(&self, vouched: Vouched, by: &Actor) -> anyhow::Result<usize> {
        self.pipeline.authority().allow_for_all(by, Permission::FinishTrial)?;
        let standing = self.standing(vouched).await?;
        anyhow::ensure!(standing.on, "this installation is not in trial mode");
        let missing: Vec<&str> = standing.checklist.iter().filter(|l| !l.done).map(|l| l.what.as_str()).collect();
        anyhow::ensure!(missing.is_empty(), "the trial goes on; what is missing: {}", missing.join("; "));
        let owed = self.owe_again_after_trial().await?;
        let now = crate::clock::instant_text(self.pipeline.now());
        self.pipeline.store.service().keep_note(FINISHED, Some(&format!("{now} by {}", by.recorded()))).await?;
        self.pipeline.look_at_trial().await?;
        Ok(owed)
    }

    /// A newer edition of everything that went out marked; the next run makes its papers.
    async fn owe_again_after_trial(&self) -> anyhow::Result<usize> {
        let (mut after, mut owed) = (String::new(), 0);
        loop {
            let page = self.pipeline.store.children().child_ids_after(&after, 200).await?;
            let Some(last) = page.last() else { break };
            after = last.to_string();
            for child in &page {
                for row in self.pipeline.store.outbox().dispatches_of(child).await? {
                    let marked = row.packet.as_ref().is_some_and(|packet| packet.trial);
                    let left = matches!(row.state, StateName::Accepted | StateName::Confirmed | StateName::Unknown);
                    if !(marked && left) {
                        continue;
                    }
                    let envelope = Envelope { edition: row.envelope.edition + 1, ..row.envelope.clone() };
                    let new = NewDispatch {
                        envelope: &envelope,
                        state: DispatchState::Queued,
                        packet: None,
                        channel: None,
                        due_on: row.due_on,
                        run_id: "",
                        not_before: None,
                    };
                    // One that is there already was made when an earlier end of the trial was cut short.
                    owed +=
                        usize::from(self.pipeline.store.outbox().enqueue(&new, self.pipeline.now()).await?.is_some());
                }
            }
        }
        Ok(owed)
    }
}
